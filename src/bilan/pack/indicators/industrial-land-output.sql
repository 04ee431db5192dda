/*
indicator: industrial-land-output
title: 单位工业用地工业增加值 · Industrial value added per industrial land
about: 工业增加值与工业用地面积之比，两数由部门填报 · Industrial value added per area of industrial land, both reported
unit: "亿元/km²"
decimals: 2
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 规划表2（两数之比）
confidence: unverified
field: governance
serves: [Q020]
plan: quanzhou/2.24
aliases: [单位工业用地面积工业增加值, 单位工业用地工业增加值]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('industrial-value-added', 'industrial-land') and day between $begin and $end
*/
select
    t.district,
    t.period,
    t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'industrial-land' and b.district = t.district and b.period = t.period
where t.series = 'industrial-value-added' and t.day between $begin and $end
