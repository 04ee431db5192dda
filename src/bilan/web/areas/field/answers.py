"""How the field's addresses answer: always as JSON, problems in both languages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse, JsonResponse

from bilan.problems import BilanError
from bilan.web.components import numbers
from bilan.web.registry import SAFE, Request

View = Callable[[Request], HttpResponse]


def only_posts(view: View) -> View:
    """Let a view answer nothing but what is sent to it."""

    @wraps(view)
    def answer(request: Request) -> HttpResponse:
        if request.method in SAFE:
            return JsonResponse({"message": "POST"}, status=405, headers={"Allow": "POST"})
        return view(request)

    return answer


def refusal(error: BilanError, status: int = 422) -> HttpResponse:
    """What keeps something from being done; the phone keeps it and shows why."""
    problems = [{"zh": problem.text("zh-hans"), "en": problem.text("en")} for problem in error.problems]
    answer = {"outcome": "refused", "code": error.problems[0].code, "message": error.text(numbers.language()), "problems": problems}
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})
