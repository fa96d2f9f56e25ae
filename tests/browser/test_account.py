"""Accounts at real browsers: where one is signed in, and one more passkey that two chiefs let count."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.house import Desk, WebHouse, hold, plug
from tests.browser.steps import DONE_ZH, sign, sign_second, zh


def account(page: Page, house: WebHouse) -> None:
    page.goto(f"{house.origin}/account")


def test_somebody_sees_where_they_are_signed_in_and_ends_it_there_and_so_does_a_chief(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    left, here = desk().sign_in("zhao", "/now"), desk(lang="zh-CN").sign_in("zhao", "/now")
    account(here, house)
    mine = here.locator("tbody tr", has=here.get_by_role("button", name=zh("End")))
    expect(here.get_by_text(zh("this screen"))).to_have_count(1)
    expect(mine).to_have_count(1)
    with here.expect_navigation():
        mine.get_by_role("button").click()
    expect(here.locator("#toasts")).to_contain_text(zh("That session has ended."))
    expect(mine).to_have_count(0)
    left.goto(f"{house.origin}/visitors")
    left.wait_for_url("**/sign-in**")
    chen = desk().sign_in("chen", "/account")
    expect(chen.get_by_role("heading", name="Everybody who is signed in")).to_be_visible()
    with chen.expect_navigation():
        chen.locator("tbody tr", has_text="Zhao Lei").get_by_role("button", name="End").click()
    expect(chen.locator("tbody tr", has_text="Zhao Lei")).to_have_count(0)
    account(here, house)
    here.wait_for_url("**/sign-in**")


def offer(page: Page) -> None:
    """Make one more passkey on the key that is plugged in now."""
    page.get_by_role("link", name=zh("One more"), exact=True).click()
    page.locator("#label").fill("绿色密钥")
    with page.expect_navigation():
        page.get_by_role("button", name=zh("Make my passkey")).click()
    expect(page.locator("main")).to_contain_text(zh("waits for two chiefs"))


def test_one_more_passkey_counts_once_two_chiefs_have_signed_it_and_not_before(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    since, opened = house.newest, desk(lang="zh-CN", scheme="dark")
    zhao = opened.page()
    first = hold(opened.context, zhao, house, "zhao")
    zhao.goto(f"{house.origin}/sign-in?next=/account")
    zhao.locator("[data-passkey]").click()
    zhao.wait_for_url(f"{house.origin}/account")
    first.take()
    plug(opened.context, zhao)
    offer(zhao)
    zhao.goto(f"{house.origin}/sign-in?again=1&next=/account")
    zhao.locator("[data-passkey]").click()
    expect(zhao.locator("[data-passkey-wrong]")).to_be_visible()

    chen = desk().sign_in("chen", "/commands/order/enrol_passkey")
    he = desk(lang="zh-CN", size="phone").sign_in("he", "/commands")
    chen.locator("label", has_text="Zhao Lei (zhao) · 绿色密钥").locator("input").check()
    code = sign(chen, chen.get_by_role("button", name="Show and sign"))
    expect(he.locator(f"#command-{code}")).to_contain_text("Zhao Lei")
    sign_second(he, code, DONE_ZH)

    zhao.locator("[data-passkey]").click()
    zhao.wait_for_url(f"{house.origin}/account")
    expect(zhao.locator("main")).to_contain_text("绿色密钥")
    (enrolled,) = house.entries("passkey_enrolled", after=since)
    assert (enrolled["person"], enrolled["who"]) == ("zhao", ["chen", "he"])
