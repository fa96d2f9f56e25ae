"""The timeline as SVG: a lane for each place, marks where something happened, hatched where nothing was seen.

Rule: shape tells how loud a mark is, colour only repeats it; every mark is a link with its sentence, at least
24 pixels wide; what lies closer together is one mark with a number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from web.feed.level import Level
from web.plan.svg import fitted, line, rect, tag, text, together
from web.review.window import Window

WIDE, LABEL, TALL, HEAD, TARGET = 1_200, 190, 34, 26, 32
_SHAPES = {
    Level.ALARM: "M{l} {d}L{x} {u}L{r} {d}Z",
    Level.NOTICE: "M{x} {u}L{r} {y}L{x} {d}L{l} {y}Z",
    Level.QUIET: "M{l} {y}L{r} {y}",
}
_LOUD = (Level.QUIET, Level.NOTICE, Level.ALARM)


@dataclass(frozen=True, slots=True)
class Mark:
    """One Entry on a lane."""

    n: int
    lane: str
    at: datetime
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which something did not see or answer, with why in words."""

    lane: str
    since: datetime
    until: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Texts:
    """Words and addresses of a timeline; ``one`` leads to an Entry, ``several`` closer to a moment."""

    name: str
    many: Callable[[int], str]
    one: Callable[[int], str]
    several: Callable[[datetime], str]


def timeline(
    window: Window, lanes: Sequence[str], marks: Sequence[Mark], gaps: Sequence[Gap], texts: Texts
) -> Markup:
    """Draw it."""
    tall = HEAD + TALL * len(lanes)
    hatch = tag(
        "pattern",
        tag("path", d="M0 8L8 0", class_="hatch"),
        id="hatch",
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
    )
    parts = [tag("defs", hatch), *_scale(window, tall)]
    for row, lane in enumerate(lanes):
        y = HEAD + TALL * row
        parts += _lane(lane, y)
        parts += [_gap(window, gap, y) for gap in gaps if gap.lane == lane]
        here = sorted((mark for mark in marks if mark.lane == lane), key=lambda mark: mark.at)
        parts += [_marks(window, few, y, texts) for few in _near(window, here)]
    return tag(
        "svg",
        together(*parts),
        viewBox=f"0 0 {WIDE} {tall + 6}",
        class_="timeline",
        role="group",
        aria_label=texts.name,
    )


def x_of(window: Window, at: datetime) -> int:
    """Where a moment is, held to the picture."""
    share = (at - window.since) / (window.until - window.since)
    return LABEL + round(min(max(share, 0), 1) * (WIDE - LABEL - TARGET // 2))


def _scale(window: Window, tall: int) -> Iterator[Markup]:
    form = "%m-%d" if (window.until - window.since).days > 2 else "%H:%M"
    for at in window.ticks():
        x = x_of(window, at)
        yield line(x, HEAD - 6, x, tall, "tick")
        yield text(x + 4, HEAD - 10, at.strftime(form), "hour")


def _lane(lane: str, y: int) -> list[Markup]:
    shown = text(4, y + 22, fitted(lane, 15, LABEL - 12), "lane-name")
    return [line(0, y, WIDE, y, "lane-line"), shown]


def _gap(window: Window, gap: Gap, y: int) -> Markup:
    begin, end = x_of(window, gap.since), x_of(window, gap.until)
    box = (begin, y + 3, max(end - begin, 6), TALL - 6)
    return tag(
        "g",
        tag("title", gap.text),
        rect(box, "gap", fill="url(#hatch)"),
        role="img",
        aria_label=gap.text,
    )


def _near(window: Window, marks: Sequence[Mark]) -> Iterator[list[Mark]]:
    few: list[Mark] = []
    for mark in marks:
        if few and x_of(window, mark.at) - x_of(window, few[0].at) >= TARGET:
            yield few
            few = []
        few.append(mark)
    if few:
        yield few


def _marks(window: Window, few: Sequence[Mark], y: int, texts: Texts) -> Markup:
    loudest = max(few, key=lambda mark: _LOUD.index(mark.level))
    x, middle = x_of(window, few[0].at), y + TALL // 2
    told = f"{loudest.at:%H:%M:%S} {loudest.text}"
    href = texts.one(loudest.n)
    parts = [rect((x - TARGET // 2, y + 1, TARGET, TALL - 2), "target")]
    places = {"x": x, "y": middle, "l": x - 8, "r": x + 8, "u": middle - 8, "d": middle + 8}
    parts.append(tag("path", d=_SHAPES[loudest.level].format(**places), class_="shape"))
    if len(few) > 1:
        told, href = f"{texts.many(len(few))} · {told}", texts.several(few[0].at)
        parts.append(text(x + 11, middle + 5, str(len(few)), "count"))
    return tag(
        "a",
        tag("title", told),
        *parts,
        href=href,
        class_=f"mark {loudest.level}",
        aria_label=told,
    )
