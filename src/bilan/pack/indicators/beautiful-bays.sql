/*
indicator: beautiful-bays
title: 美丽海湾数量 · Beautiful bays
about: "测算标准另行发布；此处按城市约定：台账记为建成、且上年一、二类水质比例不低于约定值的海湾数 · The formula is published separately; counted here by the city's choice: bays that the register holds as achieved and whose share of class I and II last year reaches the chosen value"
unit: "个"
decimals: 0
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2026-draft"
source: configured
parameters:
  goal: {value: beautiful, unit: "", title: "台账中表示建成的取值 · Value of the register that stands for achieved"}
  good: {value: 85, unit: "%", title: "一、二类水质比例下限 · Least share of class I and II"}
standard: 规划表2 注2（测算标准另行发布）
confidence: unverified
field: sea
serves: [Q020, Q021, X55, Q153]
plan: quanzhou/2.23
aliases: [美丽海湾数量, 美丽海湾, 建成美丽海湾]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.bay h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'closed'
)
select
    territory as district,
    period,
    count(*) filter (where goal = $goal and good_share >= $good) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
