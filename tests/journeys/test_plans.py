"""Plans in a browser: an own document is handed in, its commitments are read, looked at beside the text, and confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.journeys.conftest import Running, fits

Visit = Callable[..., Any]
OWN = """某某市生态环境保护规划

规划期为2026—2030年，基准年为2025年。

第一章 总体要求

到2030年，市区空气质量优良天数比例达到97.5%以上，细颗粒物年均浓度控制在20微克/立方米以下。

第二章 重点任务

到2028年底前，新建污水管网800公里；到2030年，建成湿地公园5个。各县（市、区）要把责任压实到乡镇。
"""


def confirmed(page: Any) -> int:
    return int(page.inner_text("[data-done]"))


def test_from_a_document_to_confirmed_commitments(
    visit: Visit, running: Running, accessible: Callable[[Any], None], picture: Callable[..., Any]
) -> None:
    page = visit("/plans/new", person="administrator")
    accessible(page)
    page.set_input_files("[name=file]", {"name": "规划.txt", "mimeType": "text/plain", "buffer": OWN.encode()})
    page.click(".more summary")
    page.fill("[name=code]", "journey")
    page.click("form.upload .button.primary")
    page.wait_for_url("**/plans/journey")
    page.wait_for_selector("html[data-ready]", state="attached")
    accessible(page)

    # A click in the text opens the commitment, which shows the words each field came from.
    page.click("mark:has-text('97.5%')")
    page.wait_for_selector("li.at .fields q")
    assert "97.5" in page.inner_text("li.at .fields")
    assert page.locator("mark.at").count() >= 1
    accessible(page)
    picture(page, "opened")

    # Keys walk and confirm.
    first = page.locator("li.at").get_attribute("data-number")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#c{first}[data-state=confirmed]")
    page.wait_for_function("first => document.querySelector('li.at')?.dataset.number !== first", arg=first)
    assert confirmed(page) == 1
    page.keyboard.press("k")
    page.wait_for_selector(f"#c{first}.at")

    # A correction is confirmed with it, and what was read stays to be seen.
    page.locator("li.at [data-correct] summary").click()
    page.locator("li.at [name=value]").fill("98")
    page.locator("li.at button[value=correct]").click()
    page.wait_for_selector(f"#c{first}[data-state=corrected]")
    page.wait_for_selector("li.at .fields del")

    # Words chosen in the text become a commitment.
    choose(page, "各县（市、区）要把责任压实到乡镇")
    page.wait_for_selector("[data-selected]:not([hidden])")
    picture(page, "selected")
    page.click("[data-selected] button")
    page.wait_for_url("**/add?**")
    assert page.inner_text("blockquote") == "各县（市、区）要把责任压实到乡镇"
    page.select_option("[name=kind]", "task")
    page.fill("[name=metric]", "责任压实到乡镇")
    page.click(".fields-form .button.primary")
    page.wait_for_url("**/plans/journey?at=**")

    # All the others at once, by filter.
    page.wait_for_selector("html[data-ready]", state="attached")
    page.select_option("[name=state]", "open")
    page.wait_for_function("() => location.search.includes('state=open')")
    page.click(".bulk button[value=confirm]")
    page.wait_for_load_state()
    done, total = page.inner_text("[data-done]"), page.inner_text("[data-total]")
    assert done == total
    rows = json.loads(page.evaluate("fetch('/plans/journey/export?form=json').then((answer) => answer.text())"))
    assert {"metric_zh", "value", "line"} <= set(rows[0])
    assert any(row["value"] == "98" for row in rows)


def test_on_a_phone_text_and_commitments_are_tabs(visit: Visit, picture: Callable[..., Any], accessible: Callable[[Any], None]) -> None:
    page = visit("/plans/journey", person="administrator", width=375, language="en")
    assert fits(page)
    assert page.is_hidden("[data-document]")
    page.click("[data-pane=text]")
    page.click("mark:has-text('800')")
    page.wait_for_selector("li.at .fields")
    assert page.is_hidden("[data-document]")
    assert fits(page)
    accessible(page)
    picture(page, "list")
    page.locator("li.at blockquote").click()
    assert page.is_visible("mark.at")
    picture(page, "text")


def choose(page: Any, words: str) -> None:
    """Select words of the text as a mouse would."""
    page.evaluate(
        """words => {
          const walker = document.createTreeWalker(document.querySelector("[data-document]"), NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const start = node.data.indexOf(words);
            if (start < 0) continue;
            const range = document.createRange();
            range.setStart(node, start);
            range.setEnd(node, start + words.length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return;
          }
        }""",
        words,
    )
