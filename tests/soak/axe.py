"""Every rule of axe-core in every state, language and light of every page; ten minutes. By `make soak`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.browser.auditing import Audit, Scheme, Seats, pictures, told
from tests.browser.house import CHROMIUM, Desk, WebHouse, browser
from tests.browser.scene import Scene

LOOKS: tuple[tuple[str, Scheme], ...] = (("en-GB", "light"), ("zh-CN", "dark"))
SIZE = ViewportSize(width=1280, height=800)


def main() -> int:
    """Audit both languages, each in a house of its own; answers 1 and what was found where there is any."""
    found: list[str] = []
    for lang, first in LOOKS:
        with TemporaryDirectory(prefix="ironroom-axe-") as folder, ExitStack() as stack:
            house = stack.enter_context(WebHouse(Path(folder)))
            chromium = stack.enter_context(
                browser(stack.enter_context(sync_playwright()), house, program=CHROMIUM)
            )
            scene = Scene(house)
            seats = Seats(scene, _opener(house, chromium), locale=lang, color_scheme=first)
            found += Audit(seats, first, pictures(lang), whole=True, dim=True).of(scene)
    sys.stdout.write(f"{told(found)}\n")
    return 1 if found else 0


def _opener(house: WebHouse, chromium: Browser) -> Callable[..., Desk]:
    def opened(**look: Any) -> Desk:
        return Desk(house, chromium.new_context(viewport=SIZE, permissions=["camera"], **look))

    return opened


if __name__ == "__main__":
    sys.exit(main())
