"""Flows of the city as they are now, and as they were when a case began."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from bilan.casework.models import Case, FlowVersion
from bilan.pack.flows import Flow, Flows, current, digest_of, kept_text, read_kept
from bilan.problems import BilanError, Problem, nearest


def flows() -> Flows:
    """Flows and checklists that hold now for new cases."""
    return current(settings.CITY.pack)


def flow_named(name: str) -> Flow:
    """A flow as it is declared now.

    Raises:
        BilanError: there is none; the nearest is told.
    """
    known = flows().flows
    if name not in known:
        raise BilanError(Problem("case.no_flow", {"value": name, "allowed": sorted(known), "nearest": nearest(name, known)}))
    return known[name]


def kept(flow: Flow) -> FlowVersion:
    """The version under which new cases of a flow are kept; written down when it is new."""
    version, _made = FlowVersion.objects.get_or_create(digest=_digest(flow), defaults={"flow": flow.name, "text": kept_text(flow)})
    return version


def flow_of(case: Case) -> Flow:
    """The flow that a case runs by, as it was declared when the case began."""
    return flows_of([case])[case.declared_id]


def flows_of(cases: Iterable[Case]) -> dict[int, Flow]:
    """The flows that cases run by, by the number of their version."""
    wanted = {case.declared_id for case in cases}
    rows = FlowVersion.objects.filter(pk__in=wanted).values_list("pk", "flow", "digest")
    return {number: _read(name, digest) for number, name, digest in rows}


@lru_cache(maxsize=256)
def _read(name: str, digest: str) -> Flow:
    standing = flows().flows.get(name)
    if standing is not None and _digest(standing) == digest:
        return standing
    return read_kept(name, FlowVersion.objects.values_list("text", flat=True).get(digest=digest))


_digests: dict[int, tuple[Flow, str]] = {}


def _digest(flow: Flow) -> str:
    """Digest of a flow, worked out once as long as the flow is the same object."""
    known = _digests.get(id(flow))
    if known is None or known[0] is not flow:
        if len(_digests) > 500:
            _digests.clear()
        known = _digests[id(flow)] = (flow, digest_of(flow))
    return known[1]
