"""Groups, passes that are late or lost, and people who may not come, at real browsers, in two languages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.house import Desk, WebHouse, browser
from tests.browser.steps import DONE_ZH, printed, put_passkey, sign, sign_second, zh
from tests.camera_reading.drawn_documents import page as document_page
from tests.camera_reading.drawn_documents import td3

FIRST, SECOND = "110105194912310185", "11010519491231002X"
CHANCE = random.Random(5)  # noqa: S311 - a drawing, no secret
LINES = td3(CHANCE)
LATE_S = 20


@pytest.fixture
def zhao(desk: Callable[..., Desk]) -> Page:
    """The guard, who reads Chinese."""
    return desk(lang="zh-CN").sign_in("zhao", "/visitors")


def visit_at(page: Page, house: WebHouse, visit: str) -> None:
    page.goto(f"{house.origin}/visitors?visit={visit}")


def photograph(page: Page, house: WebHouse) -> None:
    """A face before the camera, which is on once this seat has used it; Space takes it."""
    film = page.locator("video:visible")
    house.until(lambda: film.count() > 0 and film.evaluate("one => one.videoWidth > 0"), "the camera is off")
    film.focus()
    page.keyboard.press("Space")
    expect(page.locator(".good-line:visible")).to_have_text(zh("Photograph taken"))


def guest(page: Page, number: str, name: str) -> None:
    """Whoever stands at the desk: document and name."""
    page.locator("#f-document").fill(number)
    page.keyboard.press("Enter")
    expect(page.locator("#f-name")).to_be_focused()
    page.keyboard.insert_text(name)


def requested(page: Page, button: str) -> str:
    """Send the form; the visit that comes of it."""
    with page.expect_navigation():
        page.locator("#visit").get_by_role("button", name=button, exact=True).click()
    return page.url.rpartition("=")[2]


def a_group(page: Page, house: WebHouse) -> tuple[str, str]:
    """Two who come together, one form after the other."""
    guest(page, FIRST, "李明")
    page.locator("#f-host").press_sequentially("lw")
    expect(page.locator("#l-host [role=option]").first).to_contain_text("Li Wei")
    page.keyboard.press("Enter")
    page.locator("#f-purpose").select_option("meeting")
    page.locator("[name=areas]").first.check()
    page.locator("#f-group").fill("年审组")
    page.locator("[data-camera=photo]").click()
    photograph(page, house)
    first = requested(page, zh("Request, and add another"))
    expect(page.get_by_role("heading", name=zh("Another of the same group"))).to_be_visible()
    expect(page.locator("#f-group")).to_have_value("年审组")
    guest(page, SECOND, "孙丽")
    return first, requested(page, zh("Request the visit"))


def approved(page: Page, house: WebHouse, visit: str, button: str) -> None:
    """Sign that a visit may take place, as its host or a chief."""
    visit_at(page, house, visit)
    sign(page, page.get_by_role("button", name=button))
    expect(page.locator("#chosen")).to_have_attribute("data-status", "approved")


def approved_together(page: Page, house: WebHouse, visits: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Sign once for a whole group, and read every name before it."""
    visit_at(page, house, visits[0])
    expect(page.locator(".group [name=visits]:checked")).to_have_count(len(visits))
    page.get_by_role("button", name="Approve and sign").click()
    for name in names:
        expect(page.locator("#sign[open] [data-sign-said]")).to_contain_text(name)
    put_passkey(page)
    for visit in visits:
        expect(page.locator(f"#lists li[data-visit={visit}]")).to_have_attribute("data-status", "approved")


def next_of_group(page: Page, visit: str, name: str) -> None:
    """Go on from a pass to the next of the group, not by the list."""
    link = page.get_by_role("link", name=zh("Next of the group: %(name)s", name=name))
    with page.expect_navigation():
        link.click()
    expect(page.locator("#chosen")).to_have_attribute("data-visit", visit)


def issued(page: Page, house: WebHouse, visit: str, badge: str, name: str) -> None:
    """Hand a pass over; the paper names the visitor and the badge."""
    if page.locator(f"#chosen[data-visit={visit}]").count() == 0:
        visit_at(page, house, visit)
    page.locator("#i-badge").fill(badge)
    if page.locator("[data-camera=issue-photo]").count():
        photograph(page, house)
    for tick in page.locator("#issue input[type=checkbox]").all():
        tick.check()
    with page.expect_navigation():
        page.get_by_role("button", name=zh("Issue the pass")).click()
    expect(page.locator("#print-pass")).to_be_visible()
    assert name in printed(page, house, f"/visitors/{visit}/pass.pdf")


def leaves(page: Page, house: WebHouse, visit: str, *, badge_is: str) -> None:
    visit_at(page, house, visit)
    page.locator(f"[name=badge_returned][value={badge_is}]").check()
    if badge_is == "no":
        page.locator("#o-reason").fill("说丢在出租车上")
    with page.expect_navigation():
        page.get_by_role("button", name=zh("Sign the visitor out")).click()


def test_a_group_comes_with_photographs_and_one_of_them_loses_the_badge(
    house: WebHouse, zhao: Page, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    first, second = a_group(zhao, house)
    approved_together(desk().sign_in("li"), house, (first, second), ("李明", "孙丽"))
    approvals = house.entries("visit_approved", after=since)
    assert [(one["visit"], one["who"]) for one in approvals] == [(first, ["li"]), (second, ["li"])]
    issued(zhao, house, first, "P1", "李明")
    next_of_group(zhao, second, "孙丽")
    issued(zhao, house, second, "P2", "孙丽")
    expect(zhao.locator("#lists li[data-status=inside]")).to_have_count(2)
    roll = desk().sign_in("chen", "/now/roll-call")
    expect(roll.locator(".roll")).to_contain_text("孙丽")
    leaves(zhao, house, first, badge_is="yes")
    expect(zhao.locator("#toasts")).to_contain_text(zh("The visitor is signed out."))
    leaves(zhao, house, second, badge_is="no")
    expect(zhao.locator("#toasts")).to_contain_text(
        zh("The visitor is signed out. The badge is reported lost and dead.")
    )
    expect(zhao.locator("#lists")).to_contain_text(zh("No visitor is in the house."))
    groups = {one["group"] for one in house.entries("visit_requested", after=since)}
    assert groups == {"年审组"}
    badges = house.child.look()["badges"]
    assert (badges["P1"]["boxed"], badges["P2"]["boxed"], badges["P2"]["blocked"]) == (True, False, True)


def overstaying(house: WebHouse) -> str:
    """Somebody whose visit ends in a moment."""
    now = house.child.look()["wall_ms"]
    asked = house.child.ask(
        "request_visit",
        "zhao",
        name="Ida Falk",
        document="X1234567",
        document_kind="passport",
        purpose="meeting",
        **{"host": "li", "areas": ["outer"], "from": now, "until": now + LATE_S * 1000},
        instruction_given=True,
        privacy_notice_given=True,
    )
    return str(asked["visit"])


def test_a_visitor_who_stays_too_long_is_called_out_and_may_come_no_more_until_a_chief_says_so(
    house: WebHouse, zhao: Page, desk: Callable[..., Desk]
) -> None:
    he, chen = desk(lang="zh-CN", scheme="dark").sign_in("he"), desk().sign_in("chen")
    visit = overstaying(house)
    approved(he, house, visit, zh("Approve and sign"))
    handed = {"visit": visit, "badge": "P3", "devices": [], "identity_checked": True, "no_photo": "no light"}
    assert "accepted" in house.child.ask("issue_pass", "zhao", **handed)
    late = zhao.locator(f"#lists li[data-visit={visit}]")
    expect(late).to_contain_text(zh("Overstayed by %(minutes)s min", minutes=0)[:2])
    zhao.goto(f"{house.origin}/now")
    expect(zhao.locator(".alarm-card").first).to_be_visible()
    leaves(zhao, house, visit, badge_is="yes")
    visit_at(zhao, house, visit)
    zhao.get_by_text(zh("Put on the block list")).first.click()
    zhao.locator("#r-block").fill("拒绝离开")
    with zhao.expect_navigation():
        zhao.get_by_role("button", name=zh("Put on the block list")).click()
    zhao.goto(f"{house.origin}/visitors")
    zhao.locator("#f-document").fill("X1234567")
    zhao.locator("#f-document_kind").select_option("passport")
    expect(zhao.locator("#blocked")).to_contain_text(zh("On the block list."))

    he.goto(f"{house.origin}/visitors")
    he.locator("summary", has_text=zh("Block list (%(n)s)", n=1)).click()
    he.locator("[name=reason]").fill("说明了情况")
    sign(he, he.get_by_role("button", name=zh("Lift")))
    expect(he.locator("#toasts")).to_contain_text(zh("May come again."))
    visitor = house.entries("visit_requested")[-1]["visitor"]
    chen.goto(f"{house.origin}/commands/order/erase_person")
    chen.get_by_label("Person").select_option(visitor)
    chen.get_by_label("Reason").fill("asked for it by letter")
    code = sign(chen, chen.get_by_role("button", name="Show and sign"))
    he.goto(f"{house.origin}/commands")
    expect(he.locator(f"#command-{code}")).to_contain_text("Ida Falk")
    sign_second(he, code, DONE_ZH)
    chen.goto(f"{house.origin}/visitors?visit={visit}")
    expect(chen.locator("main")).not_to_contain_text("Ida Falk")
    (erased,) = house.entries("erased")
    assert (erased["person"], erased["who"]) == (visitor, ["chen", "he"])
    assert "Ida Falk" not in str(house.entries())


@pytest.fixture(scope="module")
def passport(house: WebHouse, play: Playwright) -> Iterator[Browser]:
    """A browser whose camera sees a passport."""
    film, whole = house.folder / "passport.mjpeg", BytesIO()
    document_page(LINES, CHANCE, (1280, 720)).save(whole, "JPEG", quality=92)
    film.write_bytes(whole.getvalue() * 30)
    with browser(play, house, f"--use-file-for-fake-video-capture={film}") as chromium:
        yield chromium


def is_read(page: Page) -> bool:
    """Whether the number is there; where a busy box has not read it, the picture is taken once more."""
    if page.locator("[data-view=document] [data-camera-wrong]").is_visible():
        page.keyboard.press("Space")
    return page.locator("#masked").is_visible()


def test_a_passport_before_the_camera_is_read_at_a_chinese_desk_too(
    house: WebHouse, passport: Browser
) -> None:
    context = passport.new_context(locale="zh-CN", permissions=["camera"])
    opened = Desk(house, context)
    zhao = opened.sign_in("zhao", "/visitors")
    zhao.get_by_role("button", name=zh("Read from camera")).click()
    expect(zhao.locator("[data-view=document] video")).to_be_focused()
    zhao.keyboard.press("Space")
    house.until(lambda: is_read(zhao), "the passport is not read")
    expect(zhao.locator("#masked")).to_contain_text("*")
    assert zhao.locator("#f-document").input_value() == LINES[1][:9]
    expect(zhao.locator("#f-document_kind")).to_have_value("passport")
    context.close()
    assert opened.reports == []
