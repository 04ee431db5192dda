/*
indicator: groundwater-v-share
title: 地下水质量Ⅴ类水比例 · Share of groundwater points of class V
about: 监测井按时段均值评价，有任一已测项目劣于Ⅳ类限值的井占评价井的比例（按已测项目：pH、耗氧量、氨氮、硝酸盐） · Share of the wells of which any item measured exceeds the limit of class IV by its mean over the period (pH, oxygen consumption, ammonia nitrogen, nitrate)
unit: "%"
decimals: 1
direction: down
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.5}
version: "2017"
source: computed
parameters:
  ph_low: {value: 5.5, unit: "", title: "Ⅳ类 pH 下限 · Least pH of class IV"}
  ph_high: {value: 9.0, unit: "", title: "Ⅳ类 pH 上限 · Greatest pH of class IV"}
  codmn: {value: 10, unit: "mg/L", title: "Ⅳ类耗氧量限值 · Limit of class IV, oxygen consumption"}
  nh3n: {value: 1.5, unit: "mg/L", title: "Ⅳ类氨氮限值 · Limit of class IV, ammonia nitrogen"}
  no3n: {value: 30, unit: "mg/L", title: "Ⅳ类硝酸盐（以氮计）限值 · Limit of class IV, nitrate as nitrogen"}
standard: GB/T 14848-2017 6.2、6.3、表1
confidence: verified_1
field: groundwater
serves: [Q020]
plan: quanzhou/2.20
aliases: [地下水质量（区域点位）Ⅴ类水比例, 地下水质量Ⅴ类水比例, 地下水Ⅴ类水比例, 地下水Ⅴ类比例]
odds: {kind: share_of_classes, table: groundwater_days, best: 4, worse: true}
*/
with means as (
    select
        a.area as district,
        period_of(g.day) as period,
        g.point,
        round_even(avg(g.ph), 2) as ph,
        round_even(avg(g.codmn), 2) as codmn,
        round_even(avg(g.nh3n), 2) as nh3n,
        round_even(avg(g.no3n), 2) as no3n,
        count(*) as days
    from groundwater_days g join areas a on a.district = g.district
    where g.day between $begin and $end
    group by all
),
expected as (
    select a.area as district, count(*) as wells
    from points n join areas a on a.district = n.district
    where n.network = 'groundwater'
    group by all
)
select
    m.district,
    m.period,
    100.0 * count(*) filter (
        where not coalesce(m.ph between $ph_low and $ph_high, true)
        or coalesce(m.codmn > $codmn, false)
        or coalesce(m.nh3n > $nh3n, false)
        or coalesce(m.no3n > $no3n, false)
    ) / count(*) as value,
    sum(m.days) as rows,
    max(e.wells * p.elapsed) as due
from means m
join expected e on e.district = m.district
join periods p on p.district = m.district and p.period = m.period
group by all
