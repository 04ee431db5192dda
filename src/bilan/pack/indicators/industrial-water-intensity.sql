/*
indicator: industrial-water-intensity
title: 单位工业增加值新鲜水耗 · Fresh water per industrial value added
about: 工业新鲜水用量与工业增加值之比，两数由部门填报 · Fresh water taken by industry per industrial value added, both reported
unit: "m³/万元"
decimals: 2
direction: down
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 规划表2（两数之比）
confidence: unverified
field: governance
serves: [Q020]
plan: quanzhou/2.25
aliases: [单位工业增加值新鲜水耗, 万元工业增加值新鲜水耗, 万元工业增加值用水量]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('industrial-fresh-water', 'industrial-value-added') and day between $begin and $end
*/
select
    t.district,
    t.period,
    t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'industrial-value-added' and b.district = t.district and b.period = t.period
where t.series = 'industrial-fresh-water' and t.day between $begin and $end
