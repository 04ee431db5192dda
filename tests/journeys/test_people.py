"""Persons and rights, as people meet them in a browser: from the first password to the second factor and the audit log."""

from __future__ import annotations

import base64
from time import time
from typing import Any

import pytest
from django_otp.oath import TOTP

from tests.journeys.conftest import fits

PAGES = (
    "/people",
    "/people/new",
    "/people/1",
    "/people/organisations",
    "/people/organisations/new",
    "/people/roles",
    "/people/delegations",
    "/people/sessions",
    "/people/audit",
    "/account",
    "/account/second-factor",
)
FRESH = "River-and-2-hills"


@pytest.mark.parametrize("width", [375, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_and_are_accessible(path: str, width: int, visit: Any, accessible: Any, picture: Any) -> None:
    page = visit(path, person="administrator", width=width, language="en-US" if width == 1440 else "zh-CN")
    if path == "/people/audit":
        page.wait_for_selector("#chain .notice-success")
    assert fits(page)
    accessible(page)
    picture(page, whole=True)


def log_in(page: Any, username: str, password: str) -> None:
    page.fill("#username", username)
    page.fill("#password", password)
    page.click("main form button")


def test_from_the_first_password_to_the_second_factor(visit: Any, picture: Any) -> None:
    office = visit("/people/new", person="administrator")
    office.fill("[name=username]", "newcomer")
    office.fill("[name=name]", "新来的")
    office.check("[name=roles][value=register-clerk]")
    office.check("[name=districts] >> nth=0")
    office.click("main form button.primary")
    first = office.inner_text("code.secret")

    page = visit("/login", person="")
    log_in(page, "newcomer", first)
    page.wait_for_url("**/account")
    assert "请先修改密码" in page.inner_text("main")
    page.fill("[name=old_password]", first)
    page.fill("[name=new_password1]", FRESH)
    page.fill("[name=new_password2]", FRESH)
    page.click("form:has([value=password]) button")
    page.wait_for_selector(".notice-success")

    page.goto("/account/second-factor")
    secret = base64.b32decode(page.inner_text("code.secret").replace(" ", ""))
    generator = TOTP(secret)
    generator.time = time() - 30
    page.fill("#code", f"{generator.token():06d}")
    page.click("form:has([value=confirm]) button")
    recovery = page.inner_text(".codes li >> nth=0")
    assert page.locator(".codes li").count() == 10
    picture(page)

    page.click(".person summary")
    page.click("form[action='/logout'] button")
    page.wait_for_url("**/login*")
    log_in(page, "newcomer", FRESH)
    page.wait_for_url("**/login/code")
    page.fill("#code", "000000")
    page.click("main form button")
    page.wait_for_selector("[role=alert]")
    page.wait_for_timeout(1100)  # wrong codes are answered more slowly each time
    page.fill("#code", recovery)
    page.click("main form button")
    page.wait_for_url("**/overview")

    log = visit("/people/audit?q=newcomer", person="administrator")
    log.wait_for_selector("#chain .notice-success")
    text = log.inner_text("#table-audit")
    for said in ("添加人员", "修改密码", "启用第二因素", "退出", "登录失败", "登录"):
        assert said in text, said
