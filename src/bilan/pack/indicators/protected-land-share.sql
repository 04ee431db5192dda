/*
indicator: protected-land-share
title: 陆域受保护地区占土地面积比重 · Protected share of the land
about: 陆域受保护地区面积占国土面积的比例，两数由部门填报 · Protected land as a share of the land area, both reported
unit: "%"
decimals: 2
direction: up
period: year
by: [city, district]
missing: none
version: "2016"
source: reported
standard: 规划表1（两数之比）
confidence: unverified
field: ecology
serves: [Q020]
plan: quanzhou/1.20
aliases: [陆域受保护地区占土地面积比重, 受保护地区占国土面积比例, 陆域受保护地区]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('protected-land', 'land-area') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'land-area' and b.district = t.district and b.period = t.period
where t.series = 'protected-land' and t.day between $begin and $end
