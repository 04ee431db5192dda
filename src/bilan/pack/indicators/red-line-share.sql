/*
indicator: red-line-share
title: 生态保护红线占国土面积比例 · Share of the land within the ecological red line
about: 红线台账中陆域红线面积占国土面积的比例；国土面积取最近一次填报 · Land within the red line of the register as a share of the land area, of which the latest figure counts
unit: "%"
decimals: 2
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 生态保护红线（红线面积/国土面积）; 规划表2 注3
confidence: unverified
field: ecology
serves: [Q020]
plan: quanzhou/2.13
aliases: [生态保护红线占国土面积比例, 生态保护红线面积比例, 生态保护红线]
odds: {kind: count}
behind: |
  select a.area as district, p.period, h.code, h.name, h.district as county, h.area as size
  from history.ecological_red_line h
  join areas a on a.district = h.district
  join periods p on p.district = a.area and h.since <= p.last_day and (h.until is null or h.until > p.last_day)
  where h.status <> 'closed' and not coalesce(h.sea, false)
*/
with held as (
    select a.area, p.period, p.last_day, h.area as size
    from history.ecological_red_line h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end and h.status <> 'closed' and not coalesce(h.sea, false)
),
inside as (
    select area, period, last_day, sum(size) as size, count(*) as rows
    from held
    group by all
)
select
    i.area as district,
    i.period,
    100.0 * i.size / max_by(f.value, f.day) as value,
    i.rows,
    i.rows as due
from inside i
join figures f on f.series = 'land-area' and f.district = i.area and f.day <= i.last_day
group by i.area, i.period, i.size, i.rows
