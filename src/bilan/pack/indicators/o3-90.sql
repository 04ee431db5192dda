/*
indicator: o3-90
title: 臭氧日最大 8 小时平均第 90 百分位数 · 90th percentile of the daily greatest 8-hour mean of ozone
about: 日最大 8 小时滑动平均值由小到大排列，第 90 百分位数按线性内插 · Daily greatest 8-hour means in order, the 90th percentile by linear interpolation
unit: "µg/m³"
decimals: 0
direction: down
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.885}
version: "2013"
source: computed
standard: HJ 663-2013 表1、附录A
confidence: verified_2plus
field: air
serves: [Q020]
aliases: [臭氧浓度, O3浓度, 臭氧日最大8小时平均第90百分位数, O3-8h第90百分位数, 臭氧第90百分位数]
odds: {kind: percentile, table: air_days, column: o3_8h, percentile: 90}
*/
select
    district,
    period_of(day) as period,
    percentile_cont(0.9) within group (order by o3_8h) as value,
    count(*) as rows
from air_days
where day between $begin and $end and o3_8h is not null
group by all
