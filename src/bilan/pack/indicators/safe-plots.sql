/*
indicator: safe-plots
title: 重点建设用地安全利用率 · Share of reused plots that are used safely
about: 再开发利用的污染地块与重点建设用地中，符合规划用途土壤环境要求的面积比例，两数由部门填报 · Share of the area of redeveloped plots that meets the soil requirements of its planned use, both reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 污染地块安全利用率（合格面积/再开发利用面积）
confidence: unverified
field: soil
serves: [Q020, X01, X66]
plan: quanzhou/1.10 quanzhou/2.28 xiamen/goal
aliases: [污染地块安全利用率, 重点建设用地安全利用率, 建设用地安全利用率, 重点建设用地安全利用]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('reused-plots-safe', 'reused-plots') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'reused-plots' and b.district = t.district and b.period = t.period
where t.series = 'reused-plots-safe' and t.day between $begin and $end
