"""Drawing whom to inspect and by whom, so that anybody can repeat it from the published seed and the published pools.

Method ``sha256-rank-1``. Every target holds as many tickets as its weight. The number of a ticket is the SHA-256 of
``SEED|target|CODE|TICKET``, read as hexadecimal digits; a target ranks by its smallest ticket, so that the chance of being the next one
drawn is in proportion to the weight. Of each class, the share asked for is drawn in the order of the ranks. Inspectors rank by the
SHA-256 of ``SEED|inspector|TARGET|CODE`` among those who may go there and have the fewest targets so far. One line of any language
with SHA-256, or ``printf '%s' 'SEED|target|CODE|1' | sha256sum``, gives the same ranks.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from bilan.problems import BilanError, Problem

METHOD = "sha256-rank-1"
OTHERS = "*"
"""Class that stands for every class without a share of its own."""
MOST_TICKETS = 100
TEAM = 2
"""Fewest officers that inspect together (Administrative Penalty Law 2021, article 42)."""


@dataclass(frozen=True, slots=True)
class Target:
    """One that may be drawn.

    Attributes:
        kind: class that shares are told by.
        weight: tickets it holds; 0 keeps it out.
        organisation: whose it is, for conflicts of interest.
    """

    code: str
    name: str = ""
    kind: str = ""
    weight: int = 1
    district: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Inspector:
    """Somebody who may inspect.

    Attributes:
        districts: where they may go; empty for anywhere.
        organisation: their own, whose targets they do not inspect.
        avoids: codes of targets and organisations they must not inspect: kin, earlier work, the last inspection of the same target.
    """

    code: str
    name: str = ""
    districts: tuple[str, ...] = ()
    organisation: str = ""
    avoids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A target with those who inspect it."""

    target: str
    inspectors: tuple[str, ...]


def ticket(seed: str, code: str, number: int) -> str:
    """Number of a ticket, as 64 hexadecimal digits.

    Examples:
        >>> ticket("2026-11-01", "E0001", 1)[:12]
        '36f013a6d43a'
    """
    return _sha(f"{seed}|target|{code}|{number}")


def rank(seed: str, target: Target) -> str:
    """What a target ranks by: the smallest of its tickets; empty when it holds none.

    Examples:
        >>> one, many = Target("E0001"), Target("E0001", weight=9)
        >>> rank("s", many) <= rank("s", one)
        True
    """
    return min((ticket(seed, target.code, number) for number in range(1, min(target.weight, MOST_TICKETS) + 1)), default="")


def draw_targets(seed: str, targets: Iterable[Target], share: Mapping[str, float]) -> list[Target]:
    """Draw targets, in the order in which they were drawn.

    Parameters:
        share: class → part of its targets (up to 1), or how many (above 1); `OTHERS` for every class not named.

    Raises:
        BilanError: a code stands twice in the pool, or a share is negative.
    """
    pool = list(targets)
    twice = [code for code, count in Counter(target.code for target in pool).items() if count > 1]
    if twice:
        raise BilanError(*(Problem("drawing.twice", {"value": code}) for code in twice[:5]))
    wrong = [name for name, part in share.items() if part < 0 or not math.isfinite(part)]
    if wrong:
        raise BilanError(*(Problem("drawing.bad_share", {"name": name, "value": share[name]}) for name in wrong))
    classes: dict[str, list[tuple[str, Target]]] = {}
    for target in pool:
        if target.weight > 0:
            classes.setdefault(target.kind, []).append((rank(seed, target), target))
    found: list[tuple[str, Target]] = []
    for kind, ranked in classes.items():
        part = share.get(kind, share.get(OTHERS, 0.0))
        found += sorted(ranked, key=lambda entry: entry[0])[: amount(part, len(ranked))]
    return [target for _rank, target in sorted(found, key=lambda entry: entry[0])]


def amount(part: float, size: int) -> int:
    """How many of `size` targets a share means: a part of them rounded up, or a count.

    Examples:
        >>> amount(0.05, 30), amount(0.25, 100), amount(7, 30), amount(1, 30), amount(0, 30)
        (2, 25, 7, 30, 0)
    """
    return min(size, math.ceil(round(part * size, 9)) if part <= 1 else int(part))


def assign(seed: str, targets: Sequence[Target], inspectors: Sequence[Inspector], team: int = TEAM) -> list[Drawn]:
    """Give each drawn target its inspectors: those who may go there, the least burdened first, equal ones by rank.

    Raises:
        BilanError: too few inspectors may go to a target; every such target is told.
    """
    load: Counter[str] = Counter()
    found, problems = [], []
    for target in targets:
        free = [inspector for inspector in inspectors if may_inspect(inspector, target)]
        if len(free) < team:
            values = {"value": target.code, "name": target.name, "allowed": team, "count": len(free)}
            problems.append(Problem("drawing.too_few", values))
            continue
        free.sort(key=lambda inspector: (load[inspector.code], _sha(f"{seed}|inspector|{target.code}|{inspector.code}")))
        chosen = tuple(inspector.code for inspector in free[:team])
        load.update(chosen)
        found.append(Drawn(target.code, chosen))
    if problems:
        raise BilanError(*problems)
    return found


def may_inspect(inspector: Inspector, target: Target) -> bool:
    """Whether nothing keeps an inspector from a target: their districts, their own organisation, what they must avoid.

    Examples:
        >>> may_inspect(Inspector("a", organisation="O1"), Target("E1", organisation="O1"))
        False
    """
    reach = not inspector.districts or not target.district or target.district in inspector.districts
    barred = {*inspector.avoids, inspector.organisation} - {""}
    return reach and not barred & {target.code, target.organisation}


def digest(targets: Iterable[Target], inspectors: Iterable[Inspector]) -> str:
    """SHA-256 over both pools, to be published with the seed before the draw: whoever changes a pool afterwards is found out.

    Examples:
        >>> digest([Target("b"), Target("a")], []) == digest([Target("a"), Target("b")], [])
        True
    """
    pools = [sorted((asdict(entry) for entry in pool), key=lambda entry: str(entry["code"])) for pool in (targets, inspectors)]
    return _sha(json.dumps(pools, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
