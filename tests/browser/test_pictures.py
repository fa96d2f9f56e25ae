"""Pictures of every page in four lights, kept with the run; none is wider than its screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.auditing import theme
from tests.browser.house import Desk, WebHouse
from tests.web.url_map import url_map

CHIEF = frozenset({"chief"})
LOOKS = (
    ("en-GB", "light", "wide", ""),
    ("zh-CN", "dark", "phone", ""),
    ("zh-CN", "light", "wide", "desk"),
    ("en-GB", "light", "phone", ""),
)
"""Language, light, size, and a theme of the seat."""
OTHERS = ("/now/room/vault", "/people/li", "/commands/order/release_door")
STRANGERS = ("/sign-in", "/set-up", "/no-such-page")
DEEP = 3
"""Paths of so many steps are what stands behind a form."""
LEAST = 12
"""Documents of a chief: with fewer the tour has lost its way."""
IS_WIDER = "document.documentElement.scrollWidth > innerWidth"


def pictured(page: Page, origin: str, path: str, folder: Path, light: str) -> tuple[bool, bool]:
    """Open a path and keep a picture; whether it is a page of its own, and whether it is too wide."""
    page.goto(origin + path)
    if not page.locator("main").count():
        return False, False
    if light:
        theme(page, light)
    name = path.strip("/").replace("/", "_") or "root"
    page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=70, caret="initial")
    return True, bool(page.evaluate(IS_WIDER))


def test_no_page_is_wider_than_its_screen_in_any_language_light_or_size(
    house: WebHouse, desk: Callable[..., Desk], tmp_path: Path
) -> None:
    routes = [one for one in url_map().routes if one.is_plain_page and one.opens(CHIEF)]
    paths = [*OTHERS, *(one.path for one in routes if one.path.count("/") < DEEP)]
    wide: list[str] = []
    for lang, scheme, size, light in LOOKS:
        folder = tmp_path / "-".join((lang, light or scheme, size))
        folder.mkdir()
        someone = desk(lang=lang, scheme=scheme, size=size)
        page = someone.sign_in("chen", "/now")
        found = {one: pictured(page, house.origin, one, folder, light) for one in paths}
        paths = [path for path, (is_page, _) in found.items() if is_page]
        someone.context.clear_cookies()
        found |= {one: pictured(page, house.origin, one, folder, light) for one in STRANGERS}
        wide += [f"{folder.name} {path}" for path, (_, is_wide) in found.items() if is_wide]
        page.close()
    assert not wide
    assert len(paths) >= LEAST
