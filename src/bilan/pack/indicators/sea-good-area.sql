/*
indicator: sea-good-area
title: 近岸海域优良水质（一、二类）面积比例 · Share of sea area of class I and II
about: 各站位各项目按期次（季）求均值，以反距离加权插值，格点类别取最差项目；一、二类格点占评价海域格点的比例，再对有过半站位采样的各期求平均。评价海域取站位周边 8 公里，有区县边界时扣除其中的陆地；官方插值方法未公布 · Each item is averaged by station and campaign (quarter) and interpolated by inverse distance; the worst item gives a cell its class; the share of cells of class I and II, then the mean over the campaigns that covered half of the stations. The waters judged lie within 8 km of stations, without the land inside the boundaries of districts where there are any; the official method is not published
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter]
by: [city]
missing: none
version: "1997-idw"
source: configured
parameters:
  covered: {value: 0.5, unit: "", title: "一期至少覆盖的站位份额 · Least share of the stations that a campaign covers"}
standard: GB 3097-1997; 面积比例由站位浓度插值（官方插值参数未公布）
confidence: unverified
field: sea
serves: [Q020, X01]
plan: quanzhou/1.5 quanzhou/2.21 xiamen/goal
aliases: [近岸海域水质一、二类面积比例, 近岸海域优良水质（一、二类）面积比例, 近岸海域优良水质面积比例, 海域一、二类水质面积比例, 一、二类水质面积比例, 近岸海域水质优良比例]
odds: {kind: share_of_classes, table: sea_samples, best: 2}
behind: |
  select '' as district, period_of(day) as period, point, name, kind, day, grade, main, ph, oxygen, cod, din, dip, oil
  from sea_samples
  where day between $begin and $end and grade is not null
*/
with stations as (
    select count(*) as stations from points where network = 'sea'
)
select '' as district, period_of(day) as period, 100.0 * avg(good) as value, sum(samples) as rows, sum(samples) as due
from sea_areas
where day between $begin and $end and stations >= $covered * (select stations from stations)
group by all
