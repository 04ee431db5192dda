/*
indicator: good-days
title: 空气质量优良天数比例 · Share of good days
about: 有效评价天数中空气质量指数不大于 100（优、良）的比例 · Share of the validly judged days whose air quality index is at most 100
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2013"
source: computed
standard: HJ 663-2013 第5章
confidence: verified_2plus
field: air
serves: [Q020, X01]
plan: quanzhou/1.7 quanzhou/2.5 xiamen/goal
aliases: [空气质量优良天数比例, 优良天数比例, 优良天数比率, 优良空气天数比例, 空气质量优良率, 优良率]
odds: {kind: share_of_days, table: air_days}
*/
select
    district,
    period_of(day) as period,
    100.0 * count(*) filter (where valid and grade <= 2) / nullif(count(*) filter (where valid), 0) as value,
    count(*) filter (where valid) as rows
from air_days
where day between $begin and $end
group by all
