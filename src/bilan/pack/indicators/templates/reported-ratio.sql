/*
template: reported-ratio
title: 两项填报数据之比 · Ratio of two reported figures
about: 同一地区、同一时段两项填报数据之比，乘以倍数 · Ratio of two reported figures of one place and period, times a factor
parameters:
  part: {title: "分子，填报数据的名称 · Numerator, the name of the reported figure"}
  whole: {title: "分母，填报数据的名称 · Denominator, the name of the reported figure"}
  times: {value: 100.0, title: "倍数：百分比取 100 · Factor: 100 for a percentage"}
common:
  unit: "%"
  decimals: 1
  direction: up
  period: year
  by: [city, district]
  missing: none
  version: "2021"
  source: reported
  confidence: unverified
  serves: [Q020]
  odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ($part, $whole) and day between $begin and $end
*/
select
    t.district,
    t.period,
    $times * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = $whole and b.district = t.district and b.period = t.period
where t.series = $part and t.day between $begin and $end
