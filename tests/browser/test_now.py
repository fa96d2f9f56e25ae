"""The guard's desk in a real browser: an alarm from the wall to the screen and into the log, and silence."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from controller.leashed_child import LeashedChild
from tests.browser.house import LONG, Desk, WebHouse
from tests.browser.steps import BOTH, said

SHUT_IT = "Have the window shut from inside by an entitled pair."
STANDS = "Its cause still stands. Once it has ended you can close it here; a chief can close it before."
PATIENCE_MS = LONG * 1000
COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
"""
expect.set_options(timeout=PATIENCE_MS)


def watching(desk: Desk, person: str = "zhao", live: str = "live") -> Page:
    """The desk of somebody who has clicked once, so that the browser lets it sound."""
    desk.context.add_init_script(COUNT_TONES)
    page = desk.sign_in(person, "/now")
    expect(page.locator(".plan")).to_be_visible()
    page.locator("h1").click()
    expect(page.locator("#link")).to_have_text(live)
    return page


@pytest.mark.parametrize("lang", BOTH)
def test_an_alarm_is_on_the_screen_with_sound_procedure_and_pictures_and_is_settled(
    house: WebHouse, desk: Callable[..., Desk], lang: str
) -> None:
    page, before = watching(desk(lang=lang), live=said(lang, "live")), house.newest
    card = page.locator(".alarm-card", has_text=f"{said(lang, 'Window open')} · north")
    begun = time.monotonic()
    house.room.window()
    try:
        expect(card).to_be_visible()
        print(f"window to screen: {time.monotonic() - begun:.2f} s")  # noqa: T201 - a measure, not a verdict
        expect(card).to_contain_text(said(lang, SHUT_IT))
        house.until(lambda: int(page.evaluate("window.tones")) > 0, "no tone")
        house.until(lambda: page.title().startswith("●"), "the title does not call")
        look_at_a_picture(house, page, before)
        page.keyboard.press("a")
        expect(page.locator("#one-alarm")).to_contain_text(said(lang, "You look after it"))
        expect(page.locator("#closing")).to_contain_text(said(lang, STANDS))
    finally:
        house.room.window()
    page.get_by_label(said(lang, "What did you find?")).fill("wind, the latch was loose")
    page.get_by_label(said(lang, "A test")).check()
    page.get_by_role("button", name=said(lang, "Close and write down")).click()
    expect(page.locator(".plan")).to_be_visible()
    expect(card).to_have_count(0)
    closed = house.entries("alarm_acknowledged", after=before)[-1]
    assert (closed["alarm"], closed["who"], closed["outcome"]) == ("window_open", ["zhao"], "test")
    assert [one["who"] for one in house.entries("alarm_taken", after=before)] == [["zhao"]]


def look_at_a_picture(house: WebHouse, page: Page, before: int) -> None:
    """A small picture of the alarm is there, and large by a click; that look is in the log."""
    small = page.locator(".alarm-card .thumb img").first
    house.until(lambda: bool(small.evaluate("one => one.naturalWidth")), "no small picture")
    small.click()
    large = page.locator("#large img")
    expect(large).to_be_visible()
    assert large.evaluate("one => one.naturalWidth") > 64
    expect(page.locator("#large-caption")).to_contain_text("north")
    page.keyboard.press("Escape")
    looks = [one for one in house.entries("evidence_read", after=before) if one["what"] == "picture"]
    assert [one["who"] for one in looks] == [["zhao"]]


def test_the_plan_leads_into_a_room_and_keys_and_quiet_lines_work(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    page = watching(desk())
    page.locator(".plan a.room").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#place h1")).to_have_text("vault")
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.locator(".feed-row")).not_to_have_count(0)
    page.get_by_role("link", name="Show what is quiet").click()
    expect(page.locator(".feed-row.quiet")).not_to_have_count(0)


@pytest.mark.parametrize("frozen", ["controller", "console"])
def test_a_screen_that_hears_nothing_says_so_and_recovers(
    house: WebHouse, desk: Callable[..., Desk], frozen: str
) -> None:
    page = watching(desk())
    child: LeashedChild = house.child if frozen == "controller" else house.console
    begun, processes = time.monotonic(), family(child.pid)
    tell(processes, signal.SIGSTOP)
    try:
        expect(page.locator("#stale")).to_be_visible()
        print(f"{frozen} frozen to said so: {time.monotonic() - begun:.2f} s")  # noqa: T201 - as above
        assert "grayscale" in page.locator("#now").evaluate("one => getComputedStyle(one).filter")
    finally:
        tell(processes, signal.SIGCONT)
    expect(page.locator("#stale")).to_be_hidden()
    expect(page.locator("#now")).to_contain_text("vault")


def family(pid: int) -> list[int]:
    """A process and everything it has started: a server's workers are processes of their own."""
    found = [pid]
    for one in found:
        children = Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii").split()
        found += [int(child) for child in children]
    return found


def tell(processes: list[int], number: signal.Signals) -> None:
    """Signal each of them."""
    for pid in processes:
        os.kill(pid, number)


def test_a_narrow_screen_has_alarms_rooms_and_feed_and_nothing_beside_the_page(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    page = desk(size="phone", lang="zh-CN", scheme="dark").sign_in("zhao", "/now")
    expect(page.locator(".room-card").first).to_be_visible()
    expect(page.locator(".plan")).to_be_hidden()
    expect(page.locator(".feed-row")).not_to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
