"""What a guard-room sets at its screen, at real browsers: language, light, sound, keys, input methods."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import CDPSession, Page, expect

from tests.browser.house import Desk, WebHouse
from tests.browser.steps import zh
from tests.browser.test_now import COUNT_TONES

BY_THE_INPUT_METHOD = 229
"""What a browser says of a key that an input method takes (UI Events, 7.2.2)."""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def composed(cdp: CDPSession, *keys: str) -> None:
    """Press keys that go to an input method."""
    for key in keys:
        for kind in ("rawKeyDown", "keyUp"):
            event = {"type": kind, "key": key, "windowsVirtualKeyCode": BY_THE_INPUT_METHOD}
            cdp.send("Input.dispatchKeyEvent", event)


def is_open(page: Page) -> bool:
    """Whether the sheet of keys is open: it opens within the key press or not at all."""
    return bool(page.evaluate("document.getElementById('sheet').open"))


def test_a_seat_keeps_its_language_light_and_keys_whoever_sits_there(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    seat = desk()
    page = seat.sign_in("zhao", "/visitors")
    page.locator("header form button[name=language]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_text(zh("Visitors"))
    by_day = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.goto(f"{house.origin}/seat")
    page.get_by_label(zh("Night"), exact=True).check()
    page.get_by_label(zh("Single keys lead to pages (g n, /, ?)")).uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name=zh("Keep")).click()
    expect(page.locator("#toasts")).to_contain_text(zh("Kept for this screen."))
    seat.context.clear_cookies(name="__Host-ironroom")
    page = seat.sign_in("chen", "/now")
    expect(page.locator("html")).to_have_class("night")
    expect(page.locator("h1")).to_have_text(zh("Now"))
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") != by_day
    press(page, "?")
    assert not is_open(page)
    page.goto(f"{house.origin}/seat")
    page.get_by_label(zh("Single keys lead to pages (g n, /, ?)")).check()
    with page.expect_navigation():
        page.get_by_role("button", name=zh("Keep")).click()
    press(page, "?")
    assert is_open(page)


def test_the_sound_is_tried_and_the_screen_says_whether_it_is_on(desk: Callable[..., Desk]) -> None:
    for lang, said in (("en-GB", "Sound is on"), ("zh-CN", zh("Sound is on"))):
        opened = desk(lang=lang)
        opened.context.add_init_script(COUNT_TONES)
        page = opened.sign_in("zhao", "/seat")
        page.locator("[data-sound-test]").click()
        expect(page.locator("[data-sound-state]")).to_have_text(said)
        assert page.evaluate("window.tones") > 0


def test_single_keys_lead_and_show_their_sheet_and_rest_while_somebody_types_or_composes(
    desk: Callable[..., Desk],
) -> None:
    opened = desk(lang="zh-CN")
    page = opened.sign_in("zhao", "/now")
    cdp = opened.context.new_cdp_session(page)
    press(page, "g", "v")
    page.wait_for_url("**/visitors")
    page.locator("h1").click()
    composed(cdp, "?", "g", "n")
    assert not is_open(page)
    press(page, "?")
    expect(page.locator("#sheet")).to_contain_text(zh("This sheet"))
    press(page, "Escape", "/")
    expect(page.locator("#f-document")).to_be_focused()
    name = page.locator("#f-name")
    name.focus()
    press(page, "g", "n", "?")
    expect(name).to_have_value("gn?")
    name.fill("")
    cdp.send("Input.imeSetComposition", {"text": "zhang", "selectionStart": 5, "selectionEnd": 5})
    composed(cdp, "Enter")
    expect(name).to_be_focused()
    cdp.send("Input.insertText", {"text": "张伟"})
    expect(name).to_have_value("张伟")
    press(page, "Enter")
    expect(page.locator("#f-company")).to_be_focused()
    assert not is_open(page)
    assert page.url.endswith("/visitors")
