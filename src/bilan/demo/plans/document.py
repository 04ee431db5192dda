"""The demo city's own plan: read by the same reader as any other, confirmed, linked to indicators, made targets."""

from __future__ import annotations

import hashlib
from datetime import date
from importlib import resources
from pathlib import Path

from bilan.pack.indicators import Catalogue
from bilan.people.models import Person
from bilan.plans.commitments import commitments
from bilan.plans.confirming import confirm_many
from bilan.plans.linking import linked
from bilan.plans.models import Commitment, Kind, Plan, PlanState, Target
from bilan.plans.reader import read
from bilan.plans.taking import Heading, take
from bilan.plans.targeting import target_from
from bilan.plans.targets import even

CODE = "demo-2024"
FILE = "plan.txt"
ORGANISATION = "演示·生态环境局"
TITLE_EN = "Demo City's Plan for the Protection of Ecology and Environment (2024–2028)"
ISSUED = date(2024, 1, 15)
OWNERS = {
    "air": "大气环境科",
    "water": "水生态环境科",
    "sea": "海洋生态环境科",
    "groundwater": "土壤生态环境科",
    "soil": "土壤生态环境科",
    "noise": "大气环境科",
    "ecology": "自然生态保护科",
    "climate": "应对气候变化科",
    "waste": "固体废物与化学品科",
    "risk": "核与辐射安全科",
    "governance": "综合科",
}
"""Field of an indicator → who answers for its targets in the demo."""


def make(catalogue: Catalogue, person: Person | None) -> Plan:
    """Take the demo's plan over, unless it is there.

    Raises:
        BilanError: its text cannot be read.
    """
    standing: Plan | None = Plan.objects.filter(code=CODE).first()
    if standing is not None:
        return standing
    plan = _taken(person)
    _link(plan, catalogue)
    confirm_many(Commitment.objects.filter(plan=plan), person)
    _targets(plan, person)
    plan.state = PlanState.RUNNING
    plan.save(update_fields=["state"])
    return plan


def _taken(person: Person | None) -> Plan:
    with resources.as_file(resources.files("bilan.pack").joinpath("demo", FILE)) as path:
        document = read(Path(path))
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    heading = Heading(code=CODE, title_en=TITLE_EN, issued=ISSUED, organisation=ORGANISATION)
    return take(document, commitments(document), heading, person, digest=digest, file=FILE, demo=True)


def _link(plan: Plan, catalogue: Catalogue) -> None:
    indicators = tuple(catalogue)
    linking = []
    for entry in Commitment.objects.filter(plan=plan, kind=Kind.TARGET):
        entry.indicator = linked(entry.metric, entry.sentence, indicators, entry.subject, entry.unit)
        if entry.indicator:
            entry.owner = OWNERS.get(catalogue[entry.indicator].field, "")
            linking.append(entry)
    Commitment.objects.bulk_update(linking, ["indicator", "owner"])


def _targets(plan: Plan, person: Person | None) -> None:
    """A target for each linked commitment; table rows come last because they say the most: baseline and nature."""
    found = list(Commitment.objects.filter(plan=plan).exclude(indicator=""))
    for commitment in sorted(found, key=lambda entry: (bool(entry.nature), entry.number)):
        target_from(commitment, person)
    for target in Target.objects.filter(plan=plan, path={}):
        path = even(target)
        if path:
            Target.objects.filter(pk=target.pk).update(path=path)
