/*
indicator: radiation-accident-rate
title: 放射源辐射事故年发生率 · Radiation accidents a year per ten thousand sources
about: 当年放射源辐射事故起数与年末放射源数之比，按每万枚计，两数由部门填报 · Accidents with radioactive sources in the year per ten thousand sources at its end, both reported
unit: "起/万枚"
decimals: 2
direction: down
period: year
by: [city, district]
missing: none
version: "2021"
source: reported
standard: 规划表2（起/每万枚）
confidence: verified_1
field: risk
serves: [Q020]
plan: quanzhou/2.29
aliases: [放射源辐射事故年发生率, 辐射事故年发生率, 放射源辐射事故发生率]
odds: {kind: reported}
behind: |
  select district, period, series, value, organisation
  from figures
  where series in ('radiation-accidents', 'radioactive-sources') and day between $begin and $end
*/
select
    t.district,
    t.period,
    10000.0 * t.value / nullif(b.value, 0) as value,
    2 as rows,
    2 as due
from figures t
join figures b on b.series = 'radioactive-sources' and b.district = t.district and b.period = t.period
where t.series = 'radiation-accidents' and t.day between $begin and $end
