"""All pages and sections of the site: a page exists because its view is registered here, and is guarded because it is registered.

A view without registration is refused by `bilan.web.middleware.Gate`, and a test walks everything registered with every role.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from bilan.casework.docket import Docket
from bilan.people.models import Person
from bilan.people.monitoring import Monitoring
from bilan.people.roles import Action, Right
from bilan.plans.planbook import Planbook
from bilan.registers.ledger import Ledger

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., HttpResponse]
Need = Action | Right | tuple[Right, ...]
"""What a person must be allowed to do; of several rights one is enough."""


class Request(HttpRequest):
    """A request as a registered page receives it.

    Attributes:
        monitoring: reads of the store within what the person may see.
        ledger: reads of the registers within what the person may see, as of the day the address names.
        docket: reads of alerts and cases within what the person may see.
        planbook: reads of plans, targets, indicators and reports within what the person may see.
        district: code of the district the person chose in the top bar; empty for all they may see.
    """

    user: Person
    monitoring: Monitoring
    ledger: Ledger
    docket: Docket
    planbook: Planbook
    district: str


@dataclass(frozen=True, slots=True)
class Page:
    """One registered address.

    Attributes:
        route: Django route, without a leading slash.
        name: name for ``{% url %}``.
        section: id of the section that is lit in the rail.
        reads: what a person must be allowed to do to open it.
        writes: what a person must be allowed to do to send anything to it (POST and the like).
        programs: whether it is made for programs, which send a token and are never led to the login page.
    """

    route: str
    name: str
    view: View
    section: str
    reads: Need
    writes: Need
    programs: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the left rail.

    Attributes:
        title: English message id, translated where shown.
        icon: name of an icon listed in ``assets.csv``.
        page: name of the page it opens.
        order: its place in the rail, small first.
        reads: what a person must be allowed to do to see the entry.
    """

    id: str
    title: str
    icon: str
    page: str
    order: int
    reads: Need = Action.SEE


_pages: dict[str, Page] = {}
_sections: dict[str, Section] = {}


def page(
    route: str,
    *,
    name: str,
    section: str = "",
    reads: Need = Action.SEE,
    writes: Need = Action.OPERATE,
    programs: bool = False,
) -> Callable[[View], View]:
    """Register a view as a page for people who have logged in.

    Parameters:
        route: Django route without a leading slash, such as ``points/<slug:code>``.
        name: unique name.
        section: id of the section it belongs to.
        reads: what the reader must be allowed to do.
        writes: what a sender must be allowed to do; everything but GET and HEAD counts as sending.
        programs: whether it is made for programs, which send a token and are never led to the login page.
    """

    def register(view: View) -> View:
        if name in _pages:
            raise ValueError(f"two pages are called {name}")
        _pages[name] = Page(route, name, view, section, reads, writes, programs)
        view.bilan_page = _pages[name]  # type: ignore[attr-defined]
        return view

    return register


def public(view: View) -> View:
    """Mark a view that anybody may call: logging in, choosing a language, saying that the site is alive."""
    view.bilan_public = True  # type: ignore[attr-defined]
    return view


def section(id: str, title: str, *, icon: str, page: str, order: int, reads: Need = Action.SEE) -> Section:
    """Register an entry of the left rail; `page` is the name of the page it opens."""
    _sections[id] = Section(id, title, icon, page, order, reads)
    return _sections[id]


def pages() -> list[Page]:
    """All registered pages."""
    return list(_pages.values())


def sections() -> list[Section]:
    """All registered sections in the order of the rail."""
    return sorted(_sections.values(), key=lambda entry: entry.order)


def page_of(view: Any) -> Page | None:
    """The registration of a view; None when it is not a page."""
    found: Page | None = getattr(view, "bilan_page", None)
    return found


def patterns() -> list[URLPattern]:
    """Django's URL patterns of all registered pages; a route with fixed words comes before one that takes any word in their place."""
    ordered = sorted(_pages.values(), key=lambda entry: ["<" in part for part in entry.route.split("/")])
    return [path(entry.route, entry.view, name=entry.name) for entry in ordered]
