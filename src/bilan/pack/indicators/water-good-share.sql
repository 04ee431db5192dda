/*
indicator: water-good-share
title: 地表水达到或好于Ⅲ类水体比例 · Share of surface waters of class III or better
about: 国、省控断面按时段均值评价，类别（取已测项目中最差的一项）达到或好于Ⅲ类的断面占评价断面的比例 · Share of the national and provincial sections whose means over the period are of class III or better, the worst of the items measured deciding
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
serves: [Q020]
plan: quanzhou/1.2 quanzhou/2.16
aliases: [地表水达到或好于Ⅲ类水体比例, 地表水达到或好于Ⅲ类比例, 地表水Ⅲ类以上水体比例, 全市主要河流Ⅰ-Ⅲ类水质比例, 主要河流Ⅰ-Ⅲ类水质比例, 地表水优良比例, 优良水体比例, Ⅰ—Ⅲ类断面比例, 断面水质优良比例]
odds: {kind: share_of_classes, table: water_months, best: 3}
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
    100.0 * count(*) filter (where w.grade <= 3) / nullif(count(w.grade), 0) as value,
    sum(w.months) as rows,
    max(e.sections * p.months_elapsed) as due
from water_periods w
join areas a on a.district = w.district
join periods p on p.district = a.area and p.period = w.period
join expected e on e.district = p.district
where w.network = 'surface_water'
group by all
