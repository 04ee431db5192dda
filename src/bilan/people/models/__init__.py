"""Persons, what they belong to, what they may and did."""

from __future__ import annotations

from bilan.people.models.audit import AuditEntry
from bilan.people.models.delegation import Delegation
from bilan.people.models.lockout import Lockout
from bilan.people.models.organisation import Kind, Organisation
from bilan.people.models.password import FormerPassword
from bilan.people.models.person import Person
from bilan.people.models.session import PersonSession
from bilan.people.models.token import Token

__all__ = ["AuditEntry", "Delegation", "FormerPassword", "Kind", "Lockout", "Organisation", "Person", "PersonSession", "Token"]
