"""The first day at real browsers: codes of the box, passkeys, password and phone, and who only guesses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import Desk, WebHouse, plug
from tests.browser.steps import zh

STEP_S = 30
WORDS = "seven grey herons stand in rain"
LOCKED = zh("Too many attempts. Wait %(s)s seconds, then try again.").partition("%")[0]
DISMISSED = "wrong words are typed here too"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """People are enrolled; nobody can sign in yet."""
    with WebHouse(tmp_path_factory.mktemp("h"), people=()) as house:
        yield house


def code_of_the_box(house: WebHouse, person: str, *agreed: str) -> str:
    """``ironroom sign-in code`` as somebody at the box runs it."""
    command = [sys.executable, "-m", "controller", "sign-in", "code", "--person", person]
    said = ["--data", str(house.data), *agreed]
    done = subprocess.run([*command, *said], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def fill(page: Page, **typed: str) -> None:
    for field, text in typed.items():
        page.locator(f"#{field}").fill(text)


def leave(page: Page) -> None:
    """Sign out by the menu."""
    page.locator("details.me summary").click()
    page.locator("form[data-leave] button").click()
    page.wait_for_url("**/sign-in")


def set_up(desk: Desk, house: WebHouse, person: str, name: str) -> Page:
    """Make one's first passkey with a code of the box, and sign in with it once more."""
    page = desk.page()
    plug(desk.context, page)
    page.goto(f"{house.origin}/sign-in")
    page.locator("a[href='/set-up']").click()
    fill(page, person=person, code="7K3M-9QXA-2CRV-HT40", label="blue key")
    button = page.locator("form[data-make] button.primary")
    button.click()
    expect(page.locator("[data-make-wrong]")).to_be_visible()
    fill(page, code=code_of_the_box(house, person))
    button.click()
    page.wait_for_url("**/now")
    expect(page.locator("header")).to_contain_text(name)
    leave(page)
    page.locator("[data-passkey]").click()
    page.wait_for_url("**/now")
    expect(page.locator("header")).to_contain_text(name)
    return page


def phone(house: WebHouse, secret: str, steps: int) -> str:
    """What an authenticator app shows so many steps from now, by the clock of the house."""
    return pyotp.TOTP(secret).at(house.child.look()["wall_ms"] // 1000 + steps * STEP_S)


def set_up_words(page: Page, house: WebHouse, code: str) -> str:
    """A password, typed wrong first, and the secret that the telephone reads."""
    page.goto(f"{house.origin}/set-up")
    page.get_by_role("link", name=zh("No passkey at hand? Set up a password and your phone.")).click()
    fill(page, person="zhao", code=code, password=WORDS, again="something else")
    page.get_by_role("button", name=zh("Go on")).click()
    expect(page.locator(".wrong")).to_have_text(zh("The two do not match."))
    fill(page, code=code, password=WORDS, again=WORDS)
    page.get_by_role("button", name=zh("Go on")).click()
    expect(page.locator(".qr-frame svg")).to_be_visible()
    page.get_by_text(zh("Type it instead")).click()
    secret = page.locator("details .mono").inner_text()
    page.locator("#code").fill(phone(house, secret, -1))
    page.get_by_role("button", name=zh("Keep")).click()
    page.wait_for_url("**/now")
    return secret


def try_words(page: Page, house: WebHouse, words: str, code: str) -> None:
    """Sign in with password and code, as zhao."""
    page.goto(f"{house.origin}/sign-in")
    page.locator("details summary").click()
    fill(page, person="zhao", password=words, code=code)
    with page.expect_navigation():
        page.locator("details .bar button").click()


def test_chiefs_begin_with_codes_of_the_box_and_a_guard_without_a_key_with_words_and_a_telephone(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    set_up(desk(), house, "chen", "Chen Jing")
    he = set_up(desk(lang="zh-CN", scheme="dark"), house, "he", "He Ping")
    code = code_of_the_box(house, "zhao", "--by", "chen", "--second", "he")
    expect(he.locator(".alarm-card").first).to_be_visible()
    zhao = desk(lang="zh-CN", size="phone").page()
    secret = set_up_words(zhao, house, code)
    leave(zhao)
    try_words(zhao, house, WORDS, phone(house, secret, 0))
    zhao.wait_for_url("**/now")
    leave(zhao)
    stranger = desk().page()
    for said in ("That did not fit.",) * 4 + ("Too many attempts. Wait ",):
        try_words(stranger, house, DISMISSED, "000000")
        expect(stranger.locator(".wrong:visible")).to_contain_text(said)
    try_words(zhao, house, WORDS, phone(house, secret, 1))
    expect(zhao.locator(".wrong:visible")).to_contain_text(LOCKED)
    told = str(house.entries())
    assert WORDS not in told
    assert secret not in told
    assert [one["person"] for one in house.entries("enrolment_code")] == ["chen", "he", "zhao"]
