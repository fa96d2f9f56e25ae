"""Every page of the console under axe-core and before a camera, in every state of tests/browser/states.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize

from tests.browser.house import Desk, hold
from tests.browser.scene import Scene
from tests.browser.states import DAY, State

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
PICTURES = Path(__file__).parents[2] / ".artefacts" / "pages"
"""Where pictures stay, by language: of states at a desk in one light, on a telephone in the other."""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = "color-contrast"
"""The rule that light can change: all others are of structure and words."""
Scheme = Literal["light", "dark"]
DESK, PHONE = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=844)
IS_WIDER = "document.documentElement.scrollWidth > innerWidth"
RUN = """(told) => { return axe.run(document, {
  runOnly: told, resultTypes: ["violations"], elementRef: true, preload: false}).then(
  (found) => found.violations.flatMap((one) => one.nodes.filter((node) => !isDrawn(one.id, node.element))
    .map((node) => `${one.id} ${node.target.join(" ")} ${
      [...node.any, ...node.all, ...node.none].map((check) => check.message).join(", ")}`)));

// On the floor plan counts and states beside a name are drawing and no label (WCAG 2.2, 2.5.3): there the
// name alone, its first text, has to stand in what is read out.
function isDrawn(rule, element) {
  if (rule !== "label-content-name-mismatch" || !element.closest("svg.plan")) { return false; }
  const name = element.querySelector("text").textContent.split(" · ")[0];
  return Boolean(name) && element.getAttribute("aria-label").includes(name);
} }"""


class Seats:
    """Tabs of people who have signed in, in one language and size; what they see is led through the day."""

    def __init__(self, scene: Scene, opened: Callable[..., Desk], **look: str) -> None:
        self._scene, self._opened, self._look = scene, opened, look
        self._desks: dict[str, Desk] = {}
        self._tabs: dict[str, Page] = {}

    def show(self, state: State) -> Page:
        """The tab of the state's person, in that state."""
        who = state.who
        if who not in self._desks:
            self._desks[who] = self._opened(**self._look)
            self._tabs[who] = self._desks[who].sign_in(who, "/keys") if who else self._desks[who].page()
        elif state.signs:
            self._tabs[who].close()
            self._tabs[who] = self._desks[who].page()
            hold(self._desks[who].context, self._tabs[who], self._scene.house, who)
        state.show(self._tabs[who], self._scene)
        return self._tabs[who]


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds on the page as it stands: all its rules, or those named alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(RUN, wanted)
    return [f"{urlsplit(page.url).path} {one}" for one in found]


def pictures(lang: str) -> Path:
    """The folder that keeps a language's pictures, not committed."""
    folder = PICTURES / lang
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def theme(page: Page, name: str) -> None:
    """Change the light of the page as its seat would have it."""
    page.evaluate("name => { document.documentElement.className = name; }", name)


@dataclass(frozen=True, slots=True)
class Audit:
    """A day of the console in one language, seen ``first`` in one light on a desk.

    ``folder``: where pictures are kept, on a desk and, in the other light, on a phone; ``whole``: all rules
    in all lights, and not alone what light can change; ``dim``: at the night desk, too. ``turn``: which of
    every two states are looked at, 0 or 1; None for all.
    """

    seats: Seats
    first: Scheme
    folder: Path
    whole: bool = False
    dim: bool = False
    turn: int | None = None

    def of(self, scene: Scene) -> list[str]:
        """What is wrong with any page in any state of a day."""
        found: list[str] = []
        turns = cycle((0, 1))
        for hour in DAY:
            hour.begin(scene)
            for state in hour.states:
                if self.turn in {None, next(turns)}:
                    page = self.seats.show(state)
                    found += [f"{state.name}: {one}" for one in self._in_every_light(page, state.name)]
                elif state.before:
                    state.before(scene)
        return found

    def _in_every_light(self, page: Page, name: str) -> list[str]:
        rules = () if self.whole else (CONTRAST,)
        other: Scheme = "dark" if self.first == "light" else "light"
        found = violations(page)
        self._picture(page, f"{name} {self.first} desk")
        page.emulate_media(color_scheme=other)
        found += violations(page, *rules)
        page.set_viewport_size(PHONE)
        if page.evaluate(IS_WIDER):
            found.append("wider than a telephone")
        self._picture(page, f"{name} {other} phone")
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme=self.first)
        if self.dim:
            theme(page, "desk")
            found += violations(page, *rules)
            self._picture(page, f"{name} night desk")
        return found

    def _picture(self, page: Page, name: str) -> None:
        """Keep what is on the screen; a hidden caret would leave a style behind, which the policy forbids."""
        page.screenshot(path=self.folder / f"{name}.jpg", type="jpeg", quality=70, caret="initial")


def told(found: Iterable[str]) -> str:
    """Findings one a line, each once."""
    return json.dumps(sorted(set(found)), indent=1, ensure_ascii=False)
