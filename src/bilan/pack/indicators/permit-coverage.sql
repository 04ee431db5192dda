/*
indicator: permit-coverage
title: 固定污染源排污许可证覆盖率 · Share of fixed sources that hold a permit
about: 应领证（重点、简化管理）且未关停的企业中，持有有效、延续办理中或限期整改许可证的比例；登记管理的不计 · Share of the enterprises under key or simplified management, closed ones left out, that hold a permit which is valid, being renewed or under rectification; those under registration do not count
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2021"
source: computed
standard: 排污许可管理条例（2021）; 固定污染源排污许可分类管理名录（2019年版）
confidence: verified_1
field: governance
serves: [Q020, Q003]
plan: quanzhou/1.17
aliases: [固定源排污许可证覆盖率, 固定污染源排污许可证覆盖率, 固定污染源排污许可覆盖率, 排污许可证覆盖率, 排污许可覆盖率]
odds: {kind: count}
behind: |
  select
      a.area as district, p.period, e.code, e.name, e.district as county, e.permit_category,
      max(d.code) as permit, max(d.status) as permit_status, max(d.expires) as permit_expires
  from history.enterprise e
  join areas a on a.district = e.district
  join periods p on p.district = a.area and e.since <= p.last_day and (e.until is null or e.until > p.last_day)
  left join history.discharge_permit d
      on d.enterprise = e.code and d.status in ('valid', 'renewal', 'rectification')
      and d.since <= p.last_day and (d.until is null or d.until > p.last_day)
  where e.permit_category in ('key', 'simplified') and e.status in ('operating', 'suspended')
  group by a.area, p.period, e.code, e.name, e.district, e.permit_category
  order by permit nulls first, e.code
*/
with held as (
    select a.area, p.period, p.last_day, e.code
    from history.enterprise e
    join areas a on a.district = e.district
    join periods p
        on p.district = a.area
        and e.since <= p.last_day
        and (e.until is null or e.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and e.permit_category in ('key', 'simplified') and e.status in ('operating', 'suspended')
),
covered as (
    select distinct h.area, h.period, h.code
    from held h
    join history.discharge_permit d
        on d.enterprise = h.code
        and d.since <= h.last_day
        and (d.until is null or d.until > h.last_day)
    where d.status in ('valid', 'renewal', 'rectification')
)
select
    h.area as district,
    h.period,
    100.0 * count(c.code) / count(*) as value,
    count(*) as rows,
    count(*) as due
from held h
left join covered c on c.area = h.area and c.period = h.period and c.code = h.code
group by all
