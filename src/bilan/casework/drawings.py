"""Random inspections: pools from the registers and the accounts, a draw that is kept with all it rests on, and the cases from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from bilan.casework.drawing import METHOD, TEAM, Drawn, Inspector, Target, assign, digest, draw_targets
from bilan.casework.models import Campaign, Case, Drawing
from bilan.casework.moving import Opening, open_many
from bilan.casework.targets import arguments_of_query, require_assign
from bilan.people.models import Person
from bilan.people.visibility import visible_to
from bilan.problems import BilanError, Problem
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write

FLOW, RECORDS = "random-inspection", "inspection-record"
INSPECTORS = "enforcement-officer"
CREDIT: Mapping[str, int] = {"trusted": 1, "good": 2, "warned": 5, "bad": 10}
"""Credit grade → tickets in the draw; the worse, the likelier."""
UNRATED = 2


def targets_of(by: Person, register: str, query: str = "", *, kind: str = "", spared: Iterable[str] = ()) -> list[Target]:
    """The pool of targets: entries of a register that a list's filters keep, weighed by credit.

    Parameters:
        query: filters as the address of the register's list writes them.
        kind: field whose value is the class of a target; empty for one class.
        spared: codes that are kept out, such as those on the positive list.

    Raises:
        BilanError: a filter is not known, or the field is none of the register's.
    """
    ledger = Ledger(visible_to(by))
    declared = ledger.register(register)
    if kind and kind not in declared.fields:
        raise BilanError(Problem("drawing.no_field", {"value": kind, "register": register, "allowed": sorted(declared.fields)}))
    entries = list(ledger.entries(register, arguments_of_query(query)).order_by("code"))
    whose = {entry.code: _enterprise(entry) for entry in entries}
    grades = credit_of(set(whose.values()) - {""})
    out = set(spared)
    return [
        Target(
            code=entry.code,
            name=entry.name,
            kind=str(entry.data.get(kind) or "") if kind else "",
            weight=0 if entry.code in out or whose[entry.code] in out else CREDIT.get(grades.get(whose[entry.code], ""), UNRATED),
            district=entry.district,
            organisation=entry.organisation or whose[entry.code],
        )
        for entry in entries
    ]


def credit_of(enterprises: set[str]) -> dict[str, str]:
    """Enterprise → grade of its newest credit evaluation."""
    found: dict[str, str] = {}
    rows = Entry.objects.filter(register="environmental-credit", archived=False).order_by("pk").values_list("data", flat=True)
    for data in rows:
        code = str(data.get("enterprise") or "")
        if code in enterprises and data.get("grade"):
            found[code] = str(data["grade"])
    return found


def positive_list() -> set[str]:
    """Enterprises on the positive list: they are watched off site instead of drawn."""
    rows = Entry.objects.filter(register="positive-list", status="listed", archived=False).values_list("data", flat=True)
    return {str(data["enterprise"]) for data in rows if data.get("enterprise")}


def inspectors_of(role: str = INSPECTORS, avoids: Mapping[str, Sequence[str]] | None = None) -> list[Inspector]:
    """The pool of inspectors: accounts in use that have the role, each with the targets they inspected last, which they avoid.

    Parameters:
        avoids: user name → further codes of targets and organisations that they declared to avoid.
    """
    persons = [person for person in Person.objects.filter(is_active=True).order_by("username") if role in person.roles]
    last: dict[str, set[str]] = {}
    for drawing in Drawing.objects.order_by("-made")[:1]:
        for entry in drawing.drawn:
            for code in entry["inspectors"]:
                last.setdefault(code, set()).add(entry["target"])
    given = avoids or {}
    return [
        Inspector(
            code=person.username,
            name=str(person),
            districts=tuple(sorted({str(code)[:6] for code in person.districts})),
            organisation=person.organisation,
            avoids=tuple(sorted({*given.get(person.username, ()), *last.get(person.username, ())})),
        )
        for person in persons
    ]


def draw(
    by: Person,
    name: str,
    seed: str,
    register: str,
    query: str,
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    share: Mapping[str, float],
    *,
    team: int = TEAM,
    campaign: Campaign | None = None,
) -> Drawing:
    """Draw, and keep the draw with everything that it rests on.

    Raises:
        NotAllowed: the person may not give out cases.
        BilanError: there is no seed, nothing is drawn, or too few inspectors may go somewhere.
    """
    require_assign(by)
    if not seed.strip():
        raise BilanError(Problem("drawing.no_seed"))
    chosen = draw_targets(seed, targets, share)
    if not chosen:
        raise BilanError(Problem("drawing.nothing", {"count": len(targets)}))
    drawn = assign(seed, chosen, inspectors, team)
    return Drawing.objects.create(
        name=name,
        seed=seed,
        method=METHOD,
        register=register,
        query=query,
        targets=[_plain(target) for target in targets],
        inspectors=[_plain(inspector) for inspector in inspectors],
        pool=digest(targets, inspectors),
        share={**share, TEAM_KEY: team},
        drawn=[_plain(entry) for entry in drawn],
        person=by,
        campaign=campaign,
    )


TEAM_KEY = "@team"
"""Where among the shares the size of the teams is kept."""


def repeated(drawing: Drawing) -> list[Drawn]:
    """Draw again from what was kept: the same result on every machine.

    Raises:
        BilanError: the pools kept are not those that were drawn from.
    """
    targets, inspectors = pools(drawing)
    if digest(targets, inspectors) != drawing.pool:
        raise BilanError(Problem("drawing.pool_changed", {"value": drawing.name}))
    share = {name: part for name, part in drawing.share.items() if name != TEAM_KEY}
    return assign(drawing.seed, draw_targets(drawing.seed, targets, share), inspectors, int(drawing.share.get(TEAM_KEY, TEAM)))


def holds(drawing: Drawing) -> bool:
    """Whether repeating the draw gives what was kept."""
    try:
        return [_plain(entry) for entry in repeated(drawing)] == drawing.drawn
    except BilanError:
        return False


def pools(drawing: Drawing) -> tuple[list[Target], list[Inspector]]:
    """Targets and inspectors that were drawn from."""
    lists = ("districts", "avoids")
    rows: list[dict[str, Any]] = [{**row, **{key: tuple(row[key]) for key in lists}} for row in drawing.inspectors]
    inspectors = [Inspector(**row) for row in rows]
    return [Target(**row) for row in drawing.targets], inspectors


def open_inspections(drawing: Drawing, by: Person) -> list[Case]:
    """Plan an inspection for each target drawn and open its case, owned by the first inspector with the others beside; done once.

    Raises:
        NotAllowed: the person may not give out cases.
        BilanError: a record or a case is refused; then nothing is opened.
    """
    require_assign(by)
    seeds = [_seed(drawing, entry["target"]) for entry in drawing.drawn]
    standing = set(Case.objects.filter(flow=FLOW, seed__in=seeds).values_list("seed", flat=True))
    wanted = [entry for entry in drawing.drawn if _seed(drawing, entry["target"]) not in standing]
    people = {
        person.username: person for person in Person.objects.filter(username__in={name for entry in wanted for name in entry["inspectors"]})
    }
    known = {target.code: target for target in pools(drawing)[0]}
    entries = {
        entry.code: entry for entry in Entry.objects.filter(register=drawing.register, code__in=[entry["target"] for entry in wanted])
    }
    with transaction.atomic():
        drafts = [Draft(_record(drawing, known[entry["target"]], entries.get(entry["target"]), entry, people)) for entry in wanted]
        outcome = write(RECORDS, drafts, Author(by, None, drawing.name, "case"))
        if outcome.refused:
            raise BilanError(*(problem for result in outcome.refused[:5] for problem in result.problems))
        openings = [
            Opening(
                title=f"{drawing.name} · {known[entry['target']].name or entry['target']}",
                register=RECORDS,
                entry=result.code,
                owner=people.get(entry["inspectors"][0]),
                seed=_seed(drawing, entry["target"]),
                campaign=drawing.campaign,
            )
            for entry, result in zip(wanted, outcome.results, strict=True)
        ]
        done = open_many(FLOW, openings, by) if openings else []
        problems = [problem for entry in done for problem in entry.problems]
        if problems:
            raise BilanError(*problems[:5])
        cases = [entry.case for entry in done if entry.case is not None]
        for case, entry in zip(cases, wanted, strict=True):
            case.helpers.add(*(people[name] for name in entry["inspectors"][1:] if name in people))
    return cases


def _record(
    drawing: Drawing, target: Target, entry: Entry | None, drawn: Mapping[str, Any], people: Mapping[str, Person]
) -> dict[str, Any]:
    """A planned inspection of one target."""
    enterprise = _enterprise(entry) if entry is not None else ""
    names = "、".join(str(people[name]) if name in people else name for name in drawn["inspectors"])
    place = {"geometry": {"type": "Point", "coordinates": [entry.lon, entry.lat]}} if entry is not None and entry.lon is not None else {}
    return {
        "name": f"{target.name or target.code} 双随机检查",
        "district": target.district,
        **({"organisation": entry.organisation} if entry is not None and entry.organisation else {}),
        **place,
        "kind": "random",
        "method": "site",
        "draw": drawing.name,
        "seed": drawing.seed,
        "weight": target.weight,
        "officers": names,
        **({"enterprise": enterprise} if enterprise else {"target": target.name or target.code}),
    }


def _enterprise(entry: Entry) -> str:
    return entry.code if entry.register == "enterprise" else str(entry.data.get("enterprise") or "")


def _seed(drawing: Drawing, target: str) -> str:
    return f"drawing:{drawing.pk}:{target}"


def _plain(entry: Target | Inspector | Drawn) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(entry).items()}


def published(drawing: Drawing) -> dict[str, Any]:
    """What is made public of a draw: method, seed, digest and size of the pools, and the result without the inspectors."""
    return {
        "name": drawing.name,
        "method": drawing.method,
        "seed": drawing.seed,
        "pool": drawing.pool,
        "made": timezone.localtime(drawing.made).isoformat(timespec="seconds"),
        "targets": len(drawing.targets),
        "inspectors": len(drawing.inspectors),
        "share": drawing.share,
        "drawn": [entry["target"] for entry in drawing.drawn],
    }
