/*
indicator: pm25
title: 细颗粒物（PM2.5）平均浓度 · Mean concentration of PM2.5
about: 有效日均值的算术平均；年均值至少要 324 个有效日均值 · Arithmetic mean of the valid daily means; a year needs 324 of them at least
unit: "µg/m³"
decimals: 1
direction: down
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.885}
version: "2013"
source: computed
standard: GB 3095-2012 6.4 表4; HJ 663-2013 表1
confidence: verified_2plus
field: air
serves: [Q020, X01]
plan: quanzhou/1.8 quanzhou/2.6 xiamen/goal
aliases: [细颗粒物（PM2.5）年均浓度, 细颗粒物年均浓度, 细颗粒物（PM2.5）浓度, 细颗粒物浓度, PM2.5年均浓度, PM2.5浓度, PM2.5平均浓度]
odds: {kind: mean, table: air_days, column: pm25}
*/
select
    district,
    period_of(day) as period,
    avg(pm25) as value,
    count(*) as rows
from air_days
where day between $begin and $end and pm25 is not null
group by all
