/*
template: black-odorous-share
title: 黑臭水体消除比例 · Share of black-odorous waters that are cleared
about: 台账中某些地点的黑臭水体已基本消除或长制久清的条数比例 · Share of the listed black-odorous waters of some places that are basically removed or lastingly clean
parameters:
  places: {title: "地点，取台账中的取值 · Places, as the register says them"}
common:
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
        and array_contains($places, h.place)
)
select
    territory as district,
    period,
    100.0 * count(*) filter (where status in ('basically', 'lasting')) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
