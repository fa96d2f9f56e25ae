"""What a chief asks of the log, as a URL. Rule: the same URL is the same question, for whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from controller.ledger.search.question import Question
from web.review.groups import GROUPS, ONLY, kinds_of
from web.review.moments import DAY, day_of, millis, spelled, typed

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: a span of time, a group of kinds, a place, a person's id, words, how loud, only unreviewed.

    ``since`` and ``until`` are in the room's zone; ``wrong`` names fields that were not understood.
    """

    since: datetime
    until: datetime
    group: str = ""
    place: str = ""
    who: str = ""
    words: str = ""
    only: str = "matters"
    new: bool = False
    wrong: tuple[str, ...] = ()

    @property
    def args(self) -> dict[str, Any]:
        """The question as arguments of a URL, words left out that say nothing."""
        told = {
            "from": spelled(self.since),
            "to": spelled(self.until),
            "group": self.group,
            "place": self.place,
            "who": self.who,
            "words": self.words,
            "only": self.only,
            "new": "1" if self.new else "",
        }
        return {name: value for name, value in told.items() if value}

    @property
    def filter(self) -> str:
        """The question as it is written down: without the words, which may name people."""
        return urlencode({name: value for name, value in self.args.items() if name != "words"})

    def question(self, places: Mapping[str, frozenset[str]]) -> Question:
        """The question for a Finder, with all places of each room; raises UserMistake for the words."""
        return Question(
            who=self.who or None,
            places=places.get(self.place, frozenset({self.place})) if self.place else frozenset(),
            kinds=kinds_of(self.group, self.only),
            since=millis(self.since),
            until=millis(self.until),
            words=self.words,
        )

    def within(self, since: datetime, until: datetime) -> Asked:
        """The same question for another span."""
        return replace(self, since=since, until=until)


def asked(args: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Asked:
    """Read a question; without a beginning it is today, without an end a day from its beginning."""
    told = {
        name: args.get(name, "").strip()[:LONGEST] for name in ("from", "to", "group", "place", "who", "only")
    }
    begin, end = typed(told["from"], zone, now), typed(told["to"], zone, now)
    wrong = [name for name, found in (("from", begin), ("to", end)) if told[name] and found is None]
    since = begin.at if begin else day_of(now, zone)
    until = end.at + (DAY if end.whole_day else 0 * DAY) if end else since + DAY
    if until <= since:
        wrong, until = [*wrong, "to"], since + DAY
    return Asked(
        since,
        until,
        told["group"] if told["group"] in GROUPS else "",
        told["place"],
        told["who"],
        args.get("words", "").strip()[:LONGEST],
        told["only"] if told["only"] in ONLY else "matters",
        args.get("new", "") == "1",
        tuple(wrong),
    )


def asked_before(written: str, words: str, zone: ZoneInfo, now: datetime) -> Asked:
    """The question that a look in the log was for."""
    return asked({**dict(parse_qsl(written)), "words": words}, zone, now)
