/*
indicator: groundwater-v-share
title: 地下水质量Ⅴ类水比例 · Share of groundwater points of class V
about: 监测井按时段均值以 GB/T 14848 全部已测项目评价，类别为Ⅴ类的井占评价井的比例 · Share of the wells of class V by the means of the period, in every item of GB/T 14848 that was measured
unit: "%"
decimals: 1
direction: down
period: year
also: [quarter, month]
by: [city, district]
missing: {least: 0.5}
version: "2017"
source: computed
standard: GB/T 14848-2017 6.2、6.3、表1、表2
confidence: verified_1
field: groundwater
serves: [Q020]
plan: quanzhou/2.20
aliases: [地下水质量（区域点位）Ⅴ类水比例, 地下水质量Ⅴ类水比例, 地下水Ⅴ类水比例, 地下水Ⅴ类比例]
odds: {kind: share_of_classes, table: groundwater_days, best: 4, worse: true}
*/
with expected as (
    select a.area as district, count(*) as wells
    from points n join areas a on a.district = n.district
    where n.network = 'groundwater'
    group by all
)
select
    p.district,
    p.period,
    100.0 * count(*) filter (where w.grade = 5) / count(*) as value,
    sum(w.days) as rows,
    max(e.wells * p.elapsed) as due
from groundwater_periods w
join areas a on a.district = w.district
join periods p on p.district = a.area and p.period = w.period
join expected e on e.district = p.district
where w.grade is not null
group by all
