/*
template: reported-figure
title: 填报数据本身 · A reported figure as it is
about: 部门填报并签发的数，不再计算 · The figure that a department reported and signed, without further computing
parameters:
  series: {title: "填报数据的名称 · Name of the reported figure"}
common:
  direction: up
  period: year
  by: [city, district]
  missing: none
  source: reported
  confidence: unverified
  odds: {kind: reported}
*/
select district, period, value, 1 as rows, 1 as due
from figures
where series = $series and day between $begin and $end
