"""The field's addresses: what a phone gets, what it hands in, that nothing is doubled, and that hostile things are refused in words."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bilan.casework import moving
from bilan.casework.models import Case, Evidence, Step
from bilan.casework.moving import Move, Opening
from bilan.web.areas.field.shell import needed
from bilan.web.areas.field.sync import read
from tests.web import tiny
from tests.web.running import Site

FLOW = "test-field"
LON, LAT = 118.5, 24.85


def opened(site: Site, title: str = "现场核查", district: str = tiny.INSIDE, owner: str = "") -> Case:
    values = {"register": "test-station", "entry": "AIR1"} if district == tiny.INSIDE else {"district": district}
    person = site.person(owner) if owner else None
    case = moving.open_case(FLOW, Opening(title=title, owner=person, lon=LON, lat=LAT, **values), None)
    return Case.objects.get(pk=case.pk)


def key() -> str:
    return str(uuid.uuid4())


def picture(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def upload(client: Client, case: Case, content: bytes = b"", **given: Any) -> Any:
    content = content or picture()
    sent = {"case": case.code, "key": key(), "kind": "photo", "requirement": "scene", "digest": hashlib.sha256(content).hexdigest()}
    sent |= {"taken": timezone.now().isoformat(), "sent": timezone.now().isoformat(), "lon": LON, "lat": LAT, "accuracy": 8}
    return client.post("/field/evidence", {**sent, **given, "file": SimpleUploadedFile("scene.jpg", content, "image/jpeg")})


def send(client: Client, case: Case, action: str = "move", transition: str = "", **given: Any) -> Any:
    act = {"key": key(), "case": case.code, "action": action, "transition": transition, "version": case.version, **given}
    return client.post("/field/sync", json.dumps(act), content_type="application/json")


def there(client: Client, address: str) -> bool:
    response = client.get(address)
    response.close()
    return bool(response.status_code == 200)


CHECKED = [
    {"item": "runs", "answer": "yes", "note": "", "evidence": []},
    {"item": "smell", "answer": "no"},
    {"item": "level", "answer": 1.5},
]


@pytest.fixture
def officer(client_of: Callable[[str], Client]) -> Client:
    return client_of("inside-officer")


def test_the_app_may_use_camera_and_place_and_no_other_page_may(officer: Client) -> None:
    app, other = officer.get("/field"), officer.get("/cases")
    assert app.headers["Permissions-Policy"] == "camera=(self), microphone=(self), geolocation=(self)"
    assert "media-src 'self' blob:" in app.headers["Content-Security-Policy"]
    assert other.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    assert f'data-person="{app.wsgi_request.user.pk}"' in app.content.decode()


def test_the_worker_covers_the_app_and_lists_files_that_are_there(client_of: Callable[[str], Client]) -> None:
    client = client_of("")
    worker = client.get("/field/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/field"
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    listed = json.loads(worker.content.decode().split("const FILES = ")[1].split(";\n")[0])
    assert listed == needed()
    for name in ("field/app.mjs", "field/queue.mjs", "map.mjs", "idb/idb.mjs", "jsqr/jsqr.js", "messages/zh-Hans.mjs", "messages/en.mjs"):
        assert any(address.endswith(name) for address in listed), name
    for address in listed:
        assert there(client, address), address


def test_the_manifest_says_how_to_install(client_of: Callable[[str], Client]) -> None:
    found = client_of("").get("/field/manifest.webmanifest").json()
    assert (found["start_url"], found["scope"], found["display"]) == ("/field", "/field", "standalone")
    assert {icon["sizes"] for icon in found["icons"]} == {"192x192", "512x512", "any"}
    for icon in found["icons"]:
        assert there(client_of(""), icon["src"])


def test_data_holds_own_and_open_tasks_and_nothing_else(site: Site, officer: Client, client_of: Callable[[str], Client]) -> None:
    open_case, own = opened(site, "无人领取"), opened(site, "我的", owner="inside-officer")
    taken = opened(site, "他人的", owner="operator")
    outside = opened(site, "区外的", district=tiny.OUTSIDE)
    found = {task["code"]: task for task in officer.get("/field/data").json()["tasks"]}
    assert {open_case.code, own.code} <= found.keys()
    assert not {taken.code, outside.code} & found.keys()
    assert found[own.code]["own"] and not found[open_case.code]["own"]
    assert found[open_case.code]["takeable"]


def test_data_is_enough_for_a_shift(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    found = officer.get("/field/data").json()
    task = next(task for task in found["tasks"] if task["code"] == case.code)
    flow = found["flows"][task["flow"]]
    assert flow["states"]["visiting"]["title"] == {"zh": "核查中", "en": "Visiting"}
    transition = next(entry for entry in flow["transitions"] if entry["name"] == "hand-in")
    assert [field["name"] for field in transition["fields"]] == ["finding", "flow_rate", "told"]
    assert transition["fields"][2]["required"] == "finding == 'rain'"
    assert transition["evidence"][0]["near"] == 500
    assert transition["evidence"][0]["within"] == {"zh": "48 小时", "en": "48 hours"}
    assert [item["name"] for item in flow["checklists"]["test-visit"]["sections"][0]["items"]] == ["runs", "smell", "level"]
    assert {term["code"] for term in found["vocabularies"]["test-kind"]} >= {"rain"}
    assert [choice["transition"] for choice in task["choices"] if choice["allowed"]] == ["accept"]
    assert task["entry_name"] == "甲区演示站"
    assert task["steps"][0]["title"] == {"zh": "立案", "en": "Opened"}


def test_the_whole_visit_is_handed_in(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    first = send(officer, case, transition="accept")
    assert first.json()["outcome"] == "done"
    content = picture("blue")
    sent = upload(officer, case, content)
    assert sent.json()["digest"] == hashlib.sha256(content).hexdigest()
    done = timezone.now() - timedelta(hours=2)
    answer = send(
        officer,
        case,
        transition="hand-in",
        version=first.json()["version"],
        values={"finding": "rain", "flow_rate": 3.5, "told": "雨水口"},
        checklist=CHECKED,
        evidence=[sent.json()["key"]],
        done=done.isoformat(),
        sent=timezone.now().isoformat(),
        lon=LON,
        lat=LAT,
        accuracy=9.5,
    )
    assert answer.json()["outcome"] == "done", answer.content.decode()
    case.refresh_from_db()
    step = Step.objects.get(case=case, number=answer.json()["step"])
    assert (case.state, step.values["finding"], step.evidence.get().pk) == ("review", "rain", sent.json()["number"])
    assert abs(step.done - done) < timedelta(seconds=5)
    assert (step.lon, step.lat, step.accuracy) == (LON, LAT, 9.5)


def test_sent_again_nothing_is_doubled(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    act = {"key": key(), "transition": "accept"}
    first, again = (send(officer, case, **act).json() for _ in range(2))
    assert first == again
    assert Step.objects.filter(case=case).count() == 2
    piece = {"key": key()}
    numbers = {upload(officer, case, **piece).json()["number"] for _ in range(3)}
    assert len(numbers) == 1
    assert Evidence.objects.filter(case=case).count() == 1


def test_a_key_of_somebody_else_is_refused(site: Site, officer: Client, client_of: Callable[[str], Client]) -> None:
    case, other = opened(site, owner="inside-officer"), opened(site, owner="inside-officer")
    act = {"key": key(), "transition": "accept"}
    assert send(officer, case, **act).status_code == 200
    assert send(officer, other, **act).status_code == 422
    assert send(client_of("operator"), case, **act).status_code == 422
    piece = {"key": key()}
    assert upload(officer, case, **piece).status_code == 200
    assert upload(client_of("operator"), case, **piece).json()["code"] == "evidence.key_taken"


def test_a_conflict_tells_what_happened_meanwhile(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    moving.move(case, "accept", Move(note="我来"), site.person("operator"))
    answer = send(officer, case, transition="accept", version=case.version - 1)
    assert answer.status_code == 409
    found = answer.json()
    assert found["state_title"] == {"zh": "核查中", "en": "Visiting"}
    assert [(step["author"], step["note"], step["title"]["en"]) for step in found["steps"]] == [("operator", "我来", "Accept")]
    assert found["task"]["version"] == case.version
    assert found["problems"]
    assert Step.objects.filter(case=case, transition="accept").count() == 1


def test_a_note_of_others_is_no_conflict(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    moving.comment(case, "请尽快", site.person("operator"))
    assert send(officer, case, transition="accept").json()["outcome"] == "done"


def test_what_is_missing_is_refused_in_both_languages(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    version = send(officer, case, transition="accept").json()["version"]
    answer = send(officer, case, transition="hand-in", version=version, values={"finding": "rain"})
    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert len(problems) >= 3
    assert all(problem["zh"] and problem["en"] for problem in problems)
    case.refresh_from_db()
    assert case.state == "visiting"


def test_a_step_waits_for_its_evidence(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    answer = send(officer, case, transition="accept", evidence=[key()])
    assert (answer.status_code, answer.json()["code"]) == (422, "field.evidence_missing")
    assert Step.objects.filter(case=case).count() == 1


def test_an_open_task_is_taken_once(site: Site, officer: Client, client_of: Callable[[str], Client]) -> None:
    case = opened(site)
    assert send(officer, case, "take").json()["outcome"] == "done"
    case.refresh_from_db()
    assert case.owner == site.person("inside-officer")
    late = send(client_of("operator"), case, "take", version=1)
    assert late.status_code == 409
    assert late.json()["steps"][-1]["title"]["en"] == "Assigned"


def test_a_note_carries_evidence(site: Site, officer: Client) -> None:
    case = opened(site, owner="inside-officer")
    reading = json.dumps({"parameter": "pH", "value": 6.1, "unit": ""})
    piece = officer.post("/field/evidence", {"case": case.code, "key": key(), "kind": "measurement", "reading": reading}).json()
    answer = send(officer, case, "comment", evidence=[piece["key"]])
    assert answer.json()["outcome"] == "done", answer.content.decode()
    step = Step.objects.get(case=case, number=answer.json()["step"])
    assert step.evidence.get().reading["value"] == 6.1
    assert step.note


@pytest.mark.parametrize("address", ["/field/evidence", "/field/sync"])
def test_only_what_is_ones_own_is_touched(site: Site, officer: Client, client_of: Callable[[str], Client], address: str) -> None:
    outside = opened(site, district=tiny.OUTSIDE)
    act = upload if address.endswith("evidence") else send
    assert act(officer, outside).json()["code"] in {"field.not_yours", "field.form"}
    assert not Evidence.objects.filter(case=outside).exists()
    assert client_of("viewer").post(address).status_code == 403
    assert officer.get(address).status_code == 405


def test_a_session_that_is_over_says_so(client_of: Callable[[str], Client]) -> None:
    client = client_of("")
    for address in ("/field/data", "/field/sync", "/field/evidence"):
        assert client.post(address, headers={"accept": "application/json"}).status_code == 401
        assert client.get(address, headers={"accept": "application/json"}).status_code == 401


def test_without_its_token_nothing_is_taken(site: Site) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(site.person("inside-officer"))
    assert client.post("/field/sync", "{}", content_type="application/json").status_code == 403
    client.get("/field/data")
    token = client.cookies["csrftoken"].value
    assert client.post("/field/sync", "{}", content_type="application/json", headers={"X-CSRFToken": token}).status_code == 422


@pytest.fixture(scope="module")
def visited(site: Site) -> Case:
    case = opened(site, owner="inside-officer")
    moving.move(case, "accept", Move(), site.person("inside-officer"))
    return case


NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
VALUES = st.dictionaries(st.sampled_from(["finding", "flow_rate", "told", "other"]), NONSENSE, max_size=4)
NAMES = st.sampled_from(
    ["key", "case", "action", "transition", "part", "version", "values", "checklist", "note", "evidence", "done", "lon", "sent"]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, NONSENSE | st.sampled_from(["move", "comment", "take", "hand-in"]) | VALUES))
def test_hostile_acts_are_refused_in_words(officer: Client, visited: Case, act: dict[str, Any]) -> None:
    body = json.dumps({"key": key(), "case": visited.code, "action": "move", "transition": "hand-in", **act})
    answer = officer.post("/field/sync", body, content_type="application/json")
    assert answer.status_code in {200, 409, 422}
    assert answer.json()["outcome"] in {"done", "conflict", "refused"}


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 100_000, b'{"key": "' + b"k" * (2 << 20)])
def test_what_is_no_act_is_refused(officer: Client, body: bytes) -> None:
    answer = officer.post("/field/sync", body, content_type="application/json")
    assert answer.status_code == 422


def test_a_moment_is_told_by_the_platforms_clock() -> None:
    ahead = timezone.now() + timedelta(days=400)
    body = {"key": key(), "case": "A", "action": "comment", "done": (ahead - timedelta(hours=1)).isoformat(), "sent": ahead.isoformat()}
    act = read(json.dumps(body).encode())
    assert act.done is not None
    assert abs(timezone.now() - timedelta(hours=1) - act.done) < timedelta(seconds=5)


def test_a_label_leads_to_its_dossier(client_of: Callable[[str], Client]) -> None:
    clerk = client_of("inside-clerk")
    page = clerk.get("/registers/test-station/entries/AIR1/label").content.decode()
    assert "http://testserver/scan/test-station/AIR1" in page
    assert "<svg" in page and "甲区演示站" in page
    assert clerk.get("/scan/test-station/AIR1").headers["Location"] == "/registers/test-station/entries/AIR1"
    assert clerk.get("/scan/test-station/AIR2").status_code == 404
    assert client_of("").get("/scan/test-station/AIR1").headers["Location"] == "/login?next=/scan/test-station/AIR1"
