/*
indicator: pm10
title: 可吸入颗粒物（PM10）平均浓度 · Mean concentration of PM10
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
serves: [Q020]
aliases: [可吸入颗粒物年均浓度, 可吸入颗粒物浓度, PM10年均浓度, PM10浓度, PM10平均浓度]
odds: {kind: mean, table: air_days, column: pm10}
*/
select
    district,
    period_of(day) as period,
    avg(pm10) as value,
    count(*) as rows
from air_days
where day between $begin and $end and pm10 is not null
group by all
