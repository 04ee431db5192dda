"""Reading what programs send: JSON as the standard has it, and only text that can be kept."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from bilan.web.characters import keepable


class StrictParser(Parser):
    """Refuses numbers that are none (`NaN`, `Infinity`) and text with null characters or halves of characters."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What the body holds.

        Raises:
            ValueError: it is no JSON (RFC 8259), or holds text that no database keeps.
        """
        found = json.loads(request.body, parse_constant=_no_number)
        waiting = [found]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                waiting += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                waiting += value
            elif isinstance(value, str) and not keepable(value):
                raise ValueError("null characters and halves of characters cannot be kept")
            elif isinstance(value, float) and value in (float("inf"), float("-inf")):
                _no_number(str(value))
        return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")
