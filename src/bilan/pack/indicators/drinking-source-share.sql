/*
indicator: drinking-source-share
title: 县级及以上集中式饮用水水源水质达标率 · Share of central drinking-water sources that attain
about: 市级、县级集中式水源按月均值评价，各已在线监测项目都在限值以内的水源月数比例，取评价结论 · Share of the months of city-level and county-level sources whose means are within the limits in every item measured online, as they were judged
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2015"
source: computed
standard: HJ 774-2015; GB 3838-2002 表1 Ⅲ类、表2、表3（按个数）
confidence: unverified
field: water
serves: [Q020, X01]
plan: quanzhou/1.1 xiamen/goal
aliases: [县级以上集中式饮用水水源地水质达标率, 县级及以上集中式饮用水水源水质达标率, 集中式饮用水水源水质达到或优于Ⅲ类比例, 集中式饮用水水源地水质达标率, 饮用水水源地Ⅲ类水质达标率, 饮用水水源水质达标率]
odds: {kind: share_of_classes, table: water_days, network: drinking, source_level: [city, county], best: 3}
*/
with expected as (
    select a.area as district, count(*) as sources
    from water_sections s join areas a on a.district = s.district
    where s.network = 'drinking' and s.source_level in ('city', 'county')
    group by all
)
select
    a.area as district,
    period_of(m.day) as period,
    100.0 * count(*) filter (where m.attained) / count(*) as value,
    count(*) as rows,
    max(e.sources * p.months_elapsed) as due
from drinking_months m
join areas a on a.district = m.district
join periods p on p.district = a.area and p.period = period_of(m.day)
join expected e on e.district = a.area
where m.day between $begin and $end and m.valid and m.source_level in ('city', 'county')
group by all
