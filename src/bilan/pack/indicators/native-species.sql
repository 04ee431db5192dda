/*
indicator: native-species
title: 重现土著鱼类或水生植物种数 · Native fish or water plants seen again
about: 测算标准另行发布；此处按部门填报、经调查确认的种数 · The formula is published separately; here the number that surveys confirmed, as reported
unit: "种"
decimals: 0
direction: up
period: year
by: [city, district]
missing: none
version: "2026-draft"
source: configured
standard: 规划表2 注2（测算标准另行发布）
confidence: unverified
field: water
serves: [Q020, Q021, Q122]
plan: quanzhou/2.19
aliases: [重现土著鱼类或水生植物的健康水体数量, 重现土著鱼类或水生植物种数, 土著鱼类, 有鱼有草]
odds: {kind: reported}
*/
select district, period, value, 1 as rows, 1 as due
from figures
where series = 'native-species-returned' and day between $begin and $end
