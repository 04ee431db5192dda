"""Enforcement documents: what a case knows stands in the Word file, in both languages, and templates cannot reach further."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from django.test import Client

from bilan.casework.docket import Docket
from bilan.casework.documents import make, paper, papers
from bilan.casework.models import Case
from bilan.casework.moving import Opening, flows, open_case
from bilan.people.visibility import visible_to
from bilan.problems import BilanError
from bilan.registers.ledger import Ledger
from tests.web import tiny
from tests.web.fixtures import _renewed
from tests.web.running import Site

__all__ = ["_renewed"]
NAMES = ("inspection-record", "rectification-notice", "decision")


@pytest.fixture
def case(site: Site) -> Case:
    """A case about an outlet of the first district."""
    opening = Opening(title="废水超标 <b>&amp;{{ 7*7 }}", place_name="演示一号厂", district=tiny.INSIDE)
    return open_case("alert-order", opening, site.person("administrator"))


def text_of(content: bytes) -> str:
    """All text of a Word file."""
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def made(site: Site, case: Case, name: str, language: str, username: str = "administrator") -> str:
    """The text of a document as a person gets it."""
    person = site.person(username)
    scope = visible_to(person)
    return text_of(make(paper(name), Docket(scope, person), Ledger(scope), case, language))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_document_names_case_party_and_bureau(site: Site, case: Case, name: str, language: str) -> None:
    text = made(site, case, name, language)
    assert case.code in text and "演示一号厂" in text
    assert ("Ecology and Environment Bureau" if language == "en" else "生态环境局") in text
    assert "废水超标 <b>&amp;{{ 7*7 }}" in text
    assert "{%" not in text


def test_a_template_cannot_reach_what_lies_behind_its_values(site: Site, case: Case) -> None:
    hostile = docx.Document()
    hostile.add_paragraph("{{ case.__class__.__mro__[1].__subclasses__() }}")
    folder = site.city.pack / "documents"
    folder.mkdir(parents=True)
    hostile.save(folder / "hostile.docx")
    try:
        with pytest.raises(BilanError) as caught:
            made(site, case, "hostile", "zh-hans")
        assert caught.value.problems[0].code == "case.bad_template"
    finally:
        (folder / "hostile.docx").unlink()
        folder.rmdir()


def test_every_document_a_flow_names_is_there() -> None:
    from_flows = {name for flow in flows().flows.values() for entry in flow.transitions for name in entry.documents}
    assert from_flows <= set(papers())


def test_an_unknown_document_is_told_with_the_nearest() -> None:
    with pytest.raises(BilanError) as caught:
        paper("decison")
    assert caught.value.problems[0].values["nearest"] == "decision"


def test_who_only_looks_gets_no_document(site: Site, case: Case, client_of: Callable[[str], Client]) -> None:
    address = f"/cases/{case.code}/documents/decision.docx"
    got = client_of("inside-officer").get(address)
    assert got.status_code == 200 and case.code in text_of(got.content)
    assert client_of("inside-viewer").get(address).status_code == 403
    assert client_of("auditor").get(address).status_code == 403
