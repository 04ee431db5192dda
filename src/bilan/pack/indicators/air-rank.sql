/*
indicator: air-rank
title: 空气质量在全国重点城市中的名次 · Rank among the key cities in air quality
about: 国家公布的 168 个重点城市综合指数名次，由部门填报 · Rank by the composite index among the 168 key cities, as the ministry publishes it; reported
unit: "名"
decimals: 0
direction: down
period: year
by: [city]
missing: none
version: "2018"
source: reported
standard: 城市环境空气质量排名（综合指数升序，168 个城市）
confidence: verified_1
field: air
serves: [X02]
plan: xiamen/goal
aliases: [空气质量排名, 168个重点城市, 空气质量在全国168个重点城市]
odds: {kind: reported}
*/
select district, period, value, 1 as rows, 1 as due
from figures
where series = 'air-rank' and day between $begin and $end
