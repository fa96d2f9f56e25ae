"""The timeline of an answer: lanes and marks, in the reader's language. Rule: only the answer is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from markupsafe import Markup

from web.feed.row import row
from web.i18n import _, kind_sentence, translated
from web.log import Entry, finder
from web.markup import instant
from web.names import name
from web.review.gaps import BEGINS, gaps
from web.review.here import here, plan
from web.review.places import lane_of, lanes, places_of_rooms
from web.review.timeline import Mark, Texts, timeline
from web.review.window import Window


def drawn(view: Window, entries: Iterable[Entry], look: int, at: datetime) -> Markup:
    """Draw the Entries of an answer; ``at`` is now."""
    own, named = lane_of(plan()), _named(view.asked.place)
    rest = _("Site")
    marks = [mark for one in entries if (mark := _mark(one, own, named, rest))]
    shown = [*named, rest] if any(mark.lane == rest for mark in marks) or not named else named
    blind = {place: lane for place, lane in own.items() if lane in named}
    why = {kind.value: kind_sentence(kind) for kind in BEGINS}
    return timeline(view, shown, marks, list(gaps(view, blind, finder(), at, why)), _texts(view, look))


def _named(place: str) -> list[str]:
    """Names of the lanes: all, or those of one place."""
    inside = places_of_rooms(plan()).get(place, frozenset({place}))
    return [one for _sort, one in lanes(plan()) if not place or one in inside]


def _mark(entry: Entry, own: dict[str, str], named: list[str], rest: str) -> Mark | None:
    at = instant(entry.get("time"))
    if at is None:
        return None
    told = row(entry, translated, name, here())
    lane = own.get(told.place, rest)
    return Mark(told.n, lane if lane in named else rest, at.astimezone(here()), told.level, told.text)


def _texts(view: Window, look: int) -> Texts:
    return Texts(
        _("Timeline"),
        lambda many: _("%(n)s entries", n=many),
        lambda n: url_for("review.entry", n=n, look=look),
        lambda moment: url_for("review.index", **view.closer(moment).args),
    )
