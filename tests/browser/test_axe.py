"""No page of the console shuts anybody out: axe-core finds nothing in any page, language or light.

Structure is the same in every light and language: it is seen once for each role and size; the other looks are
asked for what light and words can change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.browser.auditing import theme, told, violations, walk
from tests.browser.house import Desk, WebHouse

CHIEF, INSTALLER = frozenset({"chief"}), frozenset({"installer"})
OF_LIGHT_AND_WORDS = ("color-contrast", "html-has-lang", "html-lang-valid", "valid-lang", "document-title")
"""What another language or light can change of a page whose structure was seen."""
LEAST = 12
"""Documents of a chief: with fewer the walk has lost its way."""


@pytest.fixture
def alarm(house: WebHouse) -> Iterator[None]:
    """An alarm stands: the window is open and nobody has taken note."""
    house.room.window()
    try:
        house.until(lambda: bool(alarms(house)), "no alarm")
        yield
    finally:
        house.room.window()
        for one in alarms(house):
            house.child.ask("acknowledge", "zhao", alarm=one["alarm"], place=one["place"], reason="a test")


def alarms(house: WebHouse) -> list[dict[str, str]]:
    house.room.follow()
    return list(house.room.scene.view.get("alarms", ()))


def test_in_english_by_day_and_at_the_dim_desk_while_an_alarm_stands(
    house: WebHouse, desk: Callable[..., Desk], alarm: None
) -> None:
    page, found, seen = desk().sign_in("chen", "/now"), [], []
    for path in walk(page, house.origin, CHIEF):
        seen.append(path)
        found += violations(page)
        theme(page, "desk")
        found += violations(page, "color-contrast")
    assert not found, told(found)
    assert len(seen) >= LEAST
    assert any(path.startswith("/now/alarm/") for path in seen)


def test_in_chinese_by_night(house: WebHouse, desk: Callable[..., Desk]) -> None:
    page, found = desk(lang="zh-CN", scheme="dark").sign_in("chen", "/now"), []
    for _ in walk(page, house.origin, CHIEF):
        found += violations(page, *OF_LIGHT_AND_WORDS)
    assert not found, told(found)


def test_on_a_telephone_with_its_menus_open(house: WebHouse, desk: Callable[..., Desk]) -> None:
    page, found = desk(size="phone").sign_in("tang", "/devices"), []
    for _ in walk(page, house.origin, INSTALLER):
        found += violations(page)
    page.goto(f"{house.origin}/devices")
    page.locator("details.me summary").click()
    found += violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.locator("#sheet[open]").wait_for()
    found += violations(page)
    assert not found, told(found)


@pytest.mark.parametrize("path", ["/sign-in", "/set-up", "/no-such-page"])
def test_before_anybody_has_signed_in(house: WebHouse, desk: Callable[..., Desk], path: str) -> None:
    page = desk().page()
    page.goto(house.origin + path)
    found = violations(page)
    for light in ("night", "desk"):
        theme(page, light)
        found += violations(page, "color-contrast")
    assert not found, told(found)
