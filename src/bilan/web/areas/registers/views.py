"""Pages of the registers; importing them is what registers them."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bilan.people.roles import Capability, Right
from bilan.web.areas.registers import bulk, formpage, index, listpage, lookup, places, savedviews, uploads
from bilan.web.registry import section

section("registers", gettext_noop("Registers"), icon="books", page="registers", order=45, reads=Right(Capability.SEE, "registers"))

__all__ = ["bulk", "formpage", "index", "listpage", "lookup", "places", "savedviews", "uploads"]
