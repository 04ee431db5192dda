"""The API itself: who may call it, and how it says what went wrong."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer, SessionAuth

from bilan import __version__
from bilan.people.models import Person, Token
from bilan.people.obligations import due
from bilan.people.roles import Action
from bilan.people.sessions import idle
from bilan.people.visibility import NotAllowed, NotVisible, visible_to
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import StoreUnavailable
from bilan.web.api.reading import StrictParser
from bilan.web.registry import SAFE


class TokenAuth(HttpBearer):
    """A program that sends ``Authorization: Bearer …`` acts for the token's owner, and may only read."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The owner of the token; from here on the request sees what the owner sees."""
        person = Token.owner(token)
        if person is None or not visible_to(person).can(Action.SEE):
            return None
        if request.method not in SAFE:
            raise NotAllowed(request.method)
        request.user = person
        return person


class RegisterAuth(SessionAuth):
    """A person who has logged in on the site and works with registers; what they may write is decided entry by entry."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """The person of the session, when they may see anything at all, owe nothing and were not away too long."""
        person: Person | AnonymousUser = request.user
        if not isinstance(person, Person) or not visible_to(person).can(Action.SEE) or due(request) or idle(request):
            return None
        return person


class PersonAuth(RegisterAuth):
    """A person who has logged in on the site and works with readings, which only who may operate changes."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """The person of the session.

        Raises:
            NotAllowed: they want to change something and may not.
        """
        person = super().authenticate(request, key)
        if person is not None and request.method not in SAFE and not visible_to(person).can(Action.OPERATE):
            raise NotAllowed(request.method)
        return person


class Interface(NinjaAPI):
    """The interface, whose document also says how refusals read."""

    def get_openapi_schema(self, *arguments: Any, **named: Any) -> OpenAPISchema:
        """The document, with what every operation answers when it refuses."""
        document = super().get_openapi_schema(*arguments, **named)
        document["components"].setdefault("schemas", {})["Refusal"] = REFUSAL
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"].setdefault("4XX", {"description": "Refused, with why · 拒绝及原因", "content": content})
        return document


REFUSAL = {
    "type": "object",
    "required": ["code", "message", "problems"],
    "properties": {
        "code": {"type": "string", "description": "Code of the first problem"},
        "message": {"type": "string", "description": "All of them in a sentence for people"},
        "problems": {"type": "array", "items": {"type": "object"}, "description": "Each with its code, values, place and sentence"},
    },
}

api = Interface(
    title="碧蓝 Bilan",
    version=__version__,
    description=(
        "Points, series, observations, latest values and verdicts of the city, limited to what you may see. Times are wall time of "
        "the city without a zone. 接口返回登录者可见范围内的点位、序列、监测值与评价结果；时间为城市当地时间。"
    ),
    auth=[TokenAuth(), PersonAuth()],
    parser=StrictParser(),
    urls_namespace="api",
    docs_decorator=login_required,
)


def language() -> str:
    """Language of whoever asks: from their cookie, else from ``Accept-Language``."""
    return "en" if get_language() == "en" else "zh-hans"


def answer(request: HttpRequest, status: int, *problems: Problem) -> HttpResponse:
    """Problems as JSON: the code of the first, one sentence for a person, and each with its values."""
    body: dict[str, Any] = {
        "code": problems[0].code,
        "message": " ".join(problem.text(language()) for problem in problems),
        "problems": [{**problem.as_dict(), "message": problem.text(language())} for problem in problems],
    }
    return api.create_response(request, body, status=status)


@api.exception_handler(BilanError)
def _problem(request: HttpRequest, error: BilanError) -> HttpResponse:
    return answer(request, 503 if isinstance(error, StoreUnavailable) else 400, *error.problems)


@api.exception_handler(NotVisible)
def _not_found(request: HttpRequest, error: NotVisible) -> HttpResponse:
    return answer(request, 404, Problem("web.not_found", {"value": str(error)}))


@api.exception_handler(NotAllowed)
def _not_allowed(request: HttpRequest, _error: NotAllowed) -> HttpResponse:
    return answer(request, 403, Problem("web.not_allowed"))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return answer(request, 401, Problem("web.not_authenticated"))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    faults = [f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors]
    return answer(request, 422, *(Problem("web.unreadable_request", {"value": fault}) for fault in faults))


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return answer(request, error.status_code, Problem("web.unreadable_request", {"value": str(error)}))
