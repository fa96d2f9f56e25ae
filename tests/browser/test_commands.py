"""Two chiefs at two real browsers: what is asked, shown, signed and said."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.auditing import violations
from tests.browser.house import LONG, Desk, WebHouse

SOON = LONG * 1000


def code_of(page: Page) -> str:
    """The code that the open dialog shows."""
    shown = page.locator("[data-sign-code]")
    expect(shown).to_have_text(re.compile(r"^[0-9A-F]{4}-[0-9A-F]{4}$"), timeout=SOON)
    return shown.inner_text()


def card(page: Page, code: str) -> Locator:
    return page.locator(f"#command-{code}")


def test_a_door_is_released_by_two_chiefs_and_the_second_sees_it_without_a_click(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    he = desk(lang="zh-CN", scheme="dark").sign_in("he", "/commands")
    chen = desk().sign_in("chen", "/commands")
    chen.get_by_role("link", name="Release a door").click()
    chen.get_by_label("Door").select_option("outer")
    chen.get_by_label("Seconds").fill("3")
    chen.get_by_label("Reason").fill("fire brigade")
    chen.get_by_role("button", name="Show and sign").click()
    code = code_of(chen)
    expect(chen.locator("[data-sign-said]")).to_contain_text(
        "Release door outer for 3 seconds, because: fire brigade"
    )
    chen.locator("[data-sign-go]").click()
    expect(card(chen, code)).to_contain_text("You have signed it", timeout=SOON)
    expect(chen.locator("#toasts")).to_contain_text(code)
    waits = card(he, code)
    expect(waits).to_contain_text("打开铁门 outer", timeout=SOON)
    expect(waits).to_contain_text("fire brigade")
    assert not violations(he)
    waits.locator("[data-sign-waiting]").click()
    assert code_of(he) == code
    assert not violations(he)
    assert not house.entries("released_remotely", after=since)
    he.locator("[data-sign-go]").click()
    expect(he.locator("#toasts")).to_contain_text("已完成", timeout=SOON)
    (released,) = house.entries("released_remotely", after=since)
    assert (released["place"], released["who"]) == ("outer", ["chen", "he"])
    expect(card(chen, code)).to_have_count(0, timeout=SOON)


def test_what_was_shown_and_not_signed_is_gone_when_the_dialog_closes(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    chen = desk(size="phone").sign_in("chen", "/commands/order/rotate_key")
    chen.get_by_label("Reason").fill("no longer")
    chen.get_by_role("button", name="Show and sign").click()
    code = code_of(chen)
    expect(chen.locator("[data-sign-go]")).to_be_focused(timeout=SOON)
    with chen.expect_response(lambda answer: answer.url.endswith("/withdraw"), timeout=SOON):
        chen.keyboard.press("Escape")
    chen.goto(f"{house.origin}/commands")
    expect(chen.locator("#waiting")).to_contain_text("Nothing waits.")
    expect(card(chen, code)).to_have_count(0)
    assert not house.entries("command_signed", after=since)


def test_a_guard_locks_everything_by_keyboard_and_a_chief_lifts_it(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    zhao = desk(lang="zh-CN", size="phone").sign_in("zhao", "/commands")
    zhao.get_by_role("button", name="全部封锁").first.focus()
    zhao.keyboard.press("Enter")
    expect(zhao.locator("dialog[open]")).to_be_visible()
    assert not violations(zhao)
    zhao.get_by_label("理由").fill("演练")
    zhao.keyboard.press("Enter")
    expect(zhao.locator(".danger-card")).to_contain_text("已全部封锁", timeout=SOON)
    chen = desk().sign_in("chen", "/commands")
    chen.get_by_role("link", name="Lift the lockdown").click()
    chen.get_by_role("button", name="Show and sign").click()
    code_of(chen)
    chen.locator("[data-sign-go]").click()
    expect(chen.get_by_role("button", name="Lock everything").first).to_be_visible(timeout=SOON)
    assert [entry["on"] for entry in house.entries("lockdown", after=since)] == [True, False]


def test_an_installer_sees_the_devices_of_the_room_and_orders_a_new_key(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    tang = desk().sign_in("tang", "/devices")
    expect(tang.get_by_role("region", name="Readers")).to_contain_text("main")
    tang.get_by_role("link", name="Give a reader or board a new key").click()
    chosen = tang.get_by_label("Reader or board")
    chosen.select_option(index=1)
    tang.get_by_role("button", name="Show and sign").click()
    code = code_of(tang)
    tang.locator("[data-sign-go]").click()
    tang.wait_for_url("**/devices")
    tang.get_by_role("link", name="What waits").click()
    waits = card(tang, code)
    expect(waits).to_contain_text("another person: Chief")
    waits.get_by_role("button", name="Withdraw").click()
    expect(tang.locator("#waiting")).to_contain_text("Nothing waits.")
