"""When a camera did not see and a device did not answer. Rule: what began before the window is in it too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from controller.core.words import Kind
from controller.ledger.search.finder import Finder
from controller.ledger.search.question import Question
from web.log import Entry
from web.markup import instant
from web.review.moments import millis
from web.review.timeline import Gap
from web.review.window import Window

BEGINS = {Kind.CAMERA_FAULT: Kind.CAMERA_BACK, Kind.DEVICE_LOST: Kind.DEVICE_BACK}
_KINDS = frozenset(map(str, (*BEGINS, *BEGINS.values())))
MOST = 1_000


def gaps(
    window: Window, own: Mapping[str, str], finder: Finder, now: datetime, texts: Mapping[str, str]
) -> Iterator[Gap]:
    """Spans of the window until now in which something did not see; ``texts`` say why, by kind."""
    asked = Question(kinds=_KINDS, since=millis(window.since), until=millis(window.until))
    events = [*_standing(finder, window), *reversed(finder.find(asked, limit=MOST).entries)]
    for place, lane in own.items():
        for gap in _of(place, lane, events, (window.since, min(window.until, now)), texts):
            if gap.since < gap.until:
                yield gap


def _standing(finder: Finder, window: Window) -> Iterable[Entry]:
    """What had begun before; newest MOST of it, oldest first."""
    asked = Question(
        kinds=_KINDS, until=millis(window.since), since=millis(window.since - timedelta(days=30))
    )
    return reversed(finder.find(asked, limit=MOST).entries)


def _of(
    place: str, lane: str, events: Iterable[Entry], span: tuple[datetime, datetime], texts: Mapping[str, str]
) -> Iterator[Gap]:
    begin, end = span
    since, kind = None, ""
    for entry in (one for one in events if one.get("place") == place):
        at = _local(entry, begin)
        if entry["kind"] in BEGINS and since is None:
            since, kind = at, str(entry["kind"])
        elif entry["kind"] in BEGINS.values() and since is not None:
            yield Gap(lane, max(since, begin), min(at, end), texts[kind])
            since = None
    if since is not None:
        yield Gap(lane, max(since, begin), end, texts[kind])


def _local(entry: Entry, like: datetime) -> datetime:
    return (instant(entry["time"]) or like).astimezone(like.tzinfo)
