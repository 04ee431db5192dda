/*
indicator: heavy-metal-cut
title: 重点重金属排放量降低率 · Cut of key heavy metals
about: 重点重金属排放总量较五年规划基年（2015、2020、2025 年）的累计降幅，由部门填报；省下达指标按重点工程减排量核定的，以核定数为准 · Cumulative cut of the emissions of key heavy metals since the base year of the five-year plan (2015, 2020, 2025), reported; where the province counts the reductions of key works instead, its figure takes precedence
unit: "%"
decimals: 2
direction: up
period: year
by: [city]
missing: none
version: "2016"
source: reported
parameters:
  cycle: {value: 5, unit: "a", title: "规划周期，基年为周期前一年 · Cycle of plans; the base is the year before it"}
standard: 规划表1（较基年下降百分比）
confidence: unverified
field: governance
serves: [Q020]
plan: xiamen/goal
aliases: [重点重金属污染物排放量下降比例, 重点行业重点重金属污染物排放量, 重金属排放量下降]
odds: {kind: reported}
behind: |
  select p.district, p.period, f.series, f.year, f.value, f.organisation
  from periods p
  join figures f
      on f.district = p.district
      and f.series in ('heavy-metal-emissions')
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
where n.series = 'heavy-metal-emissions' and n.day between $begin and $end
