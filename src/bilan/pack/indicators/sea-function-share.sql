/*
indicator: sea-function-share
title: 海洋功能区水质达标率 · Share of sea points that meet the class of their function zone
about: 站位当期（季）类别不劣于点位台账所定海水目标类别的比例，再对有过半站位采样的各期求平均 · Share of the stations whose class in a campaign (quarter) is no worse than the target the register of points sets, then the mean over the campaigns that covered half of them
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
standard: GB 3097-1997; 近岸海域环境功能区
confidence: unverified
field: sea
serves: [Q020]
plan: quanzhou/1.4
aliases: [海洋功能区水质达标率, 近岸海域环境功能区达标率, 海洋环境功能区水质达标率]
odds: {kind: share_of_classes, table: sea_samples, target: true}
behind: |
  select '' as district, period_of(s.day) as period, s.point, s.name, s.day, t.sea_target, s.grade, s.main
  from sea_samples s join registers.monitoring_point t on t.code = s.point
  where s.day between $begin and $end and s.grade is not null and t.sea_target is not null
*/
with targets as (
    select code as point, cast(sea_target as integer) as target
    from registers.monitoring_point
    where network = 'sea' and sea_target is not null
),
campaigns as (
    select
        period_of(s.day) as period,
        date_trunc('quarter', s.day) as campaign,
        s.point,
        any_value(t.target) as target,
        percentile_disc(0.5) within group (order by s.grade) as grade,
        count(*) as samples
    from sea_samples s join targets t on t.point = s.point
    where s.day between $begin and $end and s.grade is not null
    group by all
),
shares as (
    select period, campaign, 100.0 * count(*) filter (where grade <= target) / count(*) as share, sum(samples) as samples
    from campaigns
    group by all
    having count(*) >= $covered * (select count(*) from targets)
)
select '' as district, period, avg(share) as value, sum(samples) as rows, sum(samples) as due
from shares
group by all
