"""The sections of the rivers and lakes in a period, from the verdicts of their months."""

from __future__ import annotations

from typing import Any

import polars as pl

from bilan.evaluation.water import ITEMS, with_sections
from bilan.pack.reports import PeriodKind
from bilan.plans.reporting import charts
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.words import digits
from bilan.science import water
from bilan.science.standards.water.status import water_classes

GOOD, WORST = 3, 6
_ITEMS = pl.Struct(dict.fromkeys(ITEMS, pl.Float64))
_MODES: dict[PeriodKind, Any] = {PeriodKind.MONTH: "month", PeriodKind.QUARTER: "quarter"}


def given(context: Context) -> Given:
    """Everything about the waters."""
    return _Waters(context).given()


class _Waters:
    """Judges every section once for the period and once for that of a year earlier."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.points = {point.code: point for point in context.monitoring.points("surface_water")}
        self.now = self._judged(*context.period.span(to_date=context.to_date))
        self.before = self._judged(*context.period.span_before(to_date=context.to_date))
        self.ranked = self._ranked()

    def given(self) -> Given:
        """Numbers, tables and a chart."""
        tables = {"water.sections": self._sections, "water.missed": self._missed, "water.districts": self._districts}
        return Given(self._numbers(), tables, {"water.classes": self._classes})

    def _judged(self, begin: int, end: int) -> pl.DataFrame:
        """One row a section with its class, target and index; empty without any."""
        found = self.context.monitoring.verdicts("water.month", list(self.points), begin, end)
        if found.is_empty():
            return pl.DataFrame()
        samples = found.select(
            "point",
            pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")).alias("start"),
            pl.col("detail").str.json_decode(_ITEMS).struct.unnest(),
        )
        places = [(point.code, point.district) for point in self.points.values()]
        districts = pl.DataFrame(places, schema={"point": pl.String, "district": pl.String}, orient="row")
        rows = with_sections(samples, list(self.points.values())).join(districts, on="point", how="left")
        mode: Any = "year" if self.context.to_date else _MODES.get(self.context.period.kind, "year")
        return water.evaluate_periods(rows, by=mode).drop_nulls("grade").sort("point")

    def _numbers(self) -> dict[str, Found]:
        origin = self._origin("sections")
        now, before = _counts(self.now), _counts(self.before)
        found = {
            f"water.{name}": Found(now.get(name), before.get(name), origin) for name in ("sections", "good", "attained", "poor", "missed")
        }
        names = [self.context.district(row["district"]) for row in self.ranked]
        origin = self._origin("waters")
        found["water.best"] = Found(names[0] if names else None, origin=origin)
        found["water.worst"] = Found(names[-1] if names else None, origin=origin)
        return found

    def _origin(self, of: str) -> Origin:
        period = self.context.period
        yearly = self.context.to_date or period.kind is PeriodKind.YEAR
        at = str(period.year) if yearly else f"{period.last:%Y-%m}"
        return Origin("ranking", query={"of": of, "period": "year" if yearly else "month", "at": at})

    def _ranked(self) -> list[dict[str, Any]]:
        """Districts by their index, the best first."""
        if self.now.is_empty():
            return []
        index = water.city_index(self.now.select("district", "section_type", *ITEMS), city="district").select("district", "cwqi", "rank")
        shares = water.attainment(self.now, by="district").select("district", "sections", "share_good", "share_attained")
        return shares.join(index, on="district").sort("rank", "district").to_dicts()

    def _sections(self) -> Rows:
        return self._rows(self.now)

    def _missed(self) -> Rows:
        missed = self.now if self.now.is_empty() else self.now.filter(~pl.col("attained"))
        return self._rows(missed)

    def _rows(self, frame: pl.DataFrame) -> Rows:
        say, english = self.context.say, self.context.english
        classes = {entry.grade: entry.name_en if english else entry.name_zh for entry in water_classes()}
        titles = (
            (say("断面", "Section"), 2.4),
            (say("县（市、区）", "District"), 1.6),
            (say("类别", "Class"), 1.0),
            (say("目标", "Target"), 1.0),
        )
        more = ((say("达标", "On target"), 0.9), (say("主要污染指标", "What exceeds"), 2.4))
        rows, names = [], []
        for row in frame.to_dicts():
            point = self.points[row["point"]]
            attained = "—" if row["attained"] is None else say("是", "yes") if row["attained"] else say("否", "no")
            rows.append(
                (
                    point.name_en if english and point.name_en else point.name_zh,
                    self.context.district(row["district"] or ""),
                    classes.get(row["grade"], "—"),
                    classes.get(row["target_class"], "—"),
                    attained,
                    str(row["main"] or "—"),
                )
            )
            names.append(row["point"])
        return Rows(tuple(Column(title, share=share) for title, share in (*titles, *more)), tuple(rows), tuple(names))

    def _districts(self) -> Rows:
        say = self.context.say
        columns = (
            Column(say("县（市、区）", "District"), share=2),
            Column(say("排名", "Rank"), numeric=True),
            Column(say("水质指数", "Index"), numeric=True),
            Column(say("断面数", "Sections"), numeric=True),
            Column(say("Ⅰ～Ⅲ类（%）", "Class I–III (%)"), numeric=True, share=1.4),
            Column(say("达标（%）", "On target (%)"), numeric=True, share=1.2),
        )
        rows = tuple(
            (
                self.context.district(row["district"]),
                str(row["rank"]),
                digits(row["cwqi"], 4),
                str(row["sections"]),
                _percent(row["share_good"]),
                _percent(row["share_attained"]),
            )
            for row in self.ranked
        )
        return Rows(columns, rows, tuple(row["district"] for row in self.ranked))

    def _classes(self) -> Drawn | None:
        if self.now.is_empty():
            return None
        grades, known = self.now["grade"].to_list(), water_classes()
        names = [entry.name_en if self.context.english else entry.name_zh for entry in known]
        counts = [float(grades.count(entry.grade)) for entry in known]
        svg, ratio = charts.columns(names, counts, [entry.colour for entry in known], self.context.say("断面数", "sections"))
        return Drawn(svg, ratio, "，".join(f"{name}{count:.0f}" for name, count in zip(names, counts, strict=True)))


def _counts(frame: pl.DataFrame) -> dict[str, float | None]:
    if frame.is_empty():
        return {}
    total = frame.height
    judged = frame.drop_nulls("attained")
    return {
        "sections": total,
        "good": 100 * frame.filter(pl.col("grade") <= GOOD).height / total,
        "poor": frame.filter(pl.col("grade") >= WORST).height,
        "attained": 100 * judged.filter(pl.col("attained")).height / judged.height if judged.height else None,
        "missed": judged.filter(~pl.col("attained")).height,
    }


def _percent(share: float | None) -> str:
    return digits(None if share is None else 100 * share, 1)
