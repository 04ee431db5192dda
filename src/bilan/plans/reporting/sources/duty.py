"""What one department or one district answers for in the year of a period: its targets, commitments and tasks, and who leads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bilan.pack.reports import Each
from bilan.plans.models import Check, Commitment, Kind, Nature
from bilan.plans.reporting.context import Context, Given, Recipient, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.sources.targets import Standing, Stood, duties, newest, promised, running_plan, stood
from bilan.plans.reporting.sources.tasks import tasks_of, tasks_with_quantity
from bilan.plans.tasks import Task, progress

NOBODY = Recipient(Each.DEPARTMENTS, "", "")


def recipients(context: Context, kinds: Sequence[Each]) -> list[Recipient]:
    """Whom a report that is written once for each is written for: who answers for anything, with who leads them.

    A department is who answers for a target or a commitment of the city, or for a task of the whole city. What the departments of a
    district do stands in the letter of the district.
    """
    every = tasks_of(context)
    found: list[Recipient] = []
    if Each.DEPARTMENTS in kinds:
        owners = {entry.target.owner for entry in stood(context)} | {held.owner for held in commitments(context)}
        owners |= {task.owner for task in every if not task.district}
        found += [Recipient(Each.DEPARTMENTS, owner, owner) for owner in sorted(owners - {""})]
    if Each.DISTRICTS in kinds:
        here = {task.district for task in every} | {target.district for target in context.planbook.targets()}
        here |= {code for target in context.planbook.targets() for code in target.shares}
        found += [Recipient(Each.DISTRICTS, area.adcode, area.name(context.language)) for area in context.districts if area.adcode in here]
    return [Recipient(one.kind, one.code, one.name, _leader(_tasks(one, every, ()))) for one in found]


def given(context: Context) -> Given:
    """Counts and tables of the one the report is written for; nothing when it is written for nobody in particular."""
    one = context.recipient or NOBODY
    targets = _targets(context, one)
    every = tasks_of(context)
    promises = _commitments(context, one, every, targets)
    tasks = _tasks(one, every, [held.number for held in promises] if one.kind is Each.DEPARTMENTS else ())
    day = context.period.until
    stands = progress(tasks, "", day)
    plan = running_plan(context)
    where = {"district": one.code} if one.kind is Each.DISTRICTS else {"owner": one.code}
    asked = Origin("tasks", query={"year": str(context.period.year), **where})
    read = Origin("plan", (plan.code,)) if plan else None
    numbers = {
        "targets": Found(len(targets), origin=Origin("scorecard")),
        "binding": Found(sum(entry.target.nature == Nature.BINDING for entry in targets), origin=Origin("scorecard")),
        "commitments": Found(len(promises), origin=read),
        "tasks": Found(stands.total, origin=asked),
        "tasks_done": Found(stands.done, origin=asked),
        "tasks_late": Found(stands.late, origin=asked),
        "planned": Found(stands.budget if stands.budget else None, origin=asked),
    }
    return Given(
        {f"duty.{name}": found for name, found in numbers.items()},
        {
            "duty.targets": lambda: duties(context, targets, by_owner=one.kind is Each.DISTRICTS),
            "duty.commitments": lambda: _promises(context, promises),
            "duty.tasks": lambda: tasks_with_quantity(context, tasks),
        },
    )


def commitments(context: Context) -> list[Commitment]:
    """Commitments of the running plan that count."""
    plan = running_plan(context)
    if plan is None:
        return []
    found = context.planbook.commitments(plan).exclude(check_state=Check.REJECTED).exclude(kind=Kind.BASELINE_FACT)
    return list(found.order_by("number").defer("words", "notes", "as_read", "plan__blocks"))


def _targets(context: Context, one: Recipient) -> list[Stood]:
    """Targets that a department answers for; those of a district, and its shares of those of the city."""
    if one.kind is Each.DEPARTMENTS:
        return [entry for entry in stood(context) if one.code and entry.target.owner == one.code]
    own = stood(context, one.code)
    known = {entry.target.indicator for entry in own}
    shared = [entry for entry in stood(context) if one.code in entry.target.shares and entry.target.indicator not in known]
    return own + [_share(context, entry, one.code) for entry in shared]


def _share(context: Context, entry: Stood, district: str) -> Stood:
    """A target of the city as one district has to keep it."""
    share = float(entry.target.shares[district])
    entry.target.value, entry.target.path, entry.target.baseline = share, {}, None
    value = newest(context, {entry.target.indicator}, district).get(entry.target.indicator)
    return Stood(entry.target, value, share, None, Standing.UNKNOWN)


def _commitments(context: Context, one: Recipient, every: Sequence[Task], targets: Sequence[Stood]) -> list[Commitment]:
    """Commitments that a department answers for; those that were broken down to a district, or became a target of it."""
    found = commitments(context)
    if one.kind is Each.DEPARTMENTS:
        return [held for held in found if one.code and held.owner == one.code]
    plan = running_plan(context)
    titles = {plan.code, plan.title} if plan else set()
    numbers = {task.commitment for task in every if task.district == one.code and task.plan in titles}
    made = {entry.target.commitment_id for entry in targets}
    return [held for held in found if held.number in numbers or held.pk in made]


def _tasks(one: Recipient, every: Sequence[Task], broken_down: Sequence[int]) -> list[Task]:
    """Tasks of a district; those of a department, and those that its commitments were broken down into."""
    if one.kind is Each.DISTRICTS:
        return [task for task in every if task.district == one.code]
    return [task for task in every if one.code and (task.owner == one.code or task.commitment in broken_down)]


def _leader(tasks: Sequence[Task]) -> str:
    """Who the tasks name as leading, those with most of them first."""
    return "、".join(name for name, _count in Counter(task.leader for task in tasks if task.leader).most_common(3))


def _promises(context: Context, found: Sequence[Commitment]) -> Rows:
    say = context.say
    columns = (
        Column(say("编号", "No."), numeric=True, share=0.8),
        Column(say("承诺事项", "Commitment"), share=4.4),
        Column(say("承诺值", "Promised"), numeric=True, share=1.8),
        Column(say("期限", "By"), numeric=True, share=1.2),
    )
    rows = tuple(
        (
            str(held.number),
            " ".join(dict.fromkeys(filter(None, (held.subject, held.metric)))) or held.sentence[:60],
            promised(context, held.value, held.upper, held.comparator, held.unit) or held.wording or "—",
            held.deadline or "—",
        )
        for held in found
    )
    return Rows(columns, rows, tuple(str(held.number) for held in found))
