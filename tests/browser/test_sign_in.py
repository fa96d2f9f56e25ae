"""Signing in at a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.house import Desk


def test_a_guard_signs_in_with_a_passkey_and_sees_the_room(desk: Callable[..., Desk]) -> None:
    page = desk().sign_in("zhao")
    expect(page.locator("main")).to_be_visible()
    expect(page.locator("header")).to_contain_text("Zhao Lei")
