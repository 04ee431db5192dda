/*
indicator: safe-farmland
title: 受污染耕地安全利用率 · Share of polluted farmland used safely
about: 农用地分类台账中安全利用类和严格管控类地块里，安全利用达标的面积比例 · Share of the area of the plots under safe use and strict control in the register that is used safely
unit: "%"
decimals: 1
direction: up
period: year
also: [quarter, month]
by: [city, district]
missing: none
version: "2018"
source: computed
standard: GB 15618-2018; 农用地土壤环境质量类别划分（安全利用面积/受污染耕地面积）
confidence: unverified
field: soil
serves: [Q020, X01, X63]
plan: quanzhou/1.9 quanzhou/2.27 xiamen/goal
aliases: [受污染耕地安全利用率, 受污染耕地安全利用]
odds: {kind: count}
*/
with held as (
    select a.area as territory, p.period, h.*
    from history.farmland_class h
    join areas a on a.district = h.district
    join periods p
        on p.district = a.area
        and h.since <= p.last_day
        and (h.until is null or h.until > p.last_day)
    where p.last_day >= $begin and p.first_day <= $end
        and h.status <> 'closed' and h.class in ('safe-use', 'strict')
)
select
    territory as district,
    period,
    100.0 * coalesce(sum(area) filter (where safe), 0) / nullif(sum(area), 0) as value,
    count(*) as rows,
    count(*) as due
from held
group by all
