/*
template: water-class-share
title: 某类别断面比例 · Share of sections between two classes
about: 断面按时段均值评价，类别在两个类别之间（含）的断面占评价断面的比例 · Share of the sections whose class by the means of the period lies between two classes, both included
parameters:
  controls: {value: [any], title: "断面控制级别，any 为不限 · Levels of control; any for all sections"}
  best: {value: 1, title: "最好的类别，1 为Ⅰ类 · Best class, 1 for class I"}
  worst: {value: 3, title: "最差的类别，6 为劣Ⅴ类 · Worst class, 6 for worse than V"}
common:
  unit: "%"
  decimals: 1
  direction: up
  period: year
  also: [quarter, month]
  by: [city, district]
  missing: {least: 0.75}
  version: "2011"
  source: computed
  standard: GB 3838-2002 表1; 环办[2011]22号（年度评价用各月均值，均值按 GB 3838 修约）
  confidence: verified_1
  field: water
*/
with expected as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water' and (array_contains($controls, 'any') or array_contains($controls, s.control))
    group by all
)
select
    p.district,
    p.period,
    100.0 * count(*) filter (where w.grade between $best and $worst) / nullif(count(w.grade), 0) as value,
    sum(w.months) as rows,
    max(e.sections * p.months_elapsed) as due
from water_periods w
join areas a on a.district = w.district
join periods p on p.district = a.area and p.period = w.period
join expected e on e.district = p.district
where w.network = 'surface_water' and (array_contains($controls, 'any') or array_contains($controls, w.control))
group by all
