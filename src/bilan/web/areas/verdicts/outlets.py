"""What verdicts of outlets rest on: values, oxygen, and where each limit comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bilan.evaluation.emission import BLIND, STANDARD
from bilan.evaluation.rules.limits import OUTLET, PERMIT
from bilan.pack import vocab
from bilan.pack.vocab import Parameter
from bilan.science import emissions
from bilan.telemetry import clock
from bilan.web.areas.verdicts.shape import Item, Reasons, Rule, rule
from bilan.web.areas.verdicts.telling import OVER, bounds, clause_text, figure, mean_of, over_or_within, short, times, titled, unit_text
from bilan.web.areas.verdicts.words import CONFIDENCE, UNVERIFIED
from bilan.web.components import numbers

Detail = Mapping[str, Any]


def of_emission(verdict: Mapping[str, Any], detail: Detail) -> Reasons:
    """Why an outlet meets its limits, or does not."""
    start = clock.moment(verdict["start"])
    averaging: Any = verdict["method"].rpartition(".")[2]
    choices = emissions.choose(detail["source"], averaging, start.date(), ()) if detail.get("source") else {}
    marked = [name.removeprefix("class_") for name in detail if name.startswith("class_")]
    items = [_emission_item(vocab.by_column(name), detail, choices.get(name), averaging) for name in marked]
    return over_or_within(items, _emission_rules(verdict, detail))


def _emission_item(parameter: Parameter, detail: Detail, choice: emissions.Choice | None, averaging: str) -> Item:
    name = parameter.column
    limit, factor, converted = (detail.get(f"{mark}_{name}") for mark in ("limit", "factor", "converted"))
    by = detail.get(f"by_{name}", "")
    of_standard = by.startswith(STANDARD) if by else choice is not None and choice.limit.high == limit
    standard = choice.limit if choice is not None and of_standard else None
    over = detail.get(f"class_{name}") == OVER
    basis = _("measured %(value)s at %(oxygen)s %% oxygen") % {"value": short(detail.get(name)), "oxygen": short(detail.get("o2"))}
    return Item(
        name=titled(numbers.named(parameter), parameter.symbol, name),
        value=figure(detail.get(name) if converted is None else converted),
        unit=unit_text(parameter.emission_unit),
        basis=basis if converted is not None and detail.get("o2") is not None else mean_of(detail.get(f"hours_{name}"), averaging),
        limits=bounds(None, limit),
        result="",
        kind="limits",
        grade=OVER if over else 1,
        factor=times(factor),
        decides=over,
        counted=True,
        clause=f"{standard.title} {clause_text(standard.clause)}" if standard else origin(by),
        confidence=str(CONFIDENCE[standard.confidence if standard else "register" if by.startswith((PERMIT, OUTLET)) else "permit"]),
        unverified=standard is not None and standard.confidence == UNVERIFIED,
    )


def origin(by: str) -> str:
    """Say where a limit comes from.

    Parameters:
        by: ``by_<item>`` of a verdict: kind, number and clause, joined by ``|``.
    """
    source, _bar, rest = by.partition("|")
    number, _bar, text = rest.partition("|")
    words = {
        PERMIT: _("discharge permit %(number)s") % {"number": number},
        OUTLET: _("outlet %(number)s in the register") % {"number": number},
        STANDARD: number,
    }
    return " ".join(part for part in (words.get(source) or _("limit of the outlet"), clause_text(text)) if part)


def _emission_rules(verdict: Mapping[str, Any], detail: Detail) -> list[Rule]:
    rules = []
    if detail.get("reference_o2") is not None:
        oxygen = _("Waste gas is converted to %(oxygen)s %% oxygen, the reference of the source.") % {
            "oxygen": short(detail["reference_o2"])
        }
        rules.append(rule(oxygen, "HJ 75-2017", "verified_1"))
    rules += _blind_rules(detail)
    if verdict["method"] == "emission.day":
        rules.append(rule(_("A day is valid with at least 20 valid hours of each item."), "HJ 75-2017; HJ 356-2019", "verified_1"))
    else:
        rules.append(rule(_("Hours within the limits are not kept: only those over one have a verdict."), verdict["method"], "local"))
    return rules


def _blind_rules(detail: Detail) -> list[Rule]:
    """Why hours that count were left out."""
    high, missing = (detail.get(name) for name in BLIND)
    rules = []
    if high:
        bound = emissions.oxygen_rule(detail.get("source") or emissions.ANY)
        said = _("Hours not judged because nothing is converted above %(most)s %% oxygen: %(hours)s") % {
            "most": f"{bound.most:g}",
            "hours": high,
        }
        rules.append(rule(said, f"{bound.standard} {bound.clause}" if bound.clause else "", bound.confidence))
    if missing:
        rules.append(rule(_("Hours not judged because no oxygen was measured: %(hours)s") % {"hours": missing}, "HJ 75-2017", "verified_1"))
    return rules
