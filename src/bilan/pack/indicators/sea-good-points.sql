/*
indicator: sea-good-points
title: 近岸海域优良水质（一、二类）点位比例 · Share of sea points of class I and II
about: "按期次（季）统计：站位当期类别取各次评价的中位数，一、二类站位数占评价站位数的比例，再对有过半站位采样的各期求平均 · By campaign (quarter): a station's class is the median of its samples; the share of stations of class I and II, then the mean over the campaigns that covered half of the stations"
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter]
by: [city]
missing: none
version: "1997"
source: computed
parameters:
  covered: {value: 0.5, unit: "", title: "一期至少覆盖的站位份额 · Least share of the stations that a campaign covers"}
standard: GB 3097-1997; HJ 442.10-2020（单因子最差定类）
confidence: unverified
field: sea
serves: [Q020, X01]
plan: quanzhou/1.4
aliases: [近岸海域优良水质（一、二类）点位比例, 近岸海域一、二类点位比例, 近岸海域优良点位比例]
odds: {kind: share_of_classes, table: sea_samples, best: 2}
behind: |
  select '' as district, period_of(day) as period, point, name, kind, day, grade, main, ph, oxygen, cod, din, dip, oil
  from sea_samples
  where day between $begin and $end and grade is not null
*/
with stations as (
    select count(*) as stations from points where network = 'sea'
),
campaigns as (
    select
        period_of(day) as period,
        date_trunc('quarter', day) as campaign,
        point,
        percentile_disc(0.5) within group (order by grade) as grade,
        count(*) as samples
    from sea_samples
    where day between $begin and $end and grade is not null
    group by all
),
shares as (
    select
        period,
        campaign,
        100.0 * count(*) filter (where grade <= 2) / count(*) as share,
        sum(samples) as samples
    from campaigns
    group by all
    having count(*) >= $covered * (select stations from stations)
)
select '' as district, period, avg(share) as value, sum(samples) as rows, sum(samples) as due
from shares
group by all
