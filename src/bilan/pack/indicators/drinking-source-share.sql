/*
indicator: drinking-source-share
title: 县级及以上集中式饮用水水源水质达标率 · Share of central drinking-water sources that attain
about: 市级、县级集中式水源月评价达到或优于Ⅲ类的个数比例（按已在线监测的项目） · Share of the months of city-level and county-level sources that are of class III or better, by the items measured online
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2015"
source: computed
standard: HJ 774-2015（GB 3838 表1 Ⅲ类，按个数）
confidence: unverified
field: water
serves: [Q020, X01]
plan: quanzhou/1.1 xiamen/goal
aliases: [县级以上集中式饮用水水源地水质达标率, 县级及以上集中式饮用水水源水质达标率, 集中式饮用水水源水质达到或优于Ⅲ类比例, 集中式饮用水水源地水质达标率, 饮用水水源地Ⅲ类水质达标率, 饮用水水源水质达标率]
odds: {kind: share_of_classes, table: water_months, network: drinking, best: 3}
*/
with sources as (
    select a.area as district, count(*) as sources
    from water_sections s join areas a on a.district = s.district
    where s.network = 'drinking' and s.source_level in ('city', 'county')
    group by all
)
select
    a.area as district,
    period_of(w.day) as period,
    100.0 * count(*) filter (where w.grade <= 3) / count(*) as value,
    count(*) as rows,
    max(n.sources * p.months_elapsed) as due
from water_months w
join water_sections s on s.point = w.point
join areas a on a.district = w.district
join sources n on n.district = a.area
join periods p on p.district = a.area and p.period = period_of(w.day)
where w.day between $begin and $end and w.valid and w.network = 'drinking' and s.source_level in ('city', 'county')
group by all
