/*
template: intensity-cut
title: 单位产出强度较基年的降幅 · Cut of an intensity since the base year
about: 两项填报数据之比较五年规划基年的累计降幅 · Cumulative cut of the ratio of two reported figures since the base year of the five-year plan
parameters:
  total: {title: "总量，填报数据的名称 · Total, the name of the reported figure"}
  output: {title: "产出，填报数据的名称 · Output that it is counted per, the name of the reported figure"}
  cycle: {value: 5, unit: "a", title: "规划周期，基年为周期前一年 · Cycle of plans; the base is the year before it"}
common:
  unit: "%"
  decimals: 1
  direction: up
  period: year
  by: [city, district]
  missing: none
  version: "2016"
  source: reported
  confidence: unverified
  field: climate
  serves: [Q020]
  odds: {kind: reported}
behind: |
  select p.district, p.period, f.series, f.year, f.value, f.organisation
  from periods p
  join figures f
      on f.district = p.district
      and f.series in ($total, $output)
      and f.year in (year(p.first_day), $cycle * ((year(p.first_day) - 1) // $cycle))
*/
with intensity as (
    select t.district, t.period, t.year, t.value / nullif(g.value, 0) as value
    from figures t
    join figures g on g.series = $output and g.district = t.district and g.period = t.period
    where t.series = $total
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
