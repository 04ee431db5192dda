/*
indicator: energy-intensity-cut
title: 单位地区生产总值能耗降低率 · Cut of energy per unit of gross domestic product
about: 单位地区生产总值（可比价）能耗较五年规划基年（2015、2020、2025 年）的累计降幅，两数由部门填报；省级核算公布的，以公布数为准 · Cumulative cut of energy per unit of gross domestic product at constant prices since the base year of the five-year plan (2015, 2020, 2025), both reported; a figure published by the province takes precedence
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2016"
source: reported
parameters:
  cycle: {value: 5, unit: "a", title: "规划周期，基年为周期前一年 · Cycle of plans; the base is the year before it"}
standard: 单位GDP能耗降低率（1 − 报告年强度/基年强度）
confidence: unverified
field: climate
serves: [Q020]
plan: quanzhou/1.12 quanzhou/2.2
aliases: [单位GDP能耗降低率, 单位GDP能源消耗强度下降比例, 单位GDP能耗, 单位地区生产总值能耗降低率, 单位国内生产总值能耗下降比例, 能耗强度下降]
odds: {kind: reported}
behind: |
  select p.district, p.period, f.series, f.year, f.value, f.organisation
  from periods p
  join figures f
      on f.district = p.district
      and f.series in ('energy-consumption', 'gdp-constant')
      and f.year in (year(p.first_day), $cycle * ((year(p.first_day) - 1) // $cycle))
*/
with intensity as (
    select t.district, t.period, t.year, t.value / nullif(g.value, 0) as value
    from figures t
    join figures g on g.series = 'gdp-constant' and g.district = t.district and g.period = t.period
    where t.series = 'energy-consumption'
)
select
    n.district,
    n.period,
    100.0 * (1 - n.value / nullif(b.value, 0)) as value,
    4 as rows,
    4 as due
from intensity n
join intensity b on b.district = n.district and b.year = n.year - 1 - (n.year - 1) % $cycle
where n.year between year($begin) and year($end)
