"""A guard's browser: Chromium with the Now page open, and when what it shows has changed.

Rule: the page's own scripts and stream; only a MutationObserver looks on. Without playwright: nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.console_house import HERE, HOST, House

CHROMIUM = Path("/usr/bin/chromium")
WAIT_MS = 30_000
LOOKING = """() => {
  const now = document.getElementById("now");
  window.shown = now.innerText;
  window.changed = 0;
  new MutationObserver(() => {
    if (now.innerText === window.shown) return;
    window.shown = now.innerText;
    window.changed = performance.timeOrigin + performance.now();
  }).observe(now, { subtree: true, childList: true, characterData: true });
}"""

WAITING = """async (most) => {
  const end = performance.now() + most;
  while (!window.changed && performance.now() < end) await new Promise((go) => setTimeout(go, 5));
  return window.changed || NaN;
}"""
"""Not Playwright's own waiting: that evaluates text, which the page's policy forbids."""


class Screen:
    """One open page."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def after(self, done: Callable[[], None]) -> float:
        """Milliseconds from the beginning of ``done`` until what is shown has changed (same clock)."""
        self._page.evaluate("window.changed = 0")
        begun = time.time() * 1_000
        done()
        return float(self._page.evaluate(WAITING, WAIT_MS)) - begun


@contextmanager
def seen(home: House, say: Callable[[str], object]) -> Iterator[Screen | None]:
    """A screen with the Now page; None, and a word of it, where there is no browser to measure with."""
    if find_spec("playwright") is None or not CHROMIUM.exists():
        say("no Chromium driven by playwright is installed: event_to_dom is left out")
        yield None
        return
    with import_module("playwright.sync_api").sync_playwright() as play:
        options = [f"--host-resolver-rules=MAP * {HERE}", f"--ignore-certificate-errors-spki-list={home.pin}"]
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", *options])
        try:
            context = browser.new_context()
            cookie = {"name": "__Host-ironroom", "value": home.token, "url": f"https://{HOST}:{home.port}/"}
            context.add_cookies([{**cookie, "secure": True, "httpOnly": True, "sameSite": "Strict"}])
            page = context.new_page()
            page.goto(f"{home.origin}/now")
            page.wait_for_selector("#now")
            page.evaluate(LOOKING)
            yield Screen(page)
        finally:
            browser.close()
