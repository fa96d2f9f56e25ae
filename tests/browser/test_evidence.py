"""What a chief and an auditor sign and take away, at real browsers: files are opened as readers would."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from controller.ledger.reading import LogReader
from controller.ledger.sign_off import covered
from tests.browser.house import Desk, WebHouse
from tests.browser.steps import DONE, fetched, paper, printed, sign, sign_second, zh

NEEDED = zh("Would have needed: %(need)s").partition("%")[0]
SIGN_SEEN = "[data-sign-seen]"


@pytest.fixture
def he(desk: Callable[..., Desk]) -> Page:
    """A chief, who reads Chinese."""
    return desk(lang="zh-CN").sign_in("he", "/review")


@pytest.fixture
def chen(desk: Callable[..., Desk]) -> Page:
    """A chief, who reads English."""
    return desk().sign_in("chen", "/commands")


def see_all(page: Page, house: WebHouse) -> None:
    """Look at the oldest that nobody has signed off, on a screen that shows many."""
    page.set_viewport_size({"width": 1280, "height": 2400})
    page.goto(f"{house.origin}/review/sign-off?only=all")
    for row in page.locator("tr[data-shows]").all():
        row.scroll_into_view_if_needed()
        house.until(lambda row=row: "was-seen" in (row.get_attribute("class") or ""))  # type: ignore[misc]


def commented(page: Page, house: WebHouse, n: int) -> None:
    """A comment on one entry, and on the same that it is an exception."""
    page.goto(f"{house.origin}/review/{n}")
    for text, is_exception in (("已核对", False), ("未登记", True)):
        page.locator("#f-text").fill(text)
        page.locator("#exception").set_checked(is_exception)
        with page.expect_navigation():
            page.get_by_role("button", name=zh("Note it")).click()
        expect(page.locator("main")).to_contain_text(text)
    expect(page.locator("main")).to_contain_text(zh("Exception"))


def test_a_day_is_commented_and_signed_off_and_a_second_chief_signs_for_what_is_ones_own(
    house: WebHouse, he: Page, chen: Page
) -> None:
    since = house.newest
    commented(he, house, 3)
    see_all(he, house)
    he.locator("#sign-off input[type=checkbox]").check()
    code = sign(he, he.locator(SIGN_SEEN))
    assert not house.entries("signed_off", after=since)
    chen.goto(f"{house.origin}/commands")
    expect(chen.locator(f"#command-{code}")).to_contain_text("He Ping")
    sign_second(chen, code, DONE)
    (signed,) = house.entries("signed_off", after=since)
    assert signed["who"] == ["he", "chen"]
    with LogReader(house.data / "custody.db") as reader:
        found = covered(reader, [(first, last) for first, last in signed["ranges"]], "he")
    assert (signed["digest"], bool(found.own)) == (found.digest, True)
    assert 3 in signed["exceptions"]
    he.goto(f"{house.origin}/review/sign-off")
    sheet = he.get_by_role("link", name=zh("Print")).first.get_attribute("href") or ""
    words = printed(he, house, sheet)
    assert "未登记" in words
    assert "He Ping" in words
    assert "Chen Jing" in words


def test_a_refusal_at_a_door_is_found_by_its_person_and_says_what_it_would_have_needed(
    house: WebHouse, he: Page
) -> None:
    since = house.newest
    house.room.scene.chosen = "sun"
    house.room.badge("outer.in")
    house.until(lambda: bool(house.entries("refused", after=since)), "nobody was refused")
    (refused,) = house.entries("refused", after=since)
    he.goto(f"{house.origin}/review?only=all&person=sh")
    row = he.locator(f"tr[data-n='{refused['n']}']")
    expect(row).to_contain_text(NEEDED)
    row.get_by_role("link").click()
    expect(he.locator("main")).to_contain_text(NEEDED)
    expect(he.locator("main")).to_contain_text("Sun Hao")


def taken(page: Page, form: str, button: str, fetch: str) -> Path:
    """Sign for a file, and fetch it."""
    page.locator(f"input[name=form][value={form}]").check()
    sign(page, page.get_by_role("button", name=button))
    return fetched(page, page.get_by_role("link", name=fetch)).path()


def test_a_register_is_signed_for_and_fetched_on_paper_and_as_a_workbook_and_both_can_be_opened(
    house: WebHouse, he: Page, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    address = f"{house.origin}/review/export?only=all"
    he.goto(address)
    words = paper(taken(he, "pdf", zh("Sign and take"), zh("Fetch it")))
    assert "He Ping" in words
    qian = desk(size="phone").sign_in("qian", "/review/export?only=all")
    with zipfile.ZipFile(taken(qian, "xlsx", "Sign and take", "Fetch it")) as book:
        texts = (
            book.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in book.namelist() else ""
        )
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Zhao Lei" in texts + sheet
    looks = [one for one in house.entries("evidence_read", after=since) if one["what"] == "export"]
    assert [(one["who"], one["form"]) for one in looks] == [(["he"], "pdf"), (["qian"], "xlsx")]


def test_the_proof_is_shown_verified_and_put_on_a_slip_that_the_box_finds_right(
    house: WebHouse, he: Page, desk: Callable[..., Desk]
) -> None:
    he.goto(f"{house.origin}/proof")
    he.get_by_role("button", name=zh("Verify the newest %(n)s now", n="")[:4]).click()
    expect(he.locator("main")).to_contain_text(zh("Verified"))
    assert "passage" in printed(he, house, "/proof/slip")
    zhao = desk().sign_in("zhao", "/proof")
    expect(zhao.locator("main")).to_contain_text("For an outsider")
    slip = re.search(r'check-slip "([^"]+)"', printed(zhao, house, "/proof/slip").replace("\n", " "))
    assert slip
    said = [" ".join(slip[1].split()), "--data", str(house.data)]
    command = [sys.executable, "-m", "controller", "log", "check-slip", *said]
    compared = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert compared.returncode == 0, compared.stdout + compared.stderr
