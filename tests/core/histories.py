"""Random histories of a room: what people do, what devices say, and garbage, in any order and at any time.

Rule: a history is events and pauses; whether it is allowed, likely or sane is not asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from controller.core.effects import Body, Outcome
from controller.core.events import (
    Asking,
    BadgeRead,
    CameraSeen,
    ClockJumped,
    DeviceBack,
    DeviceLost,
    DeviceNoisy,
    Event,
    InputLevel,
    Level,
    PinTyped,
    ReleaseDropped,
    Started,
    TagGone,
    TagSeen,
    TimePassed,
    Witnessed,
)
from controller.core.plan import SitePlan
from controller.core.site import Site
from controller.core.state import State
from tests.core import histories_cards, histories_eyes
from tests.core.histories_askings import LATER, askings, news, strange_askings
from tests.core.histories_chapters import CHAPTERS
from tests.core.histories_rooms import MOVING, PEOPLE, POINTS, READERS
from tests.core.plans import START

BADGES = ("B1", "B1b", "B2", "B3", "B4", "B5", "stranger", "' OR 1=1--", "\x00", "", "\ud800", "x" * 70_000)
PAUSES = st.sampled_from(
    [0, 0, 1, 299, 900, 2_000, 5_000, 15_000, 31_000, 60_000, 600_000] * 5 + [30_000_000]
)
badges, readers = st.sampled_from(BADGES), st.sampled_from([*READERS, "no.such.reader", ""])
points = st.sampled_from([*POINTS, "no.such.input", ""])
levels = st.builds(InputLevel, LATER, points, st.sampled_from(Level), st.booleans())
anything: st.SearchStrategy[Event] = st.one_of(
    st.builds(BadgeRead, LATER, readers, badges, st.sampled_from(["uid", "uid", "none"])),
    st.builds(
        InputLevel,
        LATER,
        st.sampled_from(MOVING),
        st.sampled_from([Level.NORMAL, Level.ACTIVE]),
        st.just(True),
    ),
    levels,
    st.builds(PinTyped, LATER, readers, st.sampled_from(["4821", "4822", "7350", "0000", "x", "", "\ud800"])),
    st.builds(DeviceLost, LATER, st.sampled_from([*READERS, *POINTS]), st.text(max_size=5)),
    st.builds(DeviceBack, LATER, st.sampled_from([*READERS, *POINTS])),
    st.builds(DeviceNoisy, LATER, points, st.booleans()),
    st.builds(CameraSeen, LATER, st.just("door"), st.sampled_from(["covered", "back", "lost"])),
    st.builds(ClockJumped, LATER, st.integers(-100_000, 100_000) | st.integers(-(10**12), 10**12)),
    st.builds(TagSeen, LATER, st.sampled_from("kq"), st.sampled_from(["c1.a", "c1.b", "c9"])),
    st.builds(TagGone, LATER, st.sampled_from("kq"), st.sampled_from(["c1.a", "c1.b"])),
    st.builds(ReleaseDropped, LATER, st.sampled_from(["main", "c1.a"]), st.integers(0, 9_999)),
    st.builds(Witnessed, LATER, st.sampled_from(["bank", "branch", "nobody", ""]), st.integers(-1, 200)),
    askings,
    strange_askings,
    news,
    histories_cards.events,
    histories_eyes.events,
)
History = Sequence[tuple[int, Event]]


chapters = st.sampled_from(CHAPTERS) | st.tuples(PAUSES, anything).map(lambda one: [one])
histories = st.lists(chapters, min_size=5, max_size=30).map(
    lambda parts: [one for part in parts for one in part]
)


def timed(history: History) -> list[Event]:
    """Events with their times; room time stands still while the controller is off."""
    at, found = 1_000, list[Event]()
    for pause, event in history:
        at += 0 if isinstance(event, Started) else pause
        now = replace(event, at=at)
        found.append(replace(now, wall_ms=START + at) if isinstance(now, Started) else now)
    return found


def begun(plan: SitePlan) -> tuple[Site, list[Outcome]]:
    """A site with people and quiet inputs, and what it has written so far."""
    site = Site(plan, b"pepper")
    outcomes = [site.step(Started(0, START, "policy-1"))]
    outcomes.append(site.step(Asking(0, "found", "", "", {"people": PEOPLE})))
    outcomes += [site.step(InputLevel(0, p, Level.NORMAL, settled=True)) for p in plan.inputs]
    return site, outcomes


def lived(plan: SitePlan, happened: Sequence[Event]) -> tuple[Site, list[Outcome]]:
    """A site after a history, and every outcome on the way."""
    site, outcomes = begun(plan)
    return site, [*outcomes, *(site.step(event) for event in happened)]


def written(outcomes: Sequence[Outcome]) -> list[Body]:
    """All Entries of outcomes, in their order."""
    return [entry for outcome in outcomes for entry in outcome.entries]


def durable(state: State) -> State:
    """What the log keeps of a state: all but how late it is."""
    copy = state.copy()
    copy.at = 0
    return copy


def looked(happened: Sequence[Event], looks: Sequence[int]) -> list[Event]:
    """The same events with looks at the clock between them."""
    last = happened[-1].at if happened else 0
    return sorted([*happened, *(TimePassed(at) for at in looks if at <= last)], key=lambda event: event.at)
