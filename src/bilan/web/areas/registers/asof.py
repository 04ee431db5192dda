"""The day that pages of registers look from."""

from __future__ import annotations

from django.utils import timezone

from bilan.web.registry import Request


class AsOf:
    """The day a page looks from, for the banner and the date picker."""

    def __init__(self, day: str, today: str, back: str) -> None:
        self.day, self.today, self.back = day, today, back

    @classmethod
    def of(cls, request: Request) -> AsOf:
        """Read it from the address; `back` is the same address without it."""
        query = request.GET.copy()
        day = str(query.pop("as_of", [""])[-1])
        if request.ledger.as_of is None:
            day = ""
        back = f"{request.path}?{query.urlencode()}" if query else request.path
        return cls(day, timezone.localdate().isoformat(), back)

    @property
    def past(self) -> bool:
        """Whether another day than today is looked from."""
        return bool(self.day)
