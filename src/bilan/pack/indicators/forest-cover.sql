/*
indicator: forest-cover
title: 森林覆盖率 · Forest cover
about: 森林面积占国土面积的比例，两数由部门填报 · Forest as a share of the land area, both reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 森林覆盖率通行口径（森林面积/国土面积）
confidence: unverified
field: ecology
serves: [Q020]
plan: quanzhou/1.18 quanzhou/2.12
aliases: [森林覆盖率]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('forest-area', 'land-area') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'land-area' and b.district = t.district and b.period = t.period
where t.series = 'forest-area' and t.day between $begin and $end
