"""The visitor form on a phone: it begins short, opens in turn, and hides nothing that is wrong."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.house import Desk
from tests.browser.steps import zh


def part(page: Page, field: str) -> str:
    """Where the part of the form with this field stands."""
    return f"#visit details.part:has({field})"


def test_on_a_phone_the_form_is_its_first_fields_and_opens_as_somebody_goes_on(
    desk: Callable[..., Desk],
) -> None:
    page = desk(size="phone").sign_in("zhao", "/visitors")
    expect(page.locator("#visit details.part:not([open])")).to_have_count(3)
    for shown in ("#f-document", "#f-name", "#visit .bar.sticky .primary"):
        expect(page.locator(shown)).to_be_visible()
    for folded in ("#f-host", "#f-minutes", "#f-photo_file"):
        expect(page.locator(folded)).to_be_hidden()
    page.locator("#f-contact").press("Enter")
    expect(page.locator("#f-host")).to_be_focused()
    page.locator("#f-group").evaluate("one => { one.value = 'berg'; }")
    page.locator("#f-purpose").select_option("audit")
    expect(page.locator(f"{part(page, '#f-group')} [data-told]")).to_contain_text("berg")
    page.reload()
    told = page.locator(f"{part(page, '#f-host')}:not([open]) [data-told]")
    expect(told).to_contain_text("Audit visit")  # what a draft brought back


def test_what_is_wrong_in_a_folded_part_opens_it(desk: Callable[..., Desk]) -> None:
    page = desk(size="phone", lang="zh-CN").sign_in("zhao", "/visitors")
    page.locator("#f-name").fill("李明")
    page.locator("#visit .bar.sticky .primary").click()
    wrong = page.locator("#w-host")
    expect(wrong).to_have_text(zh("Choose one person. Type a name, or its initials in pinyin, as wjg."))
    expect(wrong).to_be_visible()
    expect(page.locator("#f-host")).to_be_focused()
    expect(page.locator(part(page, "#f-minutes"))).not_to_have_attribute("open", "")


def test_beside_a_wide_screen_every_part_stands_open_and_has_no_head(desk: Callable[..., Desk]) -> None:
    page = desk().sign_in("zhao", "/visitors")
    expect(page.locator("#visit details.part[open]")).to_have_count(3)
    expect(page.locator("#visit details.part > summary").first).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#visit details.part:not([open])")).to_have_count(3)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("#visit details.part[open]")).to_have_count(3)
