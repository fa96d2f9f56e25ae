"""What every thing of the plan shares: a link with its name in words, and the small signs.

Rule: whoever hears the plan is told as much as who sees it, and every thing is reached by the Tab key.
"""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from web.plan.floor import Box
from web.plan.seen import Told
from web.plan.svg import path, rect, tag, together

Href = Callable[[str, str], str]  # kind of thing and its name → address
HATCH = "url(#plan-hatch)"


def thing(
    kind: str,
    called: str,
    told: Told,
    drawn: Markup,
    *,
    href: str,
    hit: Box | None,
    tip: bool = True,
) -> Markup:
    """One thing as a link, with all its states in words; under the pointer too if ``tip``."""
    said = f"{called}: {', '.join(told.words)}"
    area = rect((hit.x, hit.y, hit.width, hit.height), "hit") if hit else ""
    return tag(
        "a",
        tag("title", said) if tip else "",
        area,
        drawn,
        href=href,
        class_=" ".join((kind, *told.looks)),
        aria_label=said,
    )


def padlocks() -> Markup:
    """Both padlocks, 12 wide and 14 high, to be used many times, in the colour of where they are.

    Rules of the style sheet do not reach into what is used, so that its colours stand here as attributes.
    """
    bows = {"plan-locked": "M3 6v-2a3 3 0 0 1 6 0v2", "plan-unlocked": "M3 6v-3a3 3 0 0 1 6 -1"}
    body = tag("rect", x=1, y=6, width=10, height=8, rx=2, fill="currentColor")
    return together(*(tag("g", _bow(bow), body, id=name) for name, bow in bows.items()))


def _bow(d: str) -> Markup:
    return tag("path", d=d, fill="none", stroke="currentColor", stroke_width="1.6")


def padlock(x: int, y: int, *, closed: bool) -> Markup:
    """A padlock at its upper left corner."""
    return tag("use", href="#plan-locked" if closed else "#plan-unlocked", x=x, y=y, class_="lock")


def question(x: int, y: int) -> Markup:
    """A question mark where nothing is known."""
    return tag("text", "?", x=x, y=y, class_="question")


def cross(x: int, y: int, size: int) -> Markup:
    """A cross over something that is not well."""
    return path(f"M{x} {y}l{size} {size}M{x + size} {y}l{-size} {size}", "cross")


def scissors(x: int, y: int) -> Markup:
    """A line that is cut: two ends that do not meet."""
    return path(f"M{x} {y}h8l4 -6M{x + 16} {y + 6}l4 -6h8", "cut-line")


def lock_sign(look: str, x: int, y: int) -> Markup:
    """Sign of a lock's look: locked, unlocked, unbolted, forced, cut or unknown."""
    if look == "locked":
        return padlock(x, y, closed=True)
    if look in {"unlocked", "unbolted", "open", "forced"}:
        return padlock(x, y, closed=False)
    return question(x + 6, y + 13)
