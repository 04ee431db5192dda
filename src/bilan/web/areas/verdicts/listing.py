"""How every point stands: its newest verdict, whatever its network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from bilan.pack import vocab
from bilan.pack.vocab import networks
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.areas.verdicts.telling import LEAST
from bilan.web.areas.verdicts.words import form_of, listed, standard_of
from bilan.web.components import levels, numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.registry import Request
from bilan.web.templatetags.bilan import level_badge

GOOD = 2
"""Worst level of the air that is not over a limit."""
OVER, WITHIN, NONE, OLD = "over", "within", "none", "old"
_DETAIL = pl.Struct({"attained": pl.Boolean})


@dataclass(frozen=True, slots=True)
class Share:
    """How the points of one network stand."""

    name: str
    href: str
    judged: int
    over: int


def rows(request: Request) -> list[dict[str, Any]]:
    """One row a visible point that has a verdict."""
    points = {point.code: point for point in request.monitoring.points(district=request.district)}
    now = clock.now(site.city().timezone)
    found = request.monitoring.standing(points).with_columns(pl.col("detail").str.json_decode(_DETAIL).struct.unnest())
    return [_row(row, points[row["point"]], now) for row in found.iter_rows(named=True)]


def table(request: Request, shown: Sequence[Mapping[str, Any]]) -> Table:
    """The rows as a table."""
    known = [(entry.code, numbers.named(entry)) for entry in networks().values() if any(row["network"] == entry.code for row in shown)]
    names = {row["district"]: row["district_name"] for row in shown if row["district"]}
    grades = {(row["kind"], row["grade"]): row["level"] for row in shown}
    ordered = dict.fromkeys(grades[key] for key in sorted(grades, key=lambda key: (levels.kinds().index(key[0]), key[1])))
    columns = [
        Column("name", _("Point"), href=lambda row: reverse("point", args=[row["code"]])),
        Column("code", _("Code"), shown=False),
        Column("network_name", _("Network"), wide=True),
        Column("district_name", _("District"), wide=True),
        Column("level", _("Verdict"), render=lambda row: level_badge(row["kind"], row["grade"]), href=lambda row: row["href"]),
        Column("state_name", _("Limits or target"), render=_state),
        Column("main_names", _("Main items"), wide=True),
        Column("extent", _("Extent"), wide=True, sortable=False),
        Column("start", _("Of"), render=lambda row: row["when"]),
        Column("standard_name", _("Standard"), wide=True),
        Column("validity", _("Validity"), shown=False),
    ]
    return Table(
        id="verdicts",
        caption=_("Newest verdict of every point"),
        columns=columns,
        rows=shown,
        query=request.GET,
        search=("name", "code", "main_names"),
        filters=[
            Filter("network", _("All networks"), known),
            Filter("district", _("All districts"), sorted(names.items())),
            Filter("level", _("All levels"), [(name, name) for name in ordered]),
            Filter("state", _("Limits or target"), [(name, text) for name, text in _states().items()]),
        ],
        sort="name",
        empty=_("No point has been judged yet."),
    )


def shares(shown: Sequence[Mapping[str, Any]]) -> list[Share]:
    """How the points of each network stand, with the way to those over a limit."""
    judged = Counter(row["network"] for row in shown if row["state"] in {OVER, WITHIN})
    over = Counter(row["network"] for row in shown if row["state"] == OVER)
    return [
        Share(numbers.named(entry), f"?{urlencode({'network': code, 'state': OVER})}", judged[code], over[code])
        for code, entry in networks().items()
        if judged[code]
    ]


def _row(row: Mapping[str, Any], point: Point, now: int) -> dict[str, Any]:
    reached = levels.level(row["kind"], row["grade"])
    over = _is_over(row)
    state = OLD if row["until"] < now else NONE if over is None else OVER if over else WITHIN
    return {
        "code": point.code,
        "name": numbers.named(point),
        "network": point.network,
        "network_name": numbers.named(networks()[point.network]),
        "district": point.district,
        "district_name": site.district_name(point.district, numbers.language()) if point.district else "",
        "kind": row["kind"],
        "grade": row["grade"],
        "level": reached.label(numbers.language()) if reached else "",
        "href": f"{reverse('why', args=[row['method'], point.code])}?{urlencode({'at': clock.moment(row['start']).isoformat()})}",
        "state": state,
        "state_name": _states()[state],
        "main_names": _names(row["main"]),
        "extent": _extent(row),
        "start": row["start"],
        "when": numbers.wall(row["start"], form_of(row["method"])),
        "standard_name": standard_of(row),
        "validity": _("valid") if row["valid"] else _("not valid"),
    }


def _is_over(row: Mapping[str, Any]) -> bool | None:
    """Over a limit, worse than the target class, or air that is not good; None for a class without a target."""
    if row["kind"] == "limits":
        return bool(row["grade"] > 1)
    attained: bool | None = row["attained"]
    return bool(row["grade"] > GOOD) if row["kind"] == "aqi" else None if attained is None else not attained


def _extent(row: Mapping[str, Any]) -> str:
    """The number behind a verdict where its level is not all of it."""
    if row["kind"] == "aqi":
        return f"AQI {numbers.digits(row['value'], 0)}"
    if row["kind"] != "limits" or not row["value"]:
        return ""
    if row["method"] == "noise.day":
        return _("%(number)s dB above") % {"number": numbers.digits(row["value"], 1)}
    return _("%(times)s times over") % {"times": numbers.digits(row["value"], 2 if row["value"] >= LEAST else 4)}


def _states() -> dict[str, str]:
    return {OVER: _("over or missed"), WITHIN: _("met"), NONE: _("no target"), OLD: _("no recent verdict")}


def _state(row: Mapping[str, Any]) -> str:
    tone = {OVER: "bad", WITHIN: "ok"}.get(row["state"], "quiet")
    return format_html('<span class="status status-{}">{}</span>', tone, row["state_name"])


def _names(main: str) -> str:
    known = vocab.parameters()
    return listed(tuple(numbers.labelled(known[name]) if name in known else name for name in (main or "").split(",") if name))
