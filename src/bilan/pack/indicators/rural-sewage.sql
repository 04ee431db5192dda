/*
indicator: rural-sewage
title: 农村生活污水治理率 · Share of villages with sewage treated
about: 村庄台账中污水已纳管、集中、分散或生态治理的行政村比例；未填报的按未治理计 · Share of the villages in the register whose sewage is joined to sewers or treated centrally, scattered or ecologically; villages without an entry count as untreated
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 农村生活污水治理率（按行政村计）
confidence: unverified
field: ecology
serves: [Q020, Q158]
plan: quanzhou/2.10
aliases: [农村生活污水治理率, 农村生活污水处理率]
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
    100.0 * count(*) filter (where sewage in ('pipe', 'central', 'scattered', 'ecological')) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
