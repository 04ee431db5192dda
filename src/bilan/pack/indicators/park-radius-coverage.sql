/*
indicator: park-radius-coverage
title: 城市公园绿地服务半径覆盖率 · Share of residential land near a park
about: 公园绿地服务半径覆盖的居住用地占居住用地的比例，两数由部门填报 · Residential land within the service radius of parks as a share of all residential land, both reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 规划表2（500 米服务半径覆盖率）
confidence: unverified
field: ecology
serves: [Q020, Q027]
plan: quanzhou/2.9
aliases: [城市公园绿地500米服务半径覆盖率, 公园绿地服务半径覆盖率, 公园绿地500米服务半径覆盖率]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('residential-land-near-park', 'residential-land') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'residential-land' and b.district = t.district and b.period = t.period
where t.series = 'residential-land-near-park' and t.day between $begin and $end
