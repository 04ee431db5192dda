/*
template: emission-cut
title: 排放总量较基年的降幅 · Cut of emissions since the base year
about: 某项排放总量较五年规划基年的累计降幅，总量由部门填报 · Cumulative cut of one total of emissions since the base year of the five-year plan, the totals reported
parameters:
  series: {title: "排放总量，填报数据的名称 · Total of emissions, the name of the reported figure"}
  cycle: {value: 5, unit: "a", title: "规划周期，基年为周期前一年 · Cycle of plans; the base is the year before it"}
common:
  unit: "%"
  decimals: 2
  direction: up
  period: year
  by: [city, district]
  missing: none
  version: "2016"
  source: reported
  standard: 规划表1（较基年下降百分比）
  confidence: unverified
  field: governance
  serves: [Q020]
  odds: {kind: reported}
behind: |
  select p.district, p.period, f.series, f.year, f.value, f.organisation
  from periods p
  join figures f
      on f.district = p.district
      and f.series = $series
      and f.year in (year(p.first_day), $cycle * ((year(p.first_day) - 1) // $cycle))
*/
select
    n.district,
    n.period,
    100.0 * (1 - n.value / nullif(b.value, 0)) as value,
    2 as rows,
    2 as due
from figures n
join figures b on b.series = n.series and b.district = n.district and b.year = n.year - 1 - (n.year - 1) % $cycle
where n.series = $series and n.day between $begin and $end
