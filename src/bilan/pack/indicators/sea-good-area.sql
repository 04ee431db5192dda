/*
indicator: sea-good-area
title: 近岸海域优良水质（一、二类）面积比例 · Share of sea area of class I and II
about: 各站位各项目按期次（季）求均值，在规则网格上以反距离加权插值，格点类别取最差项目；一、二类格点占评价海域格点的比例，再对各期求平均。评价海域取站位周边约定距离内，未扣陆地；官方插值方法未公布，网格、权重与距离为城市约定 · Each item is averaged by station and campaign (quarter) and interpolated on a regular grid by inverse distance; the worst item gives a cell its class; the share of cells of class I and II, then the mean over the campaigns. The waters judged lie within the chosen reach of stations, land is not taken off; the official method is not published, so grid, power and reach are the city's choice
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
  step: {value: 0.02, unit: "°", title: "网格边长 · Side of a cell"}
  power: {value: 2, unit: "", title: "距离的幂 · Power of the distance"}
  reach: {value: 8, unit: "km", title: "站位周边计入的距离 · How far from a station the waters count"}
  covered: {value: 0.5, unit: "", title: "一期至少覆盖的站位份额 · Least share of the stations that a campaign covers"}
  ph_low: {value: 7.8, unit: "", title: "二类 pH 下限 · Least pH of class II"}
  ph_high: {value: 8.5, unit: "", title: "二类 pH 上限 · Greatest pH of class II"}
  oxygen: {value: 5, unit: "mg/L", title: "二类溶解氧限值 · Limit of class II, dissolved oxygen"}
  cod: {value: 3, unit: "mg/L", title: "二类化学需氧量限值 · Limit of class II, chemical oxygen demand"}
  din: {value: 0.3, unit: "mg/L", title: "二类无机氮限值 · Limit of class II, inorganic nitrogen"}
  dip: {value: 0.03, unit: "mg/L", title: "二类活性磷酸盐限值 · Limit of class II, reactive phosphate"}
  oil: {value: 0.05, unit: "mg/L", title: "二类石油类限值 · Limit of class II, oil"}
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
),
means as (
    select
        period_of(day) as period,
        date_trunc('quarter', day) as campaign,
        point,
        any_value(lon) as lon,
        any_value(lat) as lat,
        avg(ph) as ph,
        avg(oxygen) as oxygen,
        avg(cod) as cod,
        avg(din) as din,
        avg(dip) as dip,
        avg(oil) as oil,
        count(*) as samples
    from sea_samples
    where day between $begin and $end and lon is not null and lat is not null
    group by all
),
campaigns as (
    select period, campaign, sum(samples) as samples
    from means
    group by all
    having count(*) >= $covered * (select stations from stations)
),
box as (
    select min(lon) as west, max(lon) as east, min(lat) as south, max(lat) as north, cos(radians(avg(lat))) as narrow
    from means
),
across as (
    select n * $step as lon
    from box, generate_series(floor(west / $step)::bigint - 4, ceil(east / $step)::bigint + 4) as cells(n)
),
down as (
    select n * $step as lat
    from box, generate_series(floor(south / $step)::bigint - 4, ceil(north / $step)::bigint + 4) as cells(n)
),
near as (
    select
        m.*,
        x.lon as cell_lon,
        y.lat as cell_lat,
        111.2 * sqrt(power((m.lon - x.lon) * b.narrow, 2) + power(m.lat - y.lat, 2)) as distance
    from across x cross join down y cross join box b
    join means m on true
    join campaigns c on c.period = m.period and c.campaign = m.campaign
),
cells as (
    select
        period,
        campaign,
        cell_lon,
        cell_lat,
        sum(ph * weight) / nullif(sum(weight) filter (where ph is not null), 0) as ph,
        sum(oxygen * weight) / nullif(sum(weight) filter (where oxygen is not null), 0) as oxygen,
        sum(cod * weight) / nullif(sum(weight) filter (where cod is not null), 0) as cod,
        sum(din * weight) / nullif(sum(weight) filter (where din is not null), 0) as din,
        sum(dip * weight) / nullif(sum(weight) filter (where dip is not null), 0) as dip,
        sum(oil * weight) / nullif(sum(weight) filter (where oil is not null), 0) as oil
    from (select *, 1.0 / power(greatest(distance, 0.01), $power) as weight from near)
    group by all
    having min(distance) <= $reach
),
shares as (
    select
        period,
        campaign,
        100.0 * count(*) filter (
            where coalesce(ph between $ph_low and $ph_high, true)
            and coalesce(oxygen > $oxygen, true)
            and coalesce(cod <= $cod, true)
            and coalesce(din <= $din, true)
            and coalesce(dip <= $dip, true)
            and coalesce(oil <= $oil, true)
        ) / count(*) as share
    from cells
    group by all
)
select '' as district, s.period, avg(s.share) as value, sum(c.samples) as rows, sum(c.samples) as due
from shares s join campaigns c on c.period = s.period and c.campaign = s.campaign
group by all
