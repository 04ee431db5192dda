/*
indicator: small-basin-share
title: 小流域水质达到或好于Ⅲ类比例 · Share of small basins of class III or better
about: 小流域台账中最近水质类别为Ⅲ类及以上的个数比例 · Share of the small basins in the register whose latest class is III or better
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: GB 3838-2002; 小流域台账
confidence: unverified
field: water
serves: [Q020, Q123]
plan: quanzhou/2.18
aliases: [小流域水质好于Ⅲ类比例, 小流域水质达到或好于Ⅲ类比例, 小流域Ⅲ类以上水质比例, 小流域水质优良比例]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.small_basin h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'removed' and h.last_class is not null
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where cast(last_class as integer) <= 3) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
