/*
indicator: noise-day-share
title: 功能区声环境质量昼间达标率 · Share of noise zones that attain by day
about: 各功能区噪声点按季评价，昼间等效声级不超过所在功能区限值的点次比例 · Share of the quarters of noise points whose level by day does not exceed the limit of their zone
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter]
by: [city, district]
missing: {least: 0.75}
version: "2008"
source: computed
standard: GB 3096-2008 5.1 表1; HJ 640-2012
confidence: verified_2plus
field: noise
serves: [X01]
plan: xiamen/goal
aliases: [功能区声环境质量昼间达标率, 声环境功能区昼间达标率, 声环境质量昼间达标率, 功能区噪声昼间达标率, 昼间达标率]
odds: {kind: share_of_classes, table: noise_quarters, column: day_attained}
*/
with expected as (
    select a.area as district, count(*) as points
    from points n join areas a on a.district = n.district
    where n.network = 'noise'
    group by all
)
select
    a.area as district,
    period_of(q.day) as period,
    100.0 * count(*) filter (where q.day_attained) / count(*) as value,
    count(*) as rows,
    max(e.points * floor(p.months_elapsed / 3)) as due
from noise_quarters q
join areas a on a.district = q.district
join expected e on e.district = a.area
join periods p on p.district = a.area and p.period = period_of(q.day)
where q.day between $begin and $end and q.day_attained is not null
group by all
