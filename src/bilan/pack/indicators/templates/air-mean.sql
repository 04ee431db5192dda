/*
template: air-mean
title: 污染物日均值的平均 · Mean of the daily means of a pollutant
about: 有效日均值的算术平均 · Arithmetic mean of the valid daily means
parameters:
  pollutant: {allowed: [pm25, pm10, so2, no2], title: "污染物 · Pollutant"}
common:
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
*/
with means as (
    select *, case $pollutant when 'pm25' then pm25 when 'pm10' then pm10 when 'so2' then so2 when 'no2' then no2 end as mean
    from air_days
)
select
    district,
    period_of(day) as period,
    avg(mean) as value,
    count(*) as rows
from means
where day between $begin and $end and mean is not null
group by all
