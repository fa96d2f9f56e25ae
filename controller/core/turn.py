"""One turn of the site: what the machines write, ask for and answer while one event is settled.

Rule: whoever changes the state does it by ``write``; the Entry is folded at once, so the next line sees it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from controller.core.effects import Answer, Body, Effect, Raise, Signal, Snapshot
from controller.core.fold import fold
from controller.core.plan import SitePlan
from controller.core.remembered import PATIENCE_MS
from controller.core.sentences import NEEDS
from controller.core.shots import MOST_OPEN, again_ms, chosen, covered, named_in, seals_at, wanted_at
from controller.core.state import State
from controller.core.unseen import Unseen
from controller.core.words import SILENT, AlarmKind, Kind, Reason

SHORTEST_NO_MS = 500
"""For so long at least a "no" is shown, however late it comes."""
MARGIN_MS = 3_000
"""A part of a Snapshot is waited for so much longer than a grant waits for it."""


@dataclass(slots=True)
class Filter:
    """Chatter filter of one input (behaviour 26)."""

    wanted: str = ""
    since: int = 0
    flips: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """A badge of somebody known, read at a reader a moment ago."""

    holder: str
    badge: str
    at: int


@dataclass(frozen=True, slots=True)
class Flash:
    """A signal that a reader shows for a moment: from when, and until when."""

    signal: Signal
    shown: int
    until: int


@dataclass(slots=True)
class Cosigned:
    """What log witnesses have cosigned since the start, and when that was written which they have not."""

    sizes: dict[str, int] = field(default_factory=dict)  # by log witness
    begun: int = 0  # Entries at the start: nobody knows yet who has cosigned those
    marked: int = 0  # Entries that have a mark
    marks: list[tuple[int, int]] = field(default_factory=list)  # counter, and when it was written
    late: bool = False  # beyond the limits, and the guard was told


@dataclass(slots=True)
class Look:
    """How a camera says that a room looks, and since when the Occupancy says otherwise."""

    occupied: bool = False
    since: int | None = None
    told: bool = False  # the guard was called, and they have not agreed since


@dataclass(slots=True)
class Moment:
    """What the site knows for a moment only, and may forget at a restart."""

    shown: dict[str, Signal] = field(default_factory=dict)
    flashes: dict[str, Flash] = field(default_factory=dict)
    filters: dict[str, Filter] = field(default_factory=dict)
    sightings: dict[str, tuple[str, int]] = field(default_factory=dict)
    last_badges: dict[str, tuple[Sighting, ...]] = field(default_factory=dict)  # by reader, newest first
    cosigned: Cosigned = field(default_factory=Cosigned)
    looks: dict[str, Look] = field(default_factory=dict)  # by camera that watches a room


def utc(wall_ms: int) -> str:
    """UTC instant of the log, RFC 3339 with milliseconds."""
    return f"{_second(wall_ms // 1000)}.{wall_ms % 1000:03d}Z"


@lru_cache(maxsize=64)  # a burst of Entries falls into the same few seconds
def _second(since_1970: int) -> str:
    return datetime.fromtimestamp(since_1970, UTC).strftime("%Y-%m-%dT%H:%M:%S")


NO_POLICY = "none"  # before the first start has been folded


def stamped(state: State, at: int, kind: Kind) -> Body:
    """Beginning of every Entry: room time, UTC, clock quality, policy and kind."""
    return {
        "at": at,
        "time": utc(at + state.offset),
        "clock": "unconfirmed" if state.claimed is not None else "trusted",
        "policy": state.policy or NO_POLICY,
        "kind": kind.value,
    }


@dataclass(slots=True)
class Turn:
    """Gathers the Outcome of one step."""

    plan: SitePlan
    state: State
    moment: Moment
    pepper: bytes
    at: int
    effects: list[Effect] = field(default_factory=list)
    entries: list[Body] = field(default_factory=list)
    answer: Answer | None = None

    def write(
        self, kind: Kind, place: str = "", who: Iterable[str] = (), reason: Reason | str = "", **more: Any
    ) -> Body:
        """Write an Entry and fold it into the state; ask for pictures of it where the site wants them."""
        body = stamped(self.state, self.at, kind)
        if place:
            body["place"] = place
        if people := list(who):
            body["who"] = people
        if reason:
            body["reason"] = str(reason)
        body.update(more)
        self.entries.append(body)
        fold(self.state, body)
        if place and chosen(self.plan, body):
            self.picture(place, kind.value, named_in(body))
        return body

    def do(self, effect: Effect) -> None:
        """Ask the loop for an effect."""
        self.effects.append(effect)

    def accept(self, **more: Any) -> None:
        """Answer yes, unless this turn has already answered no."""
        if self.answer is None:
            self.answer = Answer(more=more)

    def deny(self, reason: Reason) -> None:
        """Answer no."""
        self.answer = Answer(reason, NEEDS[reason])

    def openers(self, place: str) -> list[str]:
        """Who opened the rooms that a place belongs to (behaviour 33c)."""
        return sorted({p for room in self.plan.rooms_at(place) for p in self.state.room(room).openers})

    def alarm(self, kind: AlarmKind, place: str, *, sealed: bool = False, by: Iterable[str] = ()) -> None:
        """Call the guard; a repeated alarm sounds again and stays one alarm.

        It is photographed when it is raised, and while it stands again at most once in ``again_ms``: whoever
        repeats it, with a stranger's card or as a lying recorder, gets 1 Snapshot of it and one a minute.
        Acknowledged, it is new. The loss of the recorder is no exception: as often ``no_picture`` tells that
        nobody looks. ``by``: whose deed calls the guard; it is not theirs to acknowledge either.
        """
        self.do(Raise(kind.value, place, silent=sealed or kind in SILENT))
        seal: Body = {"sealed": True} if sealed else {}
        key = f"{kind.value}@{place}"
        before = self.state.alarms.get(key)
        stands = before is not None and {*by} <= {*before.openers}
        if not stands:
            openers = sorted({*self.openers(place), *by, *(before.openers if before else ())})
            self.write(Kind.ALARM_RAISED, place, alarm=kind.value, openers=openers, **seal)
        again = again_ms(kind)
        fresh = stands and self.at < self.state.pictured.get(key, -again) + again
        if not sealed and not fresh:
            self.picture(place, kind.value)

    def picture(
        self, place: str, why: str, people: Iterable[str] = (), *, waits_ms: int | None = None
    ) -> None:
        """Ask for pictures, and write down that they were asked for.

        A burst is one Snapshot, see ``covered``, so that whoever makes a thousand a minute fills neither log
        nor disk; ``people`` are those the event names. A grant that waits for its picture, for ``waits_ms``,
        is always pictured anew. Where no camera sees the place none is asked.
        """
        wanted, named = wanted_at(self.plan, place, why), [*people]
        if not wanted:
            return
        seals = seals_at(self.plan, self.state, place, named, self._just_read(place))
        burst = covered(self.plan, self.state, self.at, f"{why}@{place}", seals, named)
        if waits_ms is None and burst:
            return
        busy, number = len(self.state.open_shots) >= MOST_OPEN, self.state.shots + 1
        patience = max(PATIENCE_MS, (waits_ms or 0) + MARGIN_MS)
        longer: Body = {"patience_ms": patience} if patience != PATIENCE_MS else {}
        body = self.write(
            Kind.SNAPSHOT,
            place,
            why=why,
            shot=number,
            wanted=[{"camera": one.camera, "moment": one.moment} for one in wanted],
            cameras=list(dict.fromkeys(one.camera for one in wanted)),
            seals=list(seals),
            **longer,
        )
        if busy:
            for part in self.state.open_shots[str(number)].waits:
                self.unpictured(number, part, Unseen.BUSY)
            return
        order = Snapshot(place, why, self.at, number, wanted, seals, body["time"], body["clock"])
        self.do(order if waits_ms is None else replace(order, patience_ms=waits_ms))

    def _just_read(self, place: str) -> list[str]:
        """Whose badges were just read at the readers of a place."""
        at, since = {place, place.split(".", maxsplit=1)[0]}, self.at - self.plan.pin_ms
        readers = [reader.name for reader in self.plan.readers.values() if at & {reader.name, reader.at}]
        seen = [one for name in readers for one in self.moment.last_badges.get(name, ())]
        return [one.holder for one in seen if one.at >= since]

    def unpictured(self, number: int, part: str, reason: Unseen, **more: Any) -> None:
        """Write down that no picture of a part of a Snapshot is there."""
        shot = self.state.open_shots[str(number)]
        missing = [{"camera": one.camera, "moment": one.moment, "why": reason.value} for one in shot.of(part)]
        which: Body = {"why": shot.why, "shot": number, "part": part}
        self.write(
            Kind.NO_PICTURE, shot.place, (), reason, **which, **{"missing": missing, "frames": {}, **more}
        )

    def unflash(self, reader: str) -> None:
        """Show at once what is so: whoever is accepted does not look at the refusal before."""
        self.moment.flashes.pop(reader, None)

    def flash(self, reader: str, signal: Signal) -> None:
        """Show a signal for a moment."""
        self.moment.flashes[reader] = Flash(signal, 0, self.at + self.plan.signal_ms)

    def refused(self, reader: str, sensed: int) -> None:
        """Show a "no", as long after the card was seen or the PIN typed as every other (behaviour 8).

        One that was known too late for that waits for the next multiple of that time: how late a card was
        found out does not tell at which of its answers.
        """
        beat = self.plan.refusal_ms
        shown = sensed + beat * max(1, -(-(self.at - sensed) // beat))
        until = max(sensed + self.plan.signal_ms, shown + SHORTEST_NO_MS)
        self.moment.flashes[reader] = Flash(Signal.REFUSED, shown, until)
        self.moment.shown.pop(reader, None)  # each is shown anew
