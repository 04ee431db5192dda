/*
indicator: hazardous-waste-safe
title: 危险废物安全处置率 · Share of hazardous waste disposed safely
about: 产生单位台账中委外处置、自行利用处置与规范贮存之和占产生量的比例，每家不超过其产生量 · Waste sent out, used or disposed by the producer itself or held in its store, as a share of what is made; no producer counts above what it makes
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2016"
source: computed
standard: 危险废物安全处置率（处置、利用与贮存量/产生量）
confidence: unverified
field: waste
serves: [Q020, Q031]
plan: quanzhou/1.11
aliases: [危险废物安全处置率, 危险废物利用处置率, 危险废物安全处置]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.hazardous_waste_producer h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'closed' and h.annual > 0
)
select
    territory as district,
    period,
    100.0 * sum(least(annual, coalesce(transferred, 0) + coalesce(own_use, 0) + coalesce(stored, 0))) / nullif(sum(annual), 0) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
