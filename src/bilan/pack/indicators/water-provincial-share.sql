/*
indicator: water-provincial-share
title: 省控及以上断面达到或优于Ⅲ类比例 · Share of sections under provincial or national control of class III or better
about: 省控以上断面按时段均值评价，类别达到或好于Ⅲ类的比例 · Share of the sections under provincial or national control whose means over the period are of class III or better
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2011"
source: computed
standard: GB 3838-2002 表1; 环办[2011]22号（年度评价用各月均值，均值按 GB 3838 修约）
confidence: verified_1
field: water
serves: [X01]
plan: xiamen/goal
aliases: [省控以上断面地表水水质达到或优于Ⅲ类比例, 省控及以上断面优良比例, 国省控断面Ⅰ—Ⅲ类水质比例, 国省控断面水质优良比例]
odds: {kind: share_of_classes, table: water_months, best: 3, control: [national, provincial]}
*/
with expected as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water' and s.control in ('national', 'provincial')
    group by all
)
select
    p.district,
    p.period,
    100.0 * count(*) filter (where w.grade <= 3) / nullif(count(w.grade), 0) as value,
    sum(w.months) as rows,
    max(e.sections * p.months_elapsed) as due
from water_periods w
join areas a on a.district = w.district
join periods p on p.district = a.area and p.period = w.period
join expected e on e.district = p.district
where w.network = 'surface_water' and w.control in ('national', 'provincial')
group by all
