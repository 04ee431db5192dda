"""The air of the city, its districts and its stations in a period, from the verdicts of its days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from bilan.evaluation.air import CITY_KIND
from bilan.evaluation.readback import as_days
from bilan.evaluation.summary_years import periods
from bilan.pack.reports import PeriodKind
from bilan.pack.vocab import by_column
from bilan.plans.reporting import charts
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.periods import Period, stamp
from bilan.plans.reporting.words import change, difference, digits
from bilan.problems import BilanError
from bilan.science import air
from bilan.science.standards.air.categories import categories

POLLUTANTS = ("pm25", "pm10", "o3_8h", "no2", "so2", "co")
SYMBOLS = {"o3": "O₃", "pm25": "PM2.5", "pm10": "PM10", "o3_8h": "O₃", "no2": "NO₂", "so2": "SO₂", "co": "CO"}
OF_PERIOD = ("days", "good", "ratio", "heavy", "composite", *POLLUTANTS)
_MODES = {PeriodKind.MONTH: "month", PeriodKind.QUARTER: "quarter"}
By = dict[str, dict[str, Any]]
"""Code of a station or an area → its measures."""


def given(context: Context) -> Given:
    """Everything about the air."""
    return _Air(context).given()


class _Air:
    """Reads the days once and serves every number, table and chart from them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.day = context.period.kind is PeriodKind.DAY
        self.codes = [area.adcode for area in context.districts]
        areas = [context.city.adcode, *self.codes]
        self.days = self._days(areas, context.period.span(to_date=context.to_date))
        self.now = self._measures(self.days)
        self.before = self._measures(self._days(areas, context.period.span_before(to_date=context.to_date)))
        self.by = "aqi" if self.day else "composite"
        self.ranks = _ranks(self.now, self.codes, self.by)

    def given(self) -> Given:
        """Numbers, tables and charts."""
        tables = {"air.districts": self._districts, "air.stations": self._stations, "air.pollutants": self._pollutants}
        pictures = {"air.levels": self._levels, "air.ranking": self._ranking, "air.daily": self._daily, "air.months": self._months}
        return Given(self._numbers(), tables, pictures)

    def _days(self, codes: Sequence[str], span: tuple[int, int]) -> pl.DataFrame:
        return as_days(self.context.monitoring.verdicts("air.day", codes, *span))

    def _measures(self, days: pl.DataFrame) -> By:
        if self.day:
            columns = ("point", "aqi", "level", "primary", *POLLUTANTS)
            return {row.pop("point"): row for row in days.drop_nulls("aqi").select(columns).to_dicts()}
        return periods(_in_one_year(days, self.context.period), by="year" if self.context.to_date else self._mode)

    @property
    def _mode(self) -> str:
        return _MODES.get(self.context.period.kind, "year")

    def _numbers(self) -> dict[str, Found]:
        city = self.context.city.adcode
        now, before = self.now.get(city, {}), self.before.get(city, {})
        origin = self._origin()
        found = {
            f"air.{name}": Found(now.get(name), before.get(name), origin)
            for name in ("aqi", *POLLUTANTS) + (() if self.day else OF_PERIOD[:5])
        }
        found["air.primary"] = Found(self._named(now.get("primary")), origin=origin)
        if self.day:
            found["air.level"] = Found(self._level(now.get("level")), origin=origin)
        ordered = sorted(self.ranks, key=lambda code: self.ranks[code])
        found["air.districts"] = Found(len(ordered) or None, origin=origin)
        found["air.best"] = Found(self.context.district(ordered[0]) if ordered else None, origin=origin)
        found["air.worst"] = Found(self.context.district(ordered[-1]) if ordered else None, origin=origin)
        return found

    def _origin(self, of: str = "districts") -> Origin:
        kind, at = _as_ranked(self.context.period, to_date=self.context.to_date)
        return Origin("ranking", query={"of": of, "period": kind, "at": at})

    def _named(self, primary: object) -> str | None:
        return "、".join(_symbol(code) for code in str(primary or "").split(",") if code) or None

    def _level(self, level: object) -> str | None:
        return next((entry.name(self.context.language) for entry in categories() if entry.level == level), None)

    def _districts(self) -> Rows:
        return self._ranked([self.context.city.adcode, *self.codes], self.now, self.before, self.context.district, self.ranks)

    def _stations(self) -> Rows:
        points = [point for point in self.context.monitoring.points("air") if point.attributes.get("kind") == CITY_KIND]
        names = {point.code: point.name_en if self.context.english and point.name_en else point.name_zh for point in points}
        now = self._measures(self._days(list(names), self.context.period.span(to_date=self.context.to_date)))
        return self._ranked(list(names), now, None, names.__getitem__, _ranks(now, list(names), self.by))

    def _ranked(self, codes: Sequence[str], now: By, before: By | None, name: Any, ranks: Mapping[str, int]) -> Rows:
        say = self.context.say
        shown: list[tuple[str, str, int]] = [(self.by, "AQI" if self.day else say("综合指数", "Index"), 0 if self.day else 2)]
        shown += [] if self.day else [("ratio", say("优良比例（%）", "Good days (%)"), 1)]
        shown += [(pollutant, SYMBOLS[pollutant], 1) for pollutant in POLLUTANTS]
        columns = [Column(say("名称", "Name"), share=2.2), Column(say("排名", "Rank"), numeric=True, share=0.8)]
        columns += [Column(title, numeric=True, share=1.4 if key == "ratio" else 1.1) for key, title, _decimals in shown]
        columns += [Column(say("同比", "Change"), numeric=True, share=1.4)] if before is not None else []
        rows, names = [], []
        for code in sorted((code for code in codes if code in now), key=lambda code: (ranks.get(code, 0), code)):
            values = now[code]
            cells = [name(code), str(ranks.get(code, "—"))]
            cells += [digits(values.get(key), decimals, self.context.language) for key, _title, decimals in shown]
            if before is not None:
                amount = difference(values.get(self.by), before.get(code, {}).get(self.by), "percent")
                cells.append("—" if amount is None else f"{amount:+.1f}%")
            rows.append(tuple(cells))
            names.append(code)
        note = say(
            "浓度单位：微克/立方米，CO为毫克/立方米；O₃为日最大8小时平均",
            "Concentrations in µg/m³, CO in mg/m³; O₃ is the daily maximum of 8 h",
        )
        return Rows(tuple(columns), tuple(rows), tuple(names), note)

    def _pollutants(self) -> Rows:
        say, city = self.context.say, self.context.city.adcode
        now, before = self.now.get(city, {}), self.before.get(city, {})
        titles = (
            say("污染物", "Pollutant"),
            say("浓度", "Value"),
            say("单位", "Unit"),
            say("上年同期", "Year before"),
            say("同比", "Change"),
        )
        rows = []
        for name in POLLUTANTS:
            value, was = now.get(name), before.get(name)
            unit = say("毫克/立方米", "mg/m³") if name == "co" else say("微克/立方米", "µg/m³")
            amount = change(difference(value, was, "percent"), "percent", self.context.language)
            rows.append((SYMBOLS[name], digits(value, 1), unit, digits(was, 1), amount))
        columns = tuple(Column(title, numeric=at in (1, 3)) for at, title in enumerate(titles))
        return Rows(columns, tuple(rows), POLLUTANTS)

    def _levels(self) -> Drawn | None:
        levels = self.days.filter(pl.col("point") == self.context.city.adcode)["level"].drop_nulls().to_list()
        if not levels:
            return None
        known = categories()
        counts = [float(levels.count(entry.level)) for entry in known]
        names = [entry.name(self.context.language) for entry in known]
        svg, ratio = charts.columns(names, counts, [entry.colour for entry in known], self.context.say("天", "days"))
        words = "，".join(f"{name}{count:.0f}" for name, count in zip(names, counts, strict=True))
        return Drawn(svg, ratio, words)

    def _ranking(self) -> Drawn | None:
        ordered = sorted(self.ranks, key=lambda code: (self.ranks[code], code))
        if not ordered:
            return None
        decimals = 0 if self.day else 2
        rows = [
            charts.Bar(self.context.district(code), self.now[code][self.by], digits(self.now[code][self.by], decimals)) for code in ordered
        ]
        svg, ratio = charts.bars(rows)
        return Drawn(svg, ratio, "，".join(f"{row.name}{row.text}" for row in rows))

    def _daily(self) -> Drawn | None:
        days = self.days.filter(pl.col("point") == self.context.city.adcode).sort("day")
        if days["aqi"].drop_nulls().is_empty():
            return None
        names = [f"{day.month}-{day.day}" for day in days["day"]]
        svg, ratio = charts.lines(names, [charts.Line("AQI", days["aqi"].cast(pl.Float64).to_list())], "AQI", 100)
        return Drawn(svg, ratio, self.context.say("逐日AQI折线，虚线为100", "AQI by day; the dashed line is 100"))

    def _months(self) -> Drawn | None:
        year = self.context.period.year
        drawn = []
        for at, colour, dashed in ((year - 1, charts.SOFT, True), (year, charts.AZURE, False)):
            begin = self.context.period.begin.replace(year=at, month=1, day=1)
            days = self._days([self.context.city.adcode], (stamp(begin), stamp(begin.replace(year=at + 1))))
            means = dict(days.group_by(pl.col("day").dt.month()).agg(pl.col("pm25").mean().round(1)).iter_rows())
            drawn.append(charts.Line(str(at), [means.get(month) for month in range(1, 13)], colour, dashed))
        if not any(value is not None for line in drawn for value in line.values):
            return None
        names = [self.context.say(f"{month}月", f"{begin.replace(month=month):%b}") for month in range(1, 13)]
        svg, ratio = charts.lines(names, drawn, self.context.say("微克/立方米", "µg/m³"))
        return Drawn(svg, ratio, self.context.say(f"{year - 1}年与{year}年PM2.5月均浓度", f"Monthly PM2.5 of {year - 1} and {year}"))


def _ranks(now: By, codes: Sequence[str], by: str) -> dict[str, int]:
    kept = [(code, now[code][by]) for code in codes if now.get(code, {}).get(by) is not None]
    frame = pl.DataFrame(kept, schema={"point": pl.String, by: pl.Float64}, orient="row")
    return dict(air.rank(frame, by, within=()).select("point", "rank").iter_rows())


def _in_one_year(days: pl.DataFrame, period: Period) -> pl.DataFrame:
    """A week over the turn of the year is counted as one: its days are moved into the older year."""
    if period.kind is not PeriodKind.WEEK or period.begin.year == (period.end - timedelta(days=1)).year:
        return days
    return days.with_columns(pl.col("day") - pl.duration(days=7))


def _symbol(code: str) -> str:
    """What a pollutant is called for short; verdicts name them by column or by code."""
    if code in SYMBOLS:
        return SYMBOLS[code]
    try:
        return str(by_column(code).symbol)
    except BilanError:
        return code


def _as_ranked(period: Period, *, to_date: bool) -> tuple[str, str]:
    """The period of the ranking page that shows the numbers, or comes nearest to them."""
    if to_date or period.kind is PeriodKind.YEAR:
        return "year", str(period.year)
    if period.kind in (PeriodKind.DAY, PeriodKind.WEEK):
        return "day", period.last.isoformat()
    return "month", f"{period.last:%Y-%m}"
