/*
indicator: rural-black-odorous-treated
title: 农村黑臭水体治理率 · Share of rural black-odorous waters that are treated
about: 台账中农村黑臭水体已基本消除或长制久清的条数比例 · Share of the listed rural black-odorous waters that are basically removed or lastingly clean
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 农村黑臭水体治理（台账五步状态）
confidence: unverified
field: water
serves: [Q158, X61]
aliases: [农村黑臭水体治理率, 农村黑臭水体整治率, 农村黑臭水体消除比例]
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
        and h.place = 'rural'
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where status in ('basically', 'lasting')) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
