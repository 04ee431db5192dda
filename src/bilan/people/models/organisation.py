"""Organisations: the bureau and its divisions, counties, towns, grids, departments, enterprises, operators."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What an organisation is."""

    BUREAU = "bureau", _("Bureau")
    DIVISION = "division", _("Division")
    COUNTY = "county", _("County")
    TOWN = "town", _("Town")
    GRID = "grid", _("Grid cell")
    DEPARTMENT = "department", _("Department")
    ENTERPRISE = "enterprise", _("Enterprise")
    OPERATOR = "operator", _("Operation company")


class Organisation(models.Model):
    """One organisation in the tree.

    Attributes:
        code: what persons and entries name it by.
        district: code of the county or town it is of; empty for the whole city.
        uscc: unified social credit code (GB 32100), where it has one.
        valid_from, valid_to: days between which it was; open where empty.
    """

    code = models.CharField(_("Code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Belongs to")
    )
    district = models.CharField(_("District"), max_length=9, blank=True)
    uscc = models.CharField(_("Unified social credit code"), max_length=18, blank=True)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_zh

    def name(self, language: str) -> str:
        """Name in a language (``zh-hans`` or ``en``)."""
        return self.name_en or self.name_zh if language == "en" else self.name_zh

    @property
    def stands(self) -> bool:
        """Whether it is there today."""
        today = timezone.localdate()
        return (self.valid_from is None or self.valid_from <= today) and (self.valid_to is None or today <= self.valid_to)

    def clean(self) -> None:
        """Refuse a circle in the tree and a validity that ends before it begins."""
        if self.parent is not None and self.pk is not None and self.parent.code in Organisation.below([self._known_code()]):
            raise ValidationError({"parent": _("An organisation cannot belong to itself or to one below it.")})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("It would end before it begins.")})

    @classmethod
    def below(cls, codes: Iterable[str]) -> frozenset[str]:
        """These organisations with all below them, whether or not they are entered themselves."""
        found, fresh = set(codes), set(codes)
        while fresh:
            fresh = set(cls.objects.filter(parent__code__in=fresh).values_list("code", flat=True)) - found
            found |= fresh
        return frozenset(found)

    def _known_code(self) -> str:
        """The code as it is kept, whatever a form wrote over it."""
        return str(Organisation.objects.values_list("code", flat=True).get(pk=self.pk))
