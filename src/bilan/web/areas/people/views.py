"""Sections and pages about persons."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bilan.web.areas.people import account, frame, lending, log, organisations, persons, rights
from bilan.web.registry import section

__all__ = ["account", "lending", "log", "organisations", "persons", "rights"]

section(frame.SECTION, gettext_noop("Persons"), icon="users-group", page="persons", order=90, reads=frame.READ)
section(frame.LOG_SECTION, gettext_noop("Audit log"), icon="user-shield", page="audit", order=95, reads=frame.LOG)
