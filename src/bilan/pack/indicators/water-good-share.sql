/*
indicator: water-good-share
title: 地表水优良（达到或优于Ⅲ类）断面比例 · Share of surface-water sections of class III or better
about: 以各断面各评价因子的月均值求时段平均类别，达到或优于Ⅲ类的断面占评价断面的比例 · Share of the sections whose mean class over the months is III or better
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.75}
version: "2011"
source: computed
standard: 环办[2011]22号
confidence: verified_2plus
field: water
serves: [Q020]
aliases: [地表水优良比例, 达到或优于Ⅲ类, 优良水质比例]
odds: {kind: share_of_sections, table: water_months}
*/
with sections as (
    select a.area as district, period_of(w.day) as period, w.point, avg(w.grade) as class, count(*) as months
    from water_months w join areas a on a.district = w.district
    where w.day between $begin and $end and w.network = 'surface_water' and w.valid
    group by all
),
expected as (
    select a.area as district, count(*) as sections
    from water_sections s join areas a on a.district = s.district
    where s.network = 'surface_water'
    group by all
)
select
    s.district,
    s.period,
    100.0 * count(*) filter (where s.class <= 3) / count(*) as value,
    sum(s.months) as rows,
    max(e.sections * p.months_elapsed) as due
from sections s
join expected e on e.district = s.district
join periods p on p.district = s.district and p.period = s.period
group by all
