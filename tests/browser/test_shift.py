"""A shift at real browsers: an alarm nobody takes, the desk handed over, the roll called, all locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.house import Desk, WebHouse
from tests.browser.steps import DONE, DONE_ZH, printed, shown_code, sign, sign_second, zh

TAKEN_WITHIN_S = 10


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    """A house where an alarm that nobody takes is called out again as soon as a site file allows."""

    def change(text: str) -> str:
        return text.replace("[site]\n", f"[site]\nalarm_take_s = {TAKEN_WITHIN_S}\n", 1)

    with WebHouse(tmp_path_factory.mktemp("h"), site=change) as house:
        yield house


@pytest.fixture
def zhao(desk: Callable[..., Desk]) -> Page:
    """The guard, who reads Chinese."""
    return desk(lang="zh-CN", scheme="dark").sign_in("zhao", "/now")


@pytest.fixture
def chen(desk: Callable[..., Desk]) -> Page:
    """A chief, who reads English."""
    return desk().sign_in("chen", "/now")


def card(page: Page) -> Locator:
    return page.locator(".alarm-card", has_text="north")


def is_sheet(answer: Response) -> bool:
    return answer.url.endswith("/hand-over/sheet")


def close(page: Page, found: str, outcome: str, button: str) -> None:
    """Write down what an alarm was."""
    page.locator("#f-note").fill(found)
    page.locator(f"input[name=outcome][value={outcome}]").check()
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def test_an_alarm_that_nobody_takes_is_called_out_again_and_goes_from_hand_to_hand_until_it_is_closed(
    house: WebHouse, zhao: Page, chen: Page
) -> None:
    since = house.newest
    house.room.window()
    expect(card(zhao)).to_contain_text(zh("Nobody looks after it"))
    expect(card(zhao)).to_contain_text(zh("called out again"))
    expect(card(chen)).to_contain_text("called out again")
    card(zhao).get_by_role("button", name=zh("Take it")).click()
    expect(card(chen)).to_contain_text("Zhao Lei looks after it")

    expect(zhao.locator("#one-alarm")).to_contain_text(zh("You look after it"))
    zhao.goto(f"{house.origin}/now")
    zhao.get_by_role("link", name=zh("Hand over"), exact=True).click()
    expect(zhao.locator("main")).to_contain_text("north")
    hands = zhao.get_by_role("button", name=zh("Hand over"), exact=True)
    hands.click()
    expect(zhao.locator(".wrong:visible")).to_have_text(zh("Choose who takes over."))
    zhao.locator("#f-to").select_option("chen")
    zhao.locator("#f-note").fill("北窗插销松了")
    with zhao.expect_navigation():
        hands.click()
    expect(zhao.locator("#toasts")).to_contain_text(zh("The shift is handed over."))
    expect(card(chen)).to_contain_text("You look after it")
    chen.goto(f"{house.origin}/now/hand-over")
    expect(chen.locator("main")).to_contain_text("Last handed over by Zhao Lei")
    with chen.context.expect_event("response", is_sheet) as sheet:
        chen.get_by_role("button", name="Print the sheet").click()
    assert sheet.value.headers["content-type"] == "application/pdf"

    chen.goto(f"{house.origin}/now")
    card(chen).get_by_role("link", name="Close it …").click()
    chen.get_by_label("Close it although its cause still stands.").check()
    close(chen, "latch replaced", "true", "Close and write down")
    expect(card(zhao)).to_have_count(0)
    house.room.window()
    (handed,) = house.entries("shift_handed_over", after=since)
    assert handed["who"] == ["zhao", "chen"]
    (closed,) = house.entries("alarm_acknowledged", after=since)
    assert (closed["who"], closed["outcome"], closed["cause_stood"]) == (["chen"], "true", True)


def test_who_is_inside_is_counted_by_two_and_the_roll_is_called(
    house: WebHouse, zhao: Page, chen: Page
) -> None:
    since = house.newest
    zhao.goto(f"{house.origin}/commands/order/recount")
    for person in ("Li Wei", "Wang Fang"):
        zhao.locator(".ticks label", has_text=person).locator("input").check()
    code = sign(zhao, zhao.get_by_role("button", name=zh("Show and sign")))
    chen.goto(f"{house.origin}/commands")
    sign_second(chen, code, DONE)
    chen.goto(f"{house.origin}/now")
    chen.get_by_role("link", name="Call the roll").click()
    expect(chen.locator(".roll li")).to_have_count(2)
    assert "Wang Fang" in printed(chen, house, "/now/roll-call/sheet")
    zhao.goto(f"{house.origin}/now/roll-call")
    zhao.locator("input[name=is-li][value=found]").check()
    zhao.locator("input[name=is-wang][value=missing]").check()
    with zhao.expect_navigation():
        zhao.get_by_role("button", name=zh("Write it down")).click()
    said = zh("Written down: %(found)s found, %(missing)s missing.", found=1, missing=1)
    expect(zhao.locator("#toasts")).to_contain_text(said)
    (called,) = house.entries("roll_called", after=since)
    assert (called["found"], called["missing"], called["who"]) == (["li"], ["wang"], ["zhao"])


def test_a_chief_locks_everything_on_now_and_another_one_lifts_it(
    house: WebHouse, chen: Page, desk: Callable[..., Desk]
) -> None:
    since = house.newest
    chen.get_by_role("link", name="Lock everything").click()
    chen.get_by_label("Why, if there is time").fill("somebody shouts")
    with chen.expect_navigation():
        chen.get_by_role("button", name="Lock everything now").click()
    expect(chen.locator("#now")).to_contain_text("Lockdown by Chen Jing")
    chen.goto(f"{house.origin}/commands/order/lift_lockdown")
    chen.get_by_role("button", name="Show and sign").click()
    shown_code(chen)
    chen.locator("[data-sign-go]").click()
    expect(chen.locator("[data-sign-wrong]")).to_be_visible()
    assert [one["on"] for one in house.entries("lockdown", after=since)] == [True]
    he = desk(lang="zh-CN", size="phone").sign_in("he", "/commands/order/lift_lockdown")
    expect(he.locator("main")).to_contain_text("Chen Jing")
    sign(he, he.get_by_role("button", name=zh("Show and sign")))
    expect(he.locator("#toasts")).to_contain_text(DONE_ZH)
    assert [one["on"] for one in house.entries("lockdown", after=since)] == [True, False]
