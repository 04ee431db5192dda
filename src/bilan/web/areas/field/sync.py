"""Handing in one act from a phone: done, in conflict with what happened meanwhile, or refused; the same key is one act."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.casework import moving
from bilan.casework.evidence import KEY
from bilan.casework.models import Case, CaseState, Evidence, Step
from bilan.casework.moving import Move, flow_of
from bilan.people.roles import Capability
from bilan.people.visibility import NotAllowed, NotVisible
from bilan.problems import BilanError, Problem
from bilan.web.areas.field.answers import only_posts, refusal
from bilan.web.areas.field.declared import both
from bilan.web.areas.field.rights import HANDLES
from bilan.web.areas.field.tasks import steps, task
from bilan.web.registry import Request, page

LARGEST = 1 << 20
"""Bytes one act may have."""
CONFLICTS = frozenset({"case.conflict", "case.not_from_here", "case.ended", "case.suspended", "case.owner_only", "case.may_not_assign"})
"""Problems that come from what somebody else did before; what happened since is shown with them."""
ACTIONS = ("move", "take", "comment")
MOST_EVIDENCE = 200
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did on a case, as the phone hands it in.

    Attributes:
        action: ``move``, ``take`` or ``comment``.
        version: of the case that they looked at.
        evidence: keys of the pieces that were sent before.
    """

    key: str
    case: str
    action: str
    transition: str = ""
    part: str = ""
    version: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    checklist: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    evidence: list[str] = field(default_factory=list)
    done: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None


@page("field/sync", name="field-sync", section="field", reads=HANDLES, writes=HANDLES)
@only_posts
def sync(request: Request) -> HttpResponse:
    """Do one act; conflicts tell what happened since the version that the person looked at."""
    try:
        act = read(request.body)
        if (before := _done_before(request, act)) is not None:
            return _done(request, before)
        case = _case(request, act)
    except BilanError as error:
        return refusal(error)
    try:
        step = _do(request, case, act)
    except BilanError as error:
        if any(problem.code in CONFLICTS for problem in error.problems):
            return _conflict(request, act, error)
        return refusal(error)
    except NotAllowed:
        return refusal(BilanError(Problem("field.not_yours", {"value": act.case})))
    return _done(request, step)


def read(body: bytes) -> Act:
    """Take an act from what was sent.

    Raises:
        BilanError: it is no act.
    """
    try:
        sent = json.loads(body, parse_constant=_no_number) if len(body) <= LARGEST else None
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise BilanError(Problem("field.form", {"value": body[:40].decode("utf-8", "replace")}))
    checked = {
        "key": isinstance(sent.get("key"), str) and KEY.fullmatch(sent["key"]) is not None,
        "case": isinstance(sent.get("case"), str) and 0 < len(sent["case"]) <= 60 and "\x00" not in sent["case"],
        "action": sent.get("action") in ACTIONS,
        "transition": sent.get("action") != "move" or _is_slug(sent.get("transition")),
        "part": not sent.get("part") or _is_slug(sent.get("part")),
        "version": _is_count(sent.get("version")),
        "values": isinstance(sent.get("values", {}), dict),
        "checklist": _is_checklist(sent.get("checklist", [])),
        "note": isinstance(sent.get("note", ""), str),
        "evidence": _is_keys(sent.get("evidence", [])),
        "lon": _is_number(sent.get("lon"), 180),
        "lat": _is_number(sent.get("lat"), 90),
        "accuracy": _is_number(sent.get("accuracy"), 1e7),
        "text": _keepable(sent),
    }
    if wrong := [name for name, fits in checked.items() if not fits]:
        raise BilanError(*(Problem("field.form", {"value": f"{name}: {str(sent.get(name))[:40]}"}) for name in wrong))
    known = {name: sent[name] for name in checked if name != "text" and sent.get(name)}
    return Act(**{**known, "note": known.get("note", "")[:4000]}, done=_moment(sent.get("done"), sent.get("sent")))


def _do(request: Request, case: Case, act: Act) -> Step:
    pieces = _pieces(request, case, act)
    numbers = [pieces[key] for key in act.evidence]
    if act.action == "take":
        return moving.assign(case, request.user, request.user, key=act.key)
    if act.action == "comment":
        return moving.comment(case, act.note.strip() or _("Evidence added"), request.user, evidence=numbers, key=act.key)
    checklist = [{**answer, "evidence": [pieces[key] for key in answer.get("evidence", []) if key in pieces]} for answer in act.checklist]
    what = Move(
        values=act.values,
        checklist=checklist,
        evidence=numbers,
        note=act.note,
        version=act.version,
        key=act.key,
        done=act.done,
        lon=act.lon,
        lat=act.lat,
        accuracy=act.accuracy,
        part=act.part,
    )
    return moving.move(case, act.transition, what, request.user)


def _pieces(request: Request, case: Case, act: Act) -> dict[str, int]:
    """Number of each piece of evidence by its key; only what this person sent for this case counts.

    Raises:
        BilanError: some have not arrived.
    """
    found = dict(Evidence.objects.filter(case=case, person=request.user, key__in=act.evidence).values_list("key", "pk"))
    if missing := set(act.evidence) - found.keys():
        raise BilanError(Problem("field.evidence_missing", {"value": len(missing)}))
    return found


def _case(request: Request, act: Act) -> Case:
    try:
        case = request.docket.case(act.case)
    except NotVisible:
        case = None
    if case is None or not request.docket.can(Capability.HANDLE, case):
        raise BilanError(Problem("field.not_yours", {"value": act.case}))
    return case


def _done_before(request: Request, act: Act) -> Step | None:
    """The step that this act has become already, when the answer to it was lost on the way."""
    step = Step.objects.filter(key=act.key).select_related("case").first()
    if step is None:
        return None
    if step.person_id != request.user.pk or step.case.code != act.case:
        raise BilanError(Problem("field.form", {"value": f"key: {act.key}"}))
    return step


def _done(request: Request, step: Step) -> HttpResponse:
    """What was done, with the task as it stands now: the net may be gone before the phone can ask for it."""
    answer = {"outcome": "done", "version": step.number, "step": step.number, "state": step.after, "at": step.at.isoformat()}
    try:
        case = request.docket.case(step.case.code)
    except NotVisible:
        case = None
    if case is not None and case.standing == CaseState.RUNNING:
        answer["task"] = task(request, case)
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


def _conflict(request: Request, act: Act, error: BilanError) -> HttpResponse:
    case = request.docket.case(act.case)
    flow = flow_of(case)
    state = flow.state.get(case.state)
    answer = {
        "outcome": "conflict",
        "version": case.version,
        "flow": case.declared.digest,
        "state": case.state,
        "state_title": both(state.title) if state else {"zh": case.state},
        "steps": steps(case, flow, act.version if act.version is not None else 0),
        "task": task(request, case),
        "problems": [{"zh": problem.text("zh-hans"), "en": problem.text("en")} for problem in error.problems],
    }
    return JsonResponse(answer, status=409, json_dumps_params={"ensure_ascii": False})


def _is_slug(value: object) -> bool:
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def _no_number(text: str) -> float:
    raise ValueError(text)


def _is_count(value: object) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 31)


def _is_number(value: object, most: float) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most)


def _is_keys(value: object) -> bool:
    if not isinstance(value, list) or len(value) > MOST_EVIDENCE:
        return False
    return all(isinstance(key, str) and KEY.fullmatch(key) is not None for key in value)


def _is_checklist(value: object) -> bool:
    if not isinstance(value, list) or len(value) > 1000:
        return False
    return all(isinstance(entry, dict) and isinstance(entry.get("item"), str) and _is_keys(entry.get("evidence", [])) for entry in value)


def _keepable(sent: Any) -> bool:
    """Whether databases take every text in it."""
    text = json.dumps(sent, ensure_ascii=False)
    return "\\u0000" not in text and not any(0xD800 <= ord(sign) <= 0xDFFF for sign in text)


def _moment(done: object, sent: object) -> datetime | None:
    """When it was done by the platform's clock: the phone's own may be wrong, but it says what it shows while sending."""
    try:
        moment = datetime.fromisoformat(str(done))
        shown = datetime.fromisoformat(str(sent)) if sent else None
    except ValueError:
        return None
    now = timezone.now()
    if moment.tzinfo is None or (shown is not None and shown.tzinfo is None):
        return None
    corrected = now - (shown - moment) if shown is not None else moment
    return min(corrected, now) if corrected.year >= 2000 else None
