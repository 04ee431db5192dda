/*
indicator: natural-shoreline
title: 大陆自然岸线保有率 · Share of natural shoreline
about: 岸线台账中自然岸线（含恢复自然形态的岸线）长度占岸线总长的比例 · Share of the length of the shoreline in the register that is natural, restored to natural form included
unit: "%"
decimals: 2
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2017"
source: computed
standard: 海岸线保护与利用管理办法（自然岸线含整治修复后具有自然形态的岸线）
confidence: unverified
field: sea
serves: [Q020, Q145]
plan: quanzhou/1.19 quanzhou/2.22
aliases: [大陆自然岸线保有率, 自然岸线保有率]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.shoreline_segment h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'lost'
)
select
    territory as district,
    period,
    100.0 * sum(length) filter (where kind <> 'artificial') / nullif(sum(length), 0) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
