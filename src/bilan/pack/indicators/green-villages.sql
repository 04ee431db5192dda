/*
indicator: green-villages
title: 绿盈乡村比例 · Share of green villages
about: 村庄台账中已认定为绿盈乡村（任一等级）的行政村比例 · Share of the villages in the register that hold a green grade
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 福建省“绿盈乡村”建设工作指南
confidence: unverified
field: ecology
serves: [Q020, X62, Q157]
plan: quanzhou/2.14
aliases: [绿盈乡村比例, 绿盈乡村占比, 绿盈乡村]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.village h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'closed'
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where coalesce(grade, '') <> '') / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
