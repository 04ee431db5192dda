/*
indicator: main-pollutants-cut
title: 主要污染物减少 · Cut of the main pollutants
about: 氮氧化物、挥发性有机物、化学需氧量、氨氮四项排放总量较五年规划基年累计降幅中最小的一项；四项齐全才给出 · The smallest of the cuts of nitrogen oxides, volatile organic compounds, chemical oxygen demand and ammonia nitrogen since the base year of the five-year plan; only when all four are there
unit: "%"
decimals: 2
direction: up
period: year
by: [city, district]
missing: none
version: "2021"
source: configured
parameters:
  cycle: {value: 5, unit: "a", title: "规划周期，基年为周期前一年 · Cycle of plans; the base is the year before it"}
standard: 规划表2（四项分别考核；合并取最小降幅为城市约定）
confidence: unverified
field: governance
serves: [Q020]
plan: quanzhou/2.4
aliases: [主要污染物减少, 主要污染物（氮氧化物、挥发性有机物、化学需氧量、氨氮）减少, 主要污染物排放总量减少, 主要污染物排放总量]
odds: {kind: reported}
behind: |
  select p.district, p.period, f.series, f.year, f.value, f.organisation
  from periods p
  join figures f
      on f.district = p.district
      and f.series in ('nox-emissions', 'voc-emissions', 'cod-emissions', 'nh3n-emissions')
      and f.year in (year(p.first_day), $cycle * ((year(p.first_day) - 1) // $cycle))
*/
with cuts as (
    select n.district, n.period, n.series, 100.0 * (1 - n.value / nullif(b.value, 0)) as value
    from figures n
    join figures b on b.series = n.series and b.district = n.district and b.year = n.year - 1 - (n.year - 1) % $cycle
    where n.series in ('nox-emissions', 'voc-emissions', 'cod-emissions', 'nh3n-emissions') and n.day between $begin and $end
)
select district, period, min(value) as value, count(*) as rows, 4 as due
from cuts
where value is not null
group by all
having count(distinct series) = 4
