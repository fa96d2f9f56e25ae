"""A day closed and an Entry corrected by two people at real browsers."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.house import Desk, WebHouse
from tests.browser.steps import DONE, DONE_ZH, printed, sign, sign_second, zh


def test_b55_a_room_with_an_open_window_is_closed_with_a_note_by_two_and_printed(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    zhao = desk().sign_in("zhao", "/now")
    zhao.get_by_role("link", name="Daily closing").click()
    expect(zhao.locator("main")).to_contain_text("shut and bolted")
    expect(zhao.locator("#link")).to_have_text("live")
    since = house.newest
    house.room.window()
    try:
        zhao.get_by_role("link", name="Load it again").click()
        expect(zhao.get_by_label("Window north is open")).to_be_visible()
        for note in zhao.locator("input[name=said]").all():
            note.fill("the latch is broken, the smith comes at seven")
        code = sign(zhao, zhao.get_by_role("button", name="Close the day of vault"))
        he = desk(lang="zh-CN", scheme="dark").sign_in("he", "/commands")
        expect(he.locator(f"#command-{code}")).to_contain_text("the smith comes at seven")
        sign_second(he, code, DONE_ZH)
    finally:
        house.room.window()
    (closed,) = house.entries("day_closed", after=since)
    assert (closed["who"], closed["windows"]) == (["zhao", "he"], {"north": "open"})
    zhao.goto(f"{house.origin}/closing")
    expect(zhao.locator("main table")).to_contain_text("Window north is open: the latch is broken")
    assert "the smith comes at seven" in printed(zhao, house, f"/closing/{closed['n']}/sheet")


def test_b54_two_chiefs_correct_an_entry_that_stays_as_it_is(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    house.until(lambda: bool(house.entries("camera_learned")))
    (camera, *_rest) = house.entries("camera_learned")
    he = desk(lang="zh-CN", size="phone").sign_in("he", f"/review/{camera['n']}")
    he.get_by_text(zh("Correct this entry")).click()
    he.get_by_label(zh("What is right")).fill("两台摄像机由安装人员重新调过")
    he.locator("#x-reason").fill("登记有误")
    code = sign(he, he.get_by_role("button", name=zh("Correct and sign")))
    chen = desk().sign_in("chen", "/commands")
    sign_second(chen, code, DONE)
    (corrected,) = house.entries("corrected")
    assert (corrected["of"], corrected["who"]) == (camera["n"], ["he", "chen"])
    he.goto(f"{house.origin}/review/{camera['n']}")
    expect(he.locator(".correction")).to_contain_text("两台摄像机由安装人员重新调过")
    he.locator(".correction a").click()
    expect(he.get_by_role("link", name=zh("Entry %(n)s", n=camera["n"]))).to_be_visible()
