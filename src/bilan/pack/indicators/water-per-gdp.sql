/*
indicator: water-per-gdp
title: 万元地区生产总值用水量 · Water used per ten thousand yuan of gross domestic product
about: 用水总量与地区生产总值（现价）之比，两数由部门填报 · Water used per gross domestic product at current prices, both reported
unit: "m³/万元"
decimals: 1
direction: down
period: year
by: [city, district]
missing: none
version: "2016"
source: reported
standard: 规划表1（用水总量/地区生产总值）
confidence: unverified
field: governance
serves: [Q020]
plan: quanzhou/1.14
aliases: [万元GDP用水量, 万元地区生产总值用水量, 万元国内生产总值用水量]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('water-use', 'gdp-current') and day between $begin and $end
*/
select
    t.district,
    t.period,
    t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'gdp-current' and b.district = t.district and b.period = t.period
where t.series = 'water-use' and t.day between $begin and $end
