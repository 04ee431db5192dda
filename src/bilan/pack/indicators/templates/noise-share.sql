/*
template: noise-share
title: 功能区声环境达标率 · Share of noise measurements that attain
about: 各功能区噪声点按季评价，某一时段等效声级不超过所在功能区限值的点次比例 · Share of the quarters of noise points whose level at one time of day does not exceed the limit of their zone
parameters:
  time: {allowed: [day, night], title: "昼间或夜间 · By day or by night"}
common:
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
*/
with expected as (
    select a.area as district, count(*) as points
    from points n join areas a on a.district = n.district
    where n.network = 'noise'
    group by all
),
judged as (
    select *, case $time when 'day' then day_attained when 'night' then night_attained end as attained
    from noise_quarters
)
select
    a.area as district,
    period_of(q.day) as period,
    100.0 * count(*) filter (where q.attained) / count(*) as value,
    count(*) as rows,
    max(e.points * floor(p.months_elapsed / 3)) as due
from judged q
join areas a on a.district = q.district
join expected e on e.district = a.area
join periods p on p.district = a.area and p.period = period_of(q.day)
where q.day between $begin and $end and q.attained is not null
group by all
