/*
indicator: beautiful-rivers
title: 美丽河湖数量 · Beautiful rivers and lakes
about: 河流台账中认定为美丽河湖的条数 · Rivers that the register holds as recognised
unit: "个"
decimals: 0
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 美丽河湖建设（台账认定）
confidence: unverified
field: water
serves: [Q020, Q124, X38]
plan: quanzhou/2.15
aliases: [美丽河湖数量, 美丽河湖, 建成美丽河湖]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.river h
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
    count(*) filter (where beautiful) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
