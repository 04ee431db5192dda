/*
indicator: water-v-minus-share
title: 地表水劣Ⅴ类水体比例 · Share of surface waters worse than class V
about: 国、省控断面按时段均值评价，劣于Ⅴ类的断面占评价断面的比例 · Share of the national and provincial sections whose means over the period are worse than class V
unit: "%"
decimals: 1
direction: down
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2011"
source: computed
standard: GB 3838-2002 表1; 环办[2011]22号（年度评价用各月均值，均值按 GB 3838 修约）
confidence: verified_1
field: water
serves: [Q020]
plan: quanzhou/1.3 quanzhou/2.17 xiamen/goal
aliases: [地表水质量劣Ⅴ类水体比例, 地表水劣Ⅴ类水体比例, 主要河流劣Ⅴ类水质比例, 劣Ⅴ类水体比例, 劣Ⅴ类断面比例, 消除劣Ⅴ类水体, 劣Ⅴ类水体]
odds: {kind: share_of_classes, table: water_months, best: 5, worse: true}
*/
with expected as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water'
    group by all
)
select
    p.district,
    p.period,
    100.0 * count(*) filter (where w.grade = 6) / nullif(count(w.grade), 0) as value,
    sum(w.months) as rows,
    max(e.sections * p.months_elapsed) as due
from water_periods w
join areas a on a.district = w.district
join periods p on p.district = a.area and p.period = w.period
join expected e on e.district = p.district
where w.network = 'surface_water'
group by all
