/*
indicator: drinking-source-share
title: 县级及以上集中式饮用水水源水质达标率 · Share of central drinking-water sources that attain
about: 市级、县级集中式水源按月均值评价，各已在线监测项目都不劣于Ⅲ类的个数比例 · Share of the months of city-level and county-level sources whose means are no worse than class III in every item measured online
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2015"
source: computed
parameters:
  ph_low: {value: 6, unit: "", title: "pH 下限 · Least pH"}
  ph_high: {value: 9, unit: "", title: "pH 上限 · Greatest pH"}
  oxygen: {value: 5, unit: "mg/L", title: "溶解氧下限 · Least dissolved oxygen"}
  codmn: {value: 6, unit: "mg/L", title: "高锰酸盐指数上限 · Greatest permanganate index"}
  nh3n: {value: 1.0, unit: "mg/L", title: "氨氮上限 · Greatest ammonia nitrogen"}
  tp_river: {value: 0.2, unit: "mg/L", title: "总磷上限（河流） · Greatest total phosphorus, rivers"}
  tp_lake: {value: 0.05, unit: "mg/L", title: "总磷上限（湖库） · Greatest total phosphorus, lakes"}
standard: HJ 774-2015; GB 3838-2002 表1 Ⅲ类（按个数）
confidence: unverified
field: water
serves: [Q020, X01]
plan: quanzhou/1.1 xiamen/goal
aliases: [县级以上集中式饮用水水源地水质达标率, 县级及以上集中式饮用水水源水质达标率, 集中式饮用水水源水质达到或优于Ⅲ类比例, 集中式饮用水水源地水质达标率, 饮用水水源地Ⅲ类水质达标率, 饮用水水源水质达标率]
odds: {kind: share_of_classes, table: water_days, network: drinking, source_level: [city, county], best: 3}
behind: |
  select
      a.area as district, period_of(d.day) as period, d.point, d.name, date_trunc('month', d.day) as month, count(*) as days,
      round_even(avg(d.ph), 2) as ph, round_even(avg(d.oxygen), 1) as oxygen, round_even(avg(d.codmn), 1) as codmn,
      round_even(avg(d.nh3n), 2) as nh3n, round_even(avg(d.tp), 3) as tp
  from water_days d
  join water_sections s on s.point = d.point
  join areas a on a.district = d.district
  where d.day between $begin and $end and d.network = 'drinking' and s.source_level in ('city', 'county')
  group by a.area, period_of(d.day), d.point, d.name, date_trunc('month', d.day)
*/
with months as (
    select
        d.point,
        any_value(d.district) as district,
        any_value(d.section_type) as section_type,
        date_trunc('month', d.day) as day,
        round_even(avg(d.ph), 2) as ph,
        round_even(avg(d.oxygen), 1) as oxygen,
        round_even(avg(d.codmn), 1) as codmn,
        round_even(avg(d.nh3n), 2) as nh3n,
        round_even(avg(d.tp), 3) as tp
    from water_days d join water_sections s on s.point = d.point
    where d.day between $begin and $end and d.network = 'drinking' and s.source_level in ('city', 'county')
    group by d.point, date_trunc('month', d.day)
),
judged as (
    select
        district,
        period_of(day) as period,
        coalesce(ph between $ph_low and $ph_high, true)
        and coalesce(oxygen >= $oxygen, true)
        and coalesce(codmn <= $codmn, true)
        and coalesce(nh3n <= $nh3n, true)
        and coalesce(tp <= case when section_type = 'lake' then $tp_lake else $tp_river end, true) as attained
    from months
),
expected as (
    select a.area as district, count(*) as sources
    from water_sections s join areas a on a.district = s.district
    where s.network = 'drinking' and s.source_level in ('city', 'county')
    group by all
)
select
    p.district,
    p.period,
    100.0 * count(*) filter (where j.attained) / count(*) as value,
    count(*) as rows,
    max(e.sources * p.months_elapsed) as due
from judged j
join areas a on a.district = j.district
join periods p on p.district = a.area and p.period = j.period
join expected e on e.district = p.district
group by all
