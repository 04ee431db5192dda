/*
indicator: water-target-share
title: 断面水质目标达标率 · Share of sections that meet their target
about: 断面月评价中达到该断面目标类别的比例 · Share of the months of sections in which the section meets its target class
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2011"
source: computed
standard: 地表水断面达标评价通行口径
confidence: unverified
field: water
serves: [Q106, Q020]
aliases: [断面水质达标率, 水质目标达标率, 考核断面达标率, 水功能区水质达标率]
odds: {kind: share_of_classes, table: water_months, target: true}
*/
with sections as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water' and s.target_class is not null
    group by all
)
select
    a.area as district,
    period_of(w.day) as period,
    100.0 * count(*) filter (where w.attained) / count(*) as value,
    count(*) as rows,
    max(s.sections * p.months_elapsed) as due
from water_months w
join areas a on a.district = w.district
join sections s on s.district = a.area
join periods p on p.district = a.area and p.period = period_of(w.day)
where w.day between $begin and $end and w.valid and w.network = 'surface_water' and w.attained is not null
group by all
