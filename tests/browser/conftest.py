from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Playwright, ViewportSize, expect, sync_playwright

from tests.browser.house import LONG, Desk, WebHouse, browser

expect.set_options(timeout=LONG * 1000)

SIZES = {
    "wide": ViewportSize(width=1280, height=800),
    "phone": ViewportSize(width=390, height=844),
}
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebHouse]:
    with WebHouse(tmp_path_factory.mktemp("h")) as house:
        yield house


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="module")
def chromium(play: Playwright, house: WebHouse) -> Iterator[Browser]:
    with browser(play, house) as chromium:
        yield chromium


@pytest.fixture
def desk(house: WebHouse, chromium: Browser) -> Iterator[Callable[..., Desk]]:
    """Browsers for people, ``desk(lang="zh-CN", scheme="dark", size="phone")``; none may complain."""
    with ExitStack() as stack:
        desks: list[Desk] = []

        def opened(lang: str = "en-GB", scheme: Scheme = "light", size: str = "wide", **more: Any) -> Desk:
            context = chromium.new_context(
                locale=lang, color_scheme=scheme, viewport=SIZES[size], permissions=["camera"], **more
            )
            context.set_default_timeout(LONG * 1000)
            stack.callback(context.close)
            desks.append(Desk(house, context))
            return desks[-1]

        yield opened
        assert [one for desk in desks for one in desk.reports] == []
