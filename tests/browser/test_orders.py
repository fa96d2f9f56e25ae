"""Orders by two at real browsers: a door and its panel, the site file, reader and camera, a person gone."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from controller.demo_badges import DESK as READER
from controller.demo_badges import LEVEL
from controller.demo_site import WALL
from firmware_shims.cards.desfire import Desfire
from tests.browser.house import LONG, Desk, WebHouse
from tests.browser.steps import DONE, DONE_ZH, put_passkey, shown_code, sign, sign_second, zh


@pytest.fixture
def chen(desk: Callable[..., Desk]) -> Page:
    """A chief, who reads English."""
    return desk().sign_in("chen", "/commands")


@pytest.fixture
def he(desk: Callable[..., Desk]) -> Page:
    """A chief, who reads Chinese."""
    return desk(lang="zh-CN", scheme="dark").sign_in("he", "/commands")


def order(page: Page, house: WebHouse, name: str) -> None:
    page.goto(f"{house.origin}/commands/order/{name}")


def test_the_panel_at_the_room_shows_what_two_chiefs_sign_before_the_door_is_free(
    house: WebHouse, he: Page, chen: Page
) -> None:
    panel = house.room.bench.readers.panels[WALL]
    since = house.newest
    order(he, house, "release_door")
    he.locator("#f-door").select_option("outer")
    he.locator("#f-seconds").fill("3")
    he.locator("#f-reason").fill("消防演练")
    code = sign(he, he.get_by_role("button", name=zh("Show and sign")))
    assert panel.wait_shows("RELEASE DOOR", LONG), panel.shows
    assert panel.wait_shows(f"{code} WAITS", LONG), panel.shows
    expect(chen.locator(f"#command-{code}")).to_contain_text("Release door outer for 3 seconds")
    sign_second(chen, code, DONE)
    assert panel.wait_shows(f"{code} DONE", LONG), panel.shows
    (released,) = house.entries("released_remotely", after=since)
    assert (released["place"], released["who"]) == ("outer", ["he", "chen"])


def test_a_changed_site_file_counts_once_two_chiefs_have_read_its_digest(
    house: WebHouse, he: Page, chen: Page
) -> None:
    before = house.child.look()["policy"]
    house.change_site(lambda text: text.replace("lone_s = 30", "lone_s = 20"))
    house.child.stop()
    house.child.start()
    changed = house.child.look()["offered"]
    assert changed not in {"", before}
    order(chen, house, "approve_policy")
    expect(chen.locator("main")).to_contain_text(changed)
    chen.locator("input[name=digest]").check()
    code = sign(chen, chen.get_by_role("button", name="Show and sign"))
    he.goto(f"{house.origin}/commands")
    expect(he.locator(f"#command-{code}")).to_contain_text(changed[:16])
    sign_second(he, code, DONE_ZH)
    house.child.stop()
    house.child.start()
    assert house.child.look()["policy"] == changed
    (approved,) = house.entries("policy_approved")
    assert approved["who"] == ["chen", "he"]


def test_an_installer_gives_a_reader_a_new_key_and_teaches_a_camera_with_a_chief(
    house: WebHouse, desk: Callable[..., Desk], chen: Page
) -> None:
    since = house.newest
    tang = desk(lang="zh-CN", size="phone").sign_in("tang", "/devices")
    tang.get_by_role("link", name=zh("Give a reader or board a new key")).click()
    tang.locator("#f-device").select_option("outer.in")
    code = sign(tang, tang.get_by_role("button", name=zh("Show and sign")))
    sign_second(chen, code, DONE)
    house.until(lambda: bool(house.entries("reader_paired", after=since)), "not paired")
    chen.goto(f"{house.origin}/devices")
    chen.get_by_role("link", name="Teach cameras their view").click()
    chen.locator("input[name=cameras][value=door]").check()
    code = sign(chen, chen.get_by_role("button", name="Show and sign"))
    tang.goto(f"{house.origin}/commands")
    sign_second(tang, code, DONE_ZH)
    tang.goto(f"{house.origin}/devices")
    expect(tang.get_by_role("region", name=zh("Readers"))).to_contain_text("outer.in")
    (paired,) = house.entries("reader_paired", after=since)
    assert paired["place"] == "outer.in"


def test_a_badge_is_made_by_two_at_the_reader_and_the_one_before_is_blocked_at_the_desk(
    house: WebHouse, he: Page, chen: Page
) -> None:
    since = house.newest
    he.goto(f"{house.origin}/people/zhao")
    he.get_by_role("link", name=zh("Make a badge")).click()
    he.locator("#f-level").select_option(LEVEL)
    code = sign(he, he.get_by_role("button", name=zh("Show and sign")))
    sign_second(chen, code, DONE)
    house.room.bench.take(READER)  # a card counts only once the reader was seen empty
    house.room.bench.lay(READER, Desfire(b"\x04" + secrets.token_bytes(6)))
    made = zh("The card is a badge now: %(badge)s.").partition("%")[0]
    expect(he.locator("#badges")).to_contain_text(made)
    house.room.bench.take(READER)
    old = house.room.bench.token("B4")
    he.locator("#badges summary", has_text=old).click()
    he.locator("#badges details[open] [name=reason]").fill("换新卡")
    with he.expect_navigation():
        he.locator("#badges details[open] button").click()
    expect(he.locator("#toasts")).to_contain_text(old)
    (issued,) = house.entries("badge_issued", after=since)
    assert (issued["who"], house.child.look()["badges"][old]["blocked"]) == (["he", "chen"], True)


def test_somebody_who_has_left_is_erased_by_two_and_only_the_number_stays(
    house: WebHouse, he: Page, chen: Page
) -> None:
    he.goto(f"{house.origin}/people/zhang/leave")
    expect(he.locator("main")).to_contain_text("Zhang Min")
    sign(he, he.get_by_role("button", name=zh("End all rights now")))
    expect(he.locator("main")).to_contain_text(zh("What must come back"))
    order(chen, house, "erase_person")
    chen.get_by_label("Person").select_option("zhang")
    chen.get_by_label("Reason").fill("the term is over")
    code = sign(chen, chen.get_by_role("button", name="Show and sign"))
    he.goto(f"{house.origin}/commands")
    he.locator(f"#command-{code} [data-sign-waiting]").click()
    expect(he.locator("[data-sign-said]")).to_contain_text("Zhang Min")
    assert shown_code(he) == code
    put_passkey(he)
    expect(he.locator("#toasts")).to_contain_text(DONE_ZH)
    chen.goto(f"{house.origin}/people")
    expect(chen.locator("main")).not_to_contain_text("Zhang Min")
    (erased,) = house.entries("erased")
    assert (erased["person"], erased["who"]) == ("zhang", ["chen", "he"])
    assert "Zhang Min" not in str(house.entries())
