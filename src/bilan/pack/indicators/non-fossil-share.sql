/*
indicator: non-fossil-share
title: 非化石能源占一次能源消费比例 · Non-fossil share of energy
about: 非化石能源消费量占能源消费总量的比例，两数由部门填报 · Non-fossil energy as a share of all energy consumed, both reported
unit: "%"
decimals: 1
direction: up
period: year
by: [city]
missing: none
version: "2021"
source: reported
standard: 规划表2（两数之比）
confidence: unverified
field: climate
serves: [Q020, X08]
plan: quanzhou/2.3
aliases: [非化石能源占一次能源消费比例, 非化石能源占能源消费总量比例, 非化石能源消费比重, 非化石能源占能源消费比重, 非化石能源消费占比]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('non-fossil-energy', 'energy-consumption') and day between $begin and $end
*/
select
    t.district,
    t.period,
    100.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'energy-consumption' and b.district = t.district and b.period = t.period
where t.series = 'non-fossil-energy' and t.day between $begin and $end
