"""A browser whose console or controller is away: it says so, keeps what was typed, and goes on by itself."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.house import LONG, Desk, WebHouse

PATIENCE_MS = 1000 * LONG
SILENT = {"en-GB": "The controller does not answer since", "zh-CN": "起没有应答"}
CUT_OFF = {"en-GB": "No connection to the console since", "zh-CN": "起与控制台断开"}
NOT_SENT = {"en-GB": "The controller does not answer", "zh-CN": "控制器没有应答"}
UNSURE = {"en-GB": "may have been done or not. Look first", "zh-CN": "也可能没有。请先查看"}
UNREACHED = {"en-GB": "What you typed is kept; try again", "zh-CN": "您输入的内容已保留"}
BROUGHT_BACK = {"en-GB": "What you typed before was brought back", "zh-CN": "已恢复您先前输入的内容"}
NOT_KEPT = {"en-GB": "document numbers and secrets are not kept", "zh-CN": "证件号码和机密不予保留"}
REQUESTED = {"en-GB": "Waiting for approval", "zh-CN": "待批准"}
NO_PICTURES = "The recorder does not answer: no pictures are taken"
TYPED = {"name": "Anna Berg", "company": "Berg AG", "contact": "anna@berg.example", "group": "berg"}


def half_typed(page: Page) -> None:
    """Somebody fills in most of a visit."""
    page.locator("#f-name").fill(TYPED["name"])
    for field in ("company", "contact", "group"):
        page.locator(f"#f-{field}").fill(TYPED[field])
    page.locator("#f-host").press_sequentially("lw")
    expect(page.locator("#l-host [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("#f-purpose").select_option("meeting")
    page.locator("[name=areas]").first.check()


def still_typed(page: Page) -> None:
    """All of it stands there."""
    for field, text in TYPED.items():
        expect(page.locator(f"#f-{field}")).to_have_value(text)
    expect(page.locator("#f-host")).not_to_have_value("")
    expect(page.locator("#f-purpose")).to_have_value("meeting")
    expect(page.locator("[name=areas]").first).to_be_checked()


def banner(page: Page, words: str) -> Locator:
    """Wait until the banner says it, and the page that it is not live."""
    found = page.locator("#stale")
    expect(found).to_contain_text(words, timeout=PATIENCE_MS)
    expect(found).to_be_visible()
    expect(page.locator("body")).to_have_class(re.compile("is-stale"))
    expect(page.locator("#link")).to_have_class(re.compile("bad"))
    return found


def said(page: Page, words: str) -> None:
    """Wait for what stands above the button that was pressed in vain."""
    expect(page.locator("#visit [data-form-wrong]")).to_contain_text(words, timeout=PATIENCE_MS)
    still_typed(page)


def send(page: Page, ends: str = "requestfinished") -> None:
    """Press the button once and wait for what comes of it."""
    with page.expect_event(ends, lambda sent: sent.method == "POST", timeout=PATIENCE_MS):
        page.locator("#visit .bar.sticky .primary").click()


def is_well(page: Page) -> None:
    """Wait until the banner has gone by itself."""
    expect(page.locator("#stale")).to_be_hidden(timeout=PATIENCE_MS)
    expect(page.locator("#link")).not_to_have_class(re.compile("bad"))
    still_typed(page)


def requested(page: Page, house: WebHouse, before: int, lang: str) -> None:
    """What is sent now is written down, and once."""
    page.locator("#visit .bar.sticky .primary").click()
    expect(page.locator("#chosen")).to_contain_text(REQUESTED[lang], timeout=PATIENCE_MS)
    assert len(house.entries("visit_requested", after=before)) == 1


@pytest.fixture
def newest(house: WebHouse) -> Iterator[int]:
    """The newest Entry, in a house that is well before and after."""
    yield house.newest
    if not house.child.running:
        house.child.start()
    house.console.start()
    house.until(house.answers)


@contextmanager
def frozen(house: WebHouse) -> Iterator[None]:
    house.child.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        house.child.signal(signal.SIGCONT)


@pytest.mark.parametrize("lang", ["en-GB", "zh-CN"])
def test_while_the_controller_is_dead_nothing_typed_is_lost_and_afterwards_it_is_sent_once(
    lang: str, house: WebHouse, desk: Callable[..., Desk], newest: int
) -> None:
    page = desk(lang=lang).sign_in("zhao", "/visitors")
    half_typed(page)
    house.child.kill()
    began = time.monotonic()
    banner(page, SILENT[lang])
    print(f"said after {time.monotonic() - began:.1f} s")  # noqa: T201
    still_typed(page)
    send(page)
    said(page, NOT_SENT[lang])
    said(page, UNSURE[lang])
    house.child.start()
    is_well(page)
    requested(page, house, newest, lang)


@pytest.mark.parametrize("lang", ["en-GB"])
def test_while_the_controller_is_frozen_a_visit_that_is_sent_twice_is_one_visit(
    lang: str, house: WebHouse, desk: Callable[..., Desk], newest: int
) -> None:
    page = desk(lang=lang).sign_in("zhao", "/visitors")
    half_typed(page)
    with frozen(house):
        banner(page, SILENT[lang])
        send(page)
        said(page, UNSURE[lang])
        send(page)
        said(page, UNSURE[lang])
    is_well(page)
    requested(page, house, newest, lang)


@pytest.mark.parametrize("lang", ["zh-CN"])
def test_while_the_console_is_dead_its_page_says_so_and_goes_on_with_the_next_one(
    lang: str, house: WebHouse, desk: Callable[..., Desk], newest: int
) -> None:
    page = desk(lang=lang).sign_in("zhao", "/visitors")
    half_typed(page)
    house.console.kill()
    banner(page, CUT_OFF[lang])
    send(page, "requestfailed")
    said(page, UNREACHED[lang])
    house.console.start()
    is_well(page)
    requested(page, house, newest, lang)


@pytest.mark.parametrize("lang", ["zh-CN"])
def test_a_page_that_is_loaded_meanwhile_waits_and_then_brings_back_what_was_typed(
    lang: str, house: WebHouse, desk: Callable[..., Desk], newest: int
) -> None:
    page = desk(lang=lang).sign_in("zhao", "/visitors")
    half_typed(page)
    page.locator("#f-document").fill("E1234567")
    house.child.kill()
    page.reload()
    expect(page.get_by_role("heading")).to_have_text(NOT_SENT[lang])
    house.child.start()
    expect(page.locator("#f-name")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator("#toasts")).to_contain_text(BROUGHT_BACK[lang])
    expect(page.locator("#toasts")).to_contain_text(NOT_KEPT[lang])
    expect(page.locator("#f-document")).to_have_value("")
    expect(page.locator("#f-photo_file")).to_have_value("")
    still_typed(page)
    requested(page, house, newest, lang)


def test_a_camera_that_is_lost_and_a_recorder_that_is_gone_are_said_and_nothing_else_is_missing(
    house: WebHouse, desk: Callable[..., Desk], newest: int
) -> None:
    assert house.room.cameras is not None
    page, other = desk().sign_in("zhao", "/now"), desk(lang="zh-CN", size="phone").sign_in("zhao", "/now")
    house.room.cameras.camera("room").fault("lost")
    house.room.window()
    try:
        for screen, words, why in (
            (page, "Camera room: lost", "the camera is not connected"),
            (other, "失联", "摄像机未连接"),
        ):
            expect(screen.locator("main")).to_contain_text(words, timeout=PATIENCE_MS)
            card = screen.locator(".alarm-card", has_text="north")
            expect(card).to_contain_text(why, timeout=PATIENCE_MS)
        expect(page.locator(".plan")).to_contain_text("lost")
        house.room.recorder.stop()
        for screen, words in ((page, NO_PICTURES), (other, "录像程序无应答")):
            expect(screen.locator("main")).to_contain_text(words, timeout=PATIENCE_MS)
        for path in ("/visitors", "/people", "/commands", "/proof"):
            answer = other.goto(house.origin + path)
            assert answer is not None
            assert (path, answer.status) == (path, 200)
    finally:
        house.room.window()
        house.room.cameras.camera("room").back()
        house.room.recorder.start()
    expect(page.locator("main")).not_to_contain_text(NO_PICTURES, timeout=PATIENCE_MS)
    expect(page.locator("main")).to_contain_text("Camera room sees well again", timeout=PATIENCE_MS)
    expect(page.locator(".plan")).not_to_contain_text("lost", timeout=PATIENCE_MS)
    assert house.entries("no_picture", after=newest)
