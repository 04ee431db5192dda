/*
indicator: park-green-share
title: 园区绿地率 · Green share of industrial parks
about: 园区绿地面积占园区用地面积的比例，两数由部门填报 · Green land as a share of the land of industrial parks, both reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 规划表2（绿地面积/园区用地面积）
confidence: unverified
field: governance
serves: [Q020]
plan: quanzhou/2.26
aliases: [园区绿地率]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('park-green-land', 'park-land') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'park-land' and b.district = t.district and b.period = t.period
where t.series = 'park-green-land' and t.day between $begin and $end
