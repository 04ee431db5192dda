/*
indicator: water-provincial-share
title: 省控及以上断面达到或优于Ⅲ类比例 · Share of sections under provincial or national control of class III or better
about: 省控以上断面按时段均值评价，各已测项目都不劣于Ⅲ类的比例 · Share of the sections under provincial or national control whose means over the period are no worse than class III in every item measured
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2011"
source: computed
parameters:
  ph_low: {value: 6, unit: "", title: "pH 下限 · Least pH"}
  ph_high: {value: 9, unit: "", title: "pH 上限 · Greatest pH"}
  oxygen: {value: 5, unit: "mg/L", title: "溶解氧下限 · Least dissolved oxygen"}
  codmn: {value: 6, unit: "mg/L", title: "高锰酸盐指数上限 · Greatest permanganate index"}
  nh3n: {value: 1.0, unit: "mg/L", title: "氨氮上限 · Greatest ammonia nitrogen"}
  tp_river: {value: 0.2, unit: "mg/L", title: "总磷上限（河流） · Greatest total phosphorus, rivers"}
  tp_lake: {value: 0.05, unit: "mg/L", title: "总磷上限（湖库） · Greatest total phosphorus, lakes"}
standard: GB 3838-2002 表1; 环办[2011]22号（年度评价用各月均值，均值按 GB 3838 修约）
confidence: verified_1
field: water
serves: [X01]
plan: xiamen/goal
aliases: [省控以上断面地表水水质达到或优于Ⅲ类比例, 省控及以上断面优良比例, 国省控断面Ⅰ—Ⅲ类水质比例, 国省控断面水质优良比例]
odds: {kind: share_of_classes, table: water_months, best: 3}
*/
with means as (
    select
        a.area as district,
        period_of(w.day) as period,
        w.point,
        any_value(w.section_type) as section_type,
        avg(w.ph) as ph,
        round_even(avg(w.oxygen), 1) as oxygen,
        round_even(avg(w.codmn), 1) as codmn,
        round_even(avg(w.nh3n), 2) as nh3n,
        round_even(avg(w.tp), 3) as tp,
        count(*) as months
    from water_months w join areas a on a.district = w.district
    where w.day between $begin and $end and w.valid and w.network = 'surface_water'
        and w.control in ('national', 'provincial')
    group by all
),
judged as (
    select
        *,
        coalesce(ph between $ph_low and $ph_high, true)
        and coalesce(oxygen >= $oxygen, true)
        and coalesce(codmn <= $codmn, true)
        and coalesce(nh3n <= $nh3n, true)
        and coalesce(tp <= case when section_type = 'lake' then $tp_lake else $tp_river end, true) as kept
    from means
),
expected as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water'
        and s.control in ('national', 'provincial')
    group by all
)
select
    j.district,
    j.period,
    100.0 * count(*) filter (where j.kept) / count(*) as value,
    sum(j.months) as rows,
    max(e.sections * p.months_elapsed) as due
from judged j
join expected e on e.district = j.district
join periods p on p.district = j.district and p.period = j.period
group by all
