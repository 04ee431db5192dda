"""Evidence is kept once under its hash, is what its kind says, and shows when it was touched."""

from __future__ import annotations

import hashlib
import io
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bilan.casework import evidence
from bilan.casework.evidence import Claim
from bilan.casework.models import Case, Evidence, FlowVersion
from bilan.problems import BilanError
from bilan.registers import attachments
from tests.web import tiny
from tests.web.running import Site

WORDS = st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=60)


def photo(colour: str = "red", form: str = "JPEG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, form)
    return buffer.getvalue()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture(scope="module")
def case(site: Site) -> Case:
    version = FlowVersion.objects.create(flow="test", digest="0" * 64, text="")
    return Case.objects.create(code="EV-1", flow="test", declared=version, title="证据", state="open", district=tiny.INSIDE)


@pytest.fixture
def officer(site: Site) -> Any:
    return site.person("inside-officer")


def codes(error: pytest.ExceptionInfo[BilanError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_photo_is_kept_with_time_place_and_hash(case: Case, officer: Any) -> None:
    content, taken = photo(), timezone.now() - timedelta(minutes=5)
    claim = Claim("photo", "scene", "key-photo-1", sha(content), taken, None, 118.5, 24.85, 8)
    kept = evidence.keep(case, io.BytesIO(content), "../现场 1.jpg", claim, officer)
    assert (kept.name, kept.mime, kept.size, kept.digest) == ("现场 1.jpg", "image/jpeg", len(content), sha(content))
    assert (kept.taken, kept.lon, kept.lat, kept.accuracy, kept.person) == (taken, 118.5, 24.85, 8, officer)
    assert attachments.path_of(kept.digest).read_bytes() == content
    assert attachments.thumbnail_of(kept.digest).is_file()
    assert evidence.check(kept) == evidence.Checked(True, kept.digest, True, ())


def test_sent_twice_is_kept_once(case: Case, officer: Any) -> None:
    content = photo("blue")
    claim = Claim("photo", "scene", "key-twice", sha(content))
    first = evidence.keep(case, io.BytesIO(content), "a.jpg", claim, officer)
    assert evidence.keep(case, io.BytesIO(content), "a.jpg", claim, officer).pk == first.pk
    assert Evidence.objects.filter(key="key-twice").count() == 1


def test_sent_twice_at_once_is_kept_once(case: Case, officer: Any) -> None:
    content, found = photo("green"), list[int]()
    start = threading.Barrier(4)

    def send() -> None:
        start.wait()
        try:
            claim = Claim("photo", "scene", "key-at-once", sha(content))
            found.append(evidence.keep(case, io.BytesIO(content), "a.jpg", claim, officer).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert Evidence.objects.filter(key="key-at-once").count() == 1


def test_a_key_belongs_to_one_thing(case: Case, officer: Any, site: Site) -> None:
    content, other = photo("white"), photo("black")
    evidence.keep(case, io.BytesIO(content), "a.jpg", Claim("photo", key="key-one-thing", digest=sha(content)), officer)
    with pytest.raises(BilanError) as error:
        evidence.keep(case, io.BytesIO(other), "a.jpg", Claim("photo", key="key-one-thing", digest=sha(other)), officer)
    assert codes(error) == ["evidence.key_taken"]
    with pytest.raises(BilanError) as error:
        claim = Claim("photo", key="key-one-thing", digest=sha(content))
        evidence.keep(case, io.BytesIO(content), "a.jpg", claim, site.person("administrator"))
    assert codes(error) == ["evidence.key_taken"]


def test_what_was_damaged_on_the_way_is_not_kept(case: Case, officer: Any) -> None:
    whole = photo("yellow", "PNG")
    broken = whole[:-8]
    with pytest.raises(BilanError) as error:
        evidence.keep(case, io.BytesIO(broken), "a.png", Claim("photo", key="key-broken", digest=sha(whole)), officer)
    assert codes(error) == ["evidence.damaged"]
    assert not attachments.path_of(sha(broken)).exists()
    assert evidence.keep(case, io.BytesIO(whole), "a.png", Claim("photo", key="key-broken", digest=sha(whole)), officer).digest == sha(
        whole
    )


@pytest.mark.parametrize(
    ("kind", "name", "content", "code"),
    [
        ("photo", "a.jpg", b"", "attachment.empty"),
        ("photo", "a.jpg", b"<script>", "attachment.content"),
        ("photo", "a.svg", b"<svg/>", "attachment.type"),
        ("photo", "a.html", b"<html>", "attachment.type"),
        ("photo", "a.pdf", b"%PDF-1.7", "evidence.not_of_kind"),
        ("video", "a.jpg", photo(), "evidence.not_of_kind"),
        ("audio", "a.webm", b"\x1aE\xdf\xa3 video", "evidence.not_of_kind"),
        ("signature", "a.jpg", photo(), "evidence.not_of_kind"),
        ("signature", "a.png", photo("red", "PNG") + bytes(evidence.LARGEST["signature"]), "attachment.too_large"),
        ("measurement", "a.jpg", photo(), "evidence.kind"),
    ],
)
def test_hostile_files_are_refused(case: Case, officer: Any, kind: str, name: str, content: bytes, code: str) -> None:
    before = Evidence.objects.count()
    with pytest.raises(BilanError) as error:
        evidence.keep(case, io.BytesIO(content), name, Claim(kind), officer)
    assert codes(error) == [code]
    assert error.value.text("en") and error.value.text()
    assert Evidence.objects.count() == before
    assert not list(attachments.root().glob(".*"))


def test_voice_notes_and_films_of_all_phones_are_taken(case: Case, officer: Any) -> None:
    ebml, box = b"\x1aE\xdf\xa3" + bytes(20), b"\x00\x00\x00\x18ftypmp42" + bytes(20)
    for kind, name, content in (("audio", "a.weba", ebml), ("audio", "a.m4a", box), ("video", "a.webm", ebml), ("video", "a.mov", box)):
        assert evidence.keep(case, io.BytesIO(content), name, Claim(kind), officer).mime.startswith(kind)


def test_a_measurement_is_evidence(case: Case, officer: Any) -> None:
    reading = {"parameter": "w01018", "value": 42.5, "unit": "mg/L", "point": "A1", "other": "left out"}
    kept = evidence.measure(case, reading, Claim("measurement", key="key-measured"), officer)
    assert kept.reading == {"parameter": "w01018", "value": 42.5, "unit": "mg/L", "point": "A1"}
    assert kept.name == "w01018 42.5 mg/L"
    assert evidence.measure(case, reading, Claim("measurement", key="key-measured"), officer).pk == kept.pk
    for value in (None, "12", True, float("nan"), float("inf")):
        with pytest.raises(BilanError) as error:
            evidence.measure(case, {"value": value}, Claim("measurement"), officer)
        assert codes(error) == ["evidence.no_number"]


def test_a_changed_or_vanished_content_shows(case: Case, officer: Any) -> None:
    kept = evidence.keep(case, io.BytesIO(photo("orange")), "a.jpg", Claim("photo"), officer)
    path = attachments.path_of(kept.digest)
    path.write_bytes(b"something else")
    assert evidence.check(kept) == evidence.Checked(True, sha(b"something else"), False, ("undated", "nowhere"))
    path.unlink()
    assert evidence.check(kept) == evidence.Checked(False, "", False, ("undated", "nowhere"))


def test_a_wrong_clock_and_late_or_vague_evidence_is_kept_and_marked(case: Case, officer: Any) -> None:
    now = timezone.now()
    claim = Claim("photo", taken=now + timedelta(hours=3), sent=now + timedelta(hours=3), lon=118.5, lat=24.8, accuracy=900)
    ahead = evidence.keep(case, io.BytesIO(photo("pink")), "a.jpg", claim, officer)
    assert 10_700 < ahead.reading["clock"] < 10_900
    assert evidence.check(ahead).doubts == ("clock", "vague")
    claim = Claim("photo", taken=now - timedelta(days=3), sent=now, lon=118.5, lat=24.8)
    assert evidence.check(evidence.keep(case, io.BytesIO(photo("gray")), "a.jpg", claim, officer)).doubts == ("late",)


def test_a_case_takes_so_much_and_no_more(case: Case, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", Evidence.objects.filter(case=case).count())
    with pytest.raises(BilanError) as error:
        evidence.keep(case, io.BytesIO(photo("teal")), "a.jpg", Claim("photo"), officer)
    assert codes(error) == ["evidence.too_many"]


def test_a_claim_is_read_from_a_form() -> None:
    sent = {
        "kind": "photo",
        "key": "0d3f9c1e-1111-4222-8333-444455556666",
        "taken": "2026-07-01T08:00:00+08:00",
        "lon": "118.5",
        "lat": "24.9",
    }
    claim = Claim.read(sent)
    assert (claim.taken, claim.lon, claim.lat, claim.accuracy) == (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), 118.5, 24.9, None)


@given(st.dictionaries(st.sampled_from(["kind", "requirement", "key", "digest", "taken", "sent", "lon", "lat", "accuracy"]), WORDS))
def test_whatever_is_claimed_is_read_or_refused_in_words(sent: dict[str, str]) -> None:
    try:
        claim = Claim.read(sent)
    except BilanError as error:
        assert error.text("en") and error.text()
    else:
        assert claim.kind in evidence.KINDS
        assert claim.lon is None or -180 <= claim.lon <= 180
