"""Titles of flows and of their states, by the version that a case runs on where there is a case."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from bilan.casework.models import Case
from bilan.casework.moving import flow_of
from bilan.pack.flows import Flow, State, current
from bilan.people.visibility import NotVisible
from bilan.web.components import numbers

__all__ = ["flow", "flow_choices", "flow_of", "flow_title", "flows", "state_choices", "state_of", "state_title"]


def flows() -> Mapping[str, Flow]:
    """Flows as they are declared now, by name."""
    return current(settings.CITY.pack).flows


def flow(name: str) -> Flow:
    """One flow as it is declared now.

    Raises:
        NotVisible: there is none.
    """
    found = flows().get(name)
    if found is None:
        raise NotVisible(name)
    return found


def flow_title(name: str) -> str:
    """Title of a flow; its name when nobody declares it any more."""
    found = flows().get(name)
    return found.title.text(numbers.language()) if found else name


def flow_choices() -> list[tuple[str, str]]:
    """All flows to choose from."""
    return [(name, entry.title.text(numbers.language())) for name, entry in flows().items()]


def state_title(name: str, state: str) -> str:
    """Title of a state as the flow is declared now; its name when it is no longer."""
    found = flows().get(name)
    entry = found.state.get(state) if found else None
    return entry.title.text(numbers.language()) if entry else state


def state_of(case: Case, state: str = "") -> State | None:
    """A state of the version a case runs on; the one it stands in when none is named."""
    return flow_of(case).state.get(state or case.state)


def state_choices(name: str) -> list[tuple[str, str]]:
    """States of a flow in their order, to choose from."""
    found = flows().get(name)
    return [(entry.name, entry.title.text(numbers.language())) for entry in found.states] if found else []
