/*
indicator: black-odorous-cleared
title: 城市建成区黑臭水体消除比例 · Share of black-odorous waters in built-up areas that are cleared
about: 台账中市、县建成区黑臭水体已基本消除或长制久清的条数比例；返黑返臭的不计入消除 · Share of the listed black-odorous waters of built-up areas that are basically removed or lastingly clean; relapsed ones do not count
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2015"
source: computed
standard: 城市黑臭水体整治（台账五步状态）
confidence: unverified
field: water
serves: [Q020, X30]
plan: quanzhou/1.6 xiamen/goal
aliases: [城市建成区黑臭水体消除比例, 建成区黑臭水体消除比例, 城市建成区黑臭水体比例, 黑臭水体消除比例, 建成区黑臭水体整治, 黑臭水体]
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
        and h.place in ('urban', 'county')
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where status in ('basically', 'lasting')) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
