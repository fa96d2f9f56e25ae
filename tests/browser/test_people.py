"""Somebody's time at the house, at real browsers: enrolled, changed, invited, signed in, and gone at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import LONG, VIRTUAL, Desk, WebHouse

SOON = LONG * 1000
PIN, DOCUMENT = "739126480517", "110101199001010021"


@pytest.fixture
def chen(desk: Callable[..., Desk]) -> Page:
    return desk().sign_in("chen", "/people")


@pytest.fixture
def he(desk: Callable[..., Desk]) -> Page:
    return desk(lang="zh-CN", scheme="dark").sign_in("he", "/commands")


@pytest.fixture
def newcomer(desk: Callable[..., Desk]) -> Page:
    """A browser whose authenticator holds no passkey yet."""
    opened = desk(size="phone")
    page = opened.page()
    cdp = opened.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    return page


def signed_first(page: Page, button: str) -> str:
    """Sign what a form says, as the first of two; the code that both compare."""
    page.get_by_role("button", name=button).click()
    code = page.locator("[data-sign-code]")
    expect(code).to_have_text(re.compile(r"^[0-9A-F]{4}-[0-9A-F]{4}$"), timeout=SOON)
    told = code.inner_text()
    with page.expect_navigation(timeout=SOON):
        page.locator("[data-sign-go]").click()
    return told


def signed_second(page: Page, code: str) -> None:
    """Sign what waits with this code."""
    page.locator(f"#command-{code} [data-sign-waiting]").click(timeout=SOON)
    expect(page.locator("[data-sign-code]")).to_have_text(code, timeout=SOON)
    page.locator("[data-sign-go]").click()


def carried_out(page: Page, code: str) -> None:
    """Sign as the second, and see that it was done: on the page after, not by the toast of one before."""
    with page.expect_navigation(timeout=SOON):
        signed_second(page, code)
    expect(page.locator("#toasts")).to_contain_text("已完成", timeout=SOON)


def fill_in(page: Page) -> None:
    """Somebody new, with a PIN that is first typed wrong."""
    for label, text in {
        "Number": "s77",
        "Full name": "查志强",
        "Document": DOCUMENT,
        "Department": "Night shift",
        "Training until": "2026-03-20",
        "PIN": PIN,
        "PIN once more": "1",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    for label in ("outer", "Guard", "Pledge signed", "Training done"):
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Show and sign").click()
    expect(page.get_by_text("The two PINs are not the same.").first).to_be_visible(timeout=SOON)
    page.get_by_label("PIN once more").fill(PIN)
    kept = str(page.evaluate("JSON.stringify(sessionStorage)"))
    assert "Night shift" in kept
    assert PIN not in kept
    assert DOCUMENT not in kept


def enrol(chen: Page, he: Page) -> None:
    chen.get_by_role("link", name="Enrol a person").click()
    fill_in(chen)
    carried_out(he, signed_first(chen, "Show and sign"))


def look_up(chen: Page, house: WebHouse) -> None:
    chen.goto(f"{house.origin}/people")
    chen.get_by_label("Full name").press_sequentially("zzq")
    expect(chen.locator("#list")).to_contain_text("1 person", timeout=SOON)
    expect(chen.locator("#list")).to_contain_text("ends soon", timeout=SOON)
    chen.get_by_role("link", name="查志强").click()
    expect(chen.locator("#main")).to_contain_text("The training ends on 2026-03-20.", timeout=SOON)


def change(chen: Page, he: Page) -> None:
    chen.get_by_role("link", name="Change").click()
    chen.get_by_label("Department").fill("Day shift")
    chen.get_by_label("Training until").fill("2027-03-20")
    chen.get_by_role("button", name="Show what changes and sign").click()
    expect(chen.locator("[data-sign-said]")).to_contain_text("Night shift → Day shift", timeout=SOON)
    expect(chen.locator("[data-sign-said]")).to_contain_text("2026-03-20 → 2027-03-20", timeout=SOON)
    chen.locator("#sign [data-close]").click()
    carried_out(he, signed_first(chen, "Show what changes and sign"))
    chen.reload()
    expect(chen.locator("#main")).to_contain_text("Day shift", timeout=SOON)


def invite(chen: Page, he: Page) -> str:
    """The code that the second chief is shown once."""
    signed_second(he, signed_first(chen, "Invite to make a passkey"))
    once = he.locator("[data-once-code]")
    expect(once).to_have_text(re.compile(r"\S{8,}"), timeout=SOON)
    code = once.inner_text()
    he.keyboard.press("Escape")
    expect(once).to_be_visible()
    he.locator("#once [data-close]").click()
    expect(once).to_be_hidden(timeout=SOON)
    return code


def begin(newcomer: Page, house: WebHouse, code: str) -> None:
    """A guard with a passkey of their own, who sees people and enrols nobody."""
    newcomer.goto(f"{house.origin}/set-up")
    for field, text in {"person": "s77", "code": code, "label": "blue key"}.items():
        newcomer.locator(f"#{field}").fill(text)
    newcomer.get_by_role("button", name="Make my passkey").click()
    newcomer.wait_for_url(lambda url: "/set-up" not in url, timeout=SOON)
    newcomer.goto(f"{house.origin}/people")
    expect(newcomer.get_by_role("heading", name="People", exact=True)).to_be_visible(timeout=SOON)
    expect(newcomer.get_by_role("link", name="Enrol a person")).to_have_count(0, timeout=SOON)


def leave(chen: Page) -> None:
    chen.reload()
    chen.get_by_role("link", name="End all rights").click()
    expect(chen.locator("#main")).to_contain_text("on 1 screen", timeout=SOON)
    signed_first(chen, "End all rights now")
    expect(chen.locator("#main")).to_contain_text("All rights have ended", timeout=SOON)


def knock_again(newcomer: Page, house: WebHouse) -> None:
    """Neither the session nor the passkey counts any more."""
    newcomer.goto(f"{house.origin}/people")
    newcomer.wait_for_url("**/sign-in**", timeout=SOON)
    newcomer.locator("[data-passkey]").click()
    expect(newcomer.locator("[data-passkey-wrong]")).to_be_visible(timeout=SOON)
    assert "/sign-in" in newcomer.url


def test_somebody_is_enrolled_changed_invited_and_ended_and_nothing_of_them_counts_any_more(
    house: WebHouse, chen: Page, he: Page, newcomer: Page
) -> None:
    since = house.newest
    enrol(chen, he)
    look_up(chen, house)
    change(chen, he)
    begin(newcomer, house, invite(chen, he))
    leave(chen)
    knock_again(newcomer, house)
    kinds = [entry["kind"] for entry in house.entries(after=since) if entry.get("person") == "s77"]
    assert kinds.index("person_ended") > kinds.index("passkey_enrolled")
    assert house.entries("signed_out", after=since)[-1]["why"] == "changed"
    assert PIN not in str(house.entries(after=since))
