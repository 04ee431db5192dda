/*
indicator: ecological-index
title: 生态质量指数 · Ecological quality index
about: 由上级监测机构按年计算公布，部门填报；变化不足 1 为基本稳定 · Computed and published every year by the higher centre, reported; a change below 1 counts as stable
unit: ""
decimals: 2
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 区域生态质量评价办法（试行） 环监测[2021]99号
confidence: unverified
field: ecology
serves: [Q020]
plan: quanzhou/2.11
aliases: [生态环境状况指数（新EI）, 生态环境状况指数, 生态质量指数, 新EI, EI, EQI]
odds: {kind: reported}
*/
select district, period, value, 1 as rows, 1 as due
from figures
where series = 'ecological-index' and day between $begin and $end
