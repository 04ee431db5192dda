/*
indicator: black-odorous-county-cities
title: 县级市建成区黑臭水体消除比例 · Share of black-odorous waters in county-level cities that are cleared
about: 台账中县级城市建成区黑臭水体已基本消除或长制久清的条数比例 · Share of the listed black-odorous waters of county-level cities' built-up areas that are basically removed or lastingly clean
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 城市黑臭水体整治（台账五步状态）
confidence: unverified
field: water
serves: [Q020]
plan: quanzhou/2.7
aliases: [县级市建成区黑臭水体消除比例, 县级城市建成区黑臭水体消除比例]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.black_odorous_water h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.place = 'county'
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where status in ('basically', 'lasting')) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
