"""What applies at a place, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from bilan.web.api.base import RegisterAuth, TokenAuth
from bilan.web.areas.zones.asking import LONGEST_PLACE, LONGEST_WORDS, Asked, asked
from bilan.web.areas.zones.showing import described

router = Router(tags=["zones"], auth=[TokenAuth(), RegisterAuth()])

Text = Annotated[str, Field(max_length=LONGEST_WORDS)]


class Question(Schema):
    """A place (GeoJSON text, `point:lon,lat`, `line:…`, `polygon:…`, or a written longitude and latitude), an activity and a day."""

    place: Annotated[str, Field(min_length=1, max_length=LONGEST_PLACE)]
    activity: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)
    industry: Text = ""
    description: Text = ""
    on: Text = ""


@router.get("/zones/check", summary="What applies here · 分区研判")
def check(request: HttpRequest, asking: Query[Question]) -> dict[str, Any]:
    """Zones the place lies in and what they allow, limit or forbid on the day; `hidden` says that zones you may not see touch it too."""
    question: Asked = asked(asking.model_dump(), asking.activity, request.ledger)
    return described(request.ledger, question.answer(request.ledger))
