"""The chief at a real browser: yesterday's door is found, a day is signed off, evidence is taken away."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from controller.ledger.export_check import verify_export
from controller.ledger.reading import LogReader
from controller.ledger.sign_off import covered
from controller.ledger.trust import policy_for
from tests.browser.house import Desk, WebHouse
from tests.browser.steps import BOTH, said

FOLDER = "Evidence folder: the whole log with its proofs, for an auditor (TAR)"
OF_ALL = "/review?only=all"


def sign(page: Page) -> None:
    """Put one's passkey to what the dialog shows."""
    with page.expect_navigation():
        page.locator("[data-sign-go]").click()


def test_a_chief_signs_off_what_was_on_the_screen_with_keys_alone(
    desk: Callable[..., Desk], house: WebHouse
) -> None:
    since = house.newest
    page = desk().sign_in("chen", "/review/sign-off")
    count = page.locator("[data-seen-count]")
    expect(count).not_to_have_text("0")
    expect(page.locator("tr.was-seen").first).to_be_visible()
    page.wait_for_function(
        "() => document.querySelectorAll('tr.was-seen:not([data-own])').length === "
        "Number(document.querySelector('[data-seen-count]').textContent)"
    )
    counted = count.inner_text()
    hidden = page.locator("tbody tr").last
    assert "was-seen" not in (hidden.get_attribute("class") or ""), "below the edge of the screen"
    page.keyboard.press("s")
    expect(page.locator("[data-sign-said]")).to_contain_text(f"({counted} entries)")
    sign(page)
    (signed,) = house.entries("signed_off", after=since)
    with LogReader(house.data / "custody.db") as reader:
        found = covered(reader, [(first, last) for first, last in signed["ranges"]], "chen")
    assert (signed["digest"], found.own) == (found.digest, ())
    assert 0 < signed["count"] == int(counted) < house.newest
    assert page.locator(f'[data-n="{signed["from"]}"]').count() == 0


def test_an_exception_takes_a_comment_and_is_named_in_the_next_signature(
    desk: Callable[..., Desk], house: WebHouse
) -> None:
    since = house.newest
    page = desk(lang="zh-CN", scheme="dark").sign_in("he", "/review/sign-off")
    expect(page.locator("h1")).to_have_text("签核")
    page.keyboard.press("j")
    n = int(page.locator("tr.current").get_attribute("data-n") or "")
    page.keyboard.press("x")
    page.locator("#x-text").fill("没有登记")
    page.keyboard.press("Enter")
    house.until(lambda: bool(house.entries("noted", after=since)))
    (noted,) = house.entries("noted", after=since)
    assert (noted["of"], noted["exception"], noted["note"]) == (n, True, "没有登记")
    expect(page.locator("tr.was-seen").first).to_be_visible()
    page.keyboard.press("s")
    expect(page.locator("#sign")).to_contain_text(f"[{n}]")
    page.keyboard.press("Escape")


def test_a_row_is_opened_anywhere_on_it_by_click_by_keys_and_in_a_tab_of_its_own(
    desk: Callable[..., Desk],
) -> None:
    page = desk().sign_in("he", OF_ALL)
    row = page.locator("tr[data-shows]").first
    n = row.get_attribute("data-n")
    with page.context.expect_page() as other:
        row.locator("td.time").click(button="middle", force=True)
    other.value.wait_for_url(f"**/review/{n}?look=*")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/{n}?look=*")
    page.go_back()
    last = page.locator("tr[data-shows]").last
    n = last.get_attribute("data-n")
    last.locator("td").last.click(force=True)
    page.wait_for_url(f"**/review/{n}?look=*")


def test_what_raised_an_alarm_leads_to_it_and_to_how_it_ended(
    desk: Callable[..., Desk], house: WebHouse
) -> None:
    since = house.newest
    house.room.window()
    try:
        house.until(
            lambda: any(one["place"] == "north" for one in house.entries("alarm_raised", after=since))
        )
        (fact,) = house.entries("window_opened", after=since)
        page = desk().sign_in("chen", f"/review/{fact['n']}")
        page.locator(".chain a").first.click()
        expect(page.locator("main .said")).to_contain_text("Window open")
        expect(page.locator(".chain")).to_contain_text("Window open")
    finally:
        house.room.window()


@pytest.mark.parametrize("lang", BOTH)
def test_a_date_is_typed_and_a_place_is_looked_at_closer(
    desk: Callable[..., Desk], house: WebHouse, lang: str
) -> None:
    since = house.newest
    page = desk(lang=lang, size="phone").sign_in("qian", OF_ALL)
    page.keyboard.press("t")
    page.keyboard.type("2026-03-02 08:30")
    page.locator("#f-to").fill("")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review?from=2026-03-02+08*")
    expect(page.locator("#f-to")).to_have_value("2026-03-03 08:30")
    page.get_by_role("link", name=said(lang, "Hour"), exact=True).click()
    page.wait_for_url("**zoom=hour**")
    page.locator("main h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**at=2026-03-02+20:36**")
    looks = house.entries("evidence_read", after=since)
    assert {one["who"][0] for one in looks} == {"qian"}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "nothing leaves a phone's screen"
    )


@pytest.mark.parametrize("lang", BOTH)
def test_the_evidence_folder_is_signed_for_fetched_and_verified_elsewhere(
    desk: Callable[..., Desk], house: WebHouse, tmp_path: Path, lang: str
) -> None:
    since = house.newest
    page = desk(lang=lang).sign_in("qian", "/review/export")
    page.get_by_label(said(lang, FOLDER)).check()
    page.get_by_role("button", name=said(lang, "Sign and take")).click()
    expect(page.locator("#sign")).to_be_visible()
    sign(page)
    with page.expect_download() as fetched:
        page.get_by_role("link", name=said(lang, "Fetch it")).click()
    with tarfile.open(fetched.value.path()) as tar:
        tar.extractall(tmp_path)  # noqa: S202 - our own, just signed for
    folder = tmp_path / "evidence"
    assert verify_export(folder, policy_for(folder, None), lambda _done, _all: None, 1).entries > 10
    (look,) = [e for e in house.entries("evidence_read", after=since) if e["what"] == "export"]
    assert (look["who"], look["form"]) == (["qian"], "folder")


def test_the_proof_is_verified_at_the_desk(desk: Callable[..., Desk]) -> None:
    page = desk().sign_in("chen", "/proof")
    page.get_by_role("button", name="Verify the newest").click()
    expect(page.get_by_role("status").first).to_be_attached()
    expect(page.locator(".verdict")).to_contain_text("The log is whole: verified at 2026-")
    expect(page.locator("main")).to_contain_text("are as they were written")
    expect(page.locator("main")).to_contain_text("Chen Jing")
