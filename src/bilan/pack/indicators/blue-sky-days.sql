/*
indicator: blue-sky-days
title: 蓝天天数 · Blue-sky days
about: "测算标准由上级另行发布；此处按城市约定：当日评价有效、空气质量指数与 PM2.5 日均值都不超过约定值的天数 · The official formula is published separately; counted here by the city's choice: validly judged days whose air quality index and daily mean of PM2.5 do not exceed the chosen values"
unit: "d"
decimals: 0
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2026-draft"
source: configured
parameters:
  aqi: {value: 100, unit: "", title: "空气质量指数上限 · Greatest air quality index"}
  pm25: {value: 35, unit: "µg/m³", title: "PM2.5 日均值上限（取 GB 3095-2012 一级日均限值） · Greatest daily mean of PM2.5 (the class 1 daily limit of GB 3095-2012)"}
standard: 规划表2 注2（测算标准另行发布）
confidence: unverified
field: air
serves: [Q020, Q021]
plan: quanzhou/2.8
aliases: [蓝天天数, 蓝天日数, 蓝天保证天数]
odds: {kind: count, table: air_days}
*/
select
    district,
    period_of(day) as period,
    count(*) filter (where aqi <= $aqi and pm25 <= $pm25) as value,
    count(*) as rows
from air_days
where day between $begin and $end and valid
group by all
