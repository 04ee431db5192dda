/*
indicator: public-satisfaction
title: 公众对生态环境满意率 · Public satisfaction with the environment
about: 由统计部门抽样调查，部门填报 · From a sample survey of the statistics office; reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 抽样调查
confidence: unverified
field: governance
serves: [Q020]
aliases: [公众生态环境满意率, 公众满意率, 生态环境满意度, 公众生态环境满意度]
odds: {kind: reported}
*/
select district, period, value, 1 as rows, 1 as due
from figures
where series = 'public-satisfaction' and day between $begin and $end
