"""Tags for pages about entries: addresses that keep looking from the same day."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from bilan.pack.registers import Bilingual
from bilan.web.areas.overview.sparkline import sparkline
from bilan.web.areas.verdicts.views import address
from bilan.web.components import numbers

register = template.Library()
register.simple_tag(address, name="why")


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *arguments: Any, filtered: str = "") -> str:
    """Address of a page, as of the day this one is; empty where the site has no such page.

    Parameters:
        filtered: query that is added, such as ``plant=E0001``.
    """
    try:
        found = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    as_of = context["request"].GET.get("as_of", "")
    query = "&".join(filter(None, (filtered, urlencode({"as_of": as_of}) if as_of else "")))
    return f"{found}?{query}" if query else found


@register.simple_tag
def words(text: Bilingual) -> str:
    """A declared text in the reader's language."""
    return text.text(numbers.language())


@register.filter
def bilingual(text: str) -> str:
    """A text ``中文 · English`` in the reader's language."""
    return Bilingual.parse(text).text(numbers.language())


@register.simple_tag
def trend(value: Any, label: str) -> SafeString:
    """Values of the last two days as a line as small as a word."""
    return sparkline(value.trend, label)
