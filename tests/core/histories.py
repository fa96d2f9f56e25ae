"""Random histories of a room: what people do, what devices say, and garbage, in any order and at any time.

Rule: a history is events and pauses; whether it is allowed, likely or sane is not asked here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from controller.core.custody import LOG_NEWS
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
    LogNews,
    PinTyped,
    ReleaseDropped,
    Started,
    TagGone,
    TagSeen,
    TimePassed,
    Witnessed,
)
from controller.core.plan import LogWitnesses, Mode, Passback, SitePlan
from controller.core.site import Site
from controller.core.state import State
from controller.core.words import Kind
from tests.core import histories_cards, histories_eyes, histories_visits
from tests.core.plans import OFFICE, START, example, passage

PEOPLE: dict[str, dict[str, Any]] = {
    "li": {"badges": ["B1", "B1b"], "pin": "4821", "posts": ["custodian"]},
    "wang": {"badges": ["B2"], "pin": "7350", "department": "audit"},
    "zhang": {"badges": ["B3"], "excluded_with": ["li"]},
    "old": {"badges": ["B4"], "valid_until": START},
    "anna": {"badges": ["B5"], "visitor": True, "host": "li", "valid_until": START + 3_600_000},
    "zhao": {},
}
STRICT = example(
    door={"confirm_by_reader": True, "delay_ms": 60_000, "passback": Passback.TIMED, "time_lock": OFFICE},
    room={"mode": Mode.INTEGRITY, "duty": OFFICE, "custodian_first": True, "max_occupancy": 3},
    together={"pair_per_week": 2, "different_departments": True},
    cabinet={"authorisers": 1},
)
WITNESSED = passage(
    room={"witnessed": 2}, log_witnesses=LogWitnesses(("bank", "branch", "audit"), 2, most=60, late_ms=60_000)
)
PICTURED, UNPICTURED = (histories_eyes.pictured(opens=opens) for opens in (False, True))
LOOKING = replace(passage(), views=PICTURED.views, look_ms=PICTURED.look_ms)
PLANS = (passage(), STRICT, WITNESSED, histories_cards.proved(), PICTURED, UNPICTURED)
READERS = ("main.in", "main.out", "main.in2", "main.inside", "c1", "outer.in", "outer.out")
BADGES = ("B1", "B1b", "B2", "B3", "B4", "B5", "stranger", "' OR 1=1--", "\x00", "", "\ud800", "x" * 70_000)
POINTS = tuple(passage().inputs)
LATER = st.just(0)  # every event gets its time from the pause before it
PAUSES = st.sampled_from(
    [0, 0, 1, 299, 900, 2_000, 5_000, 15_000, 31_000, 60_000, 600_000] * 5 + [30_000_000]
)
MOVING = tuple(p for p in POINTS if p.endswith((".contact", ".rex", ".bolt")))

ALL_NOTED = {
    f"{finding} {place}": "seen"
    for place in (
        "vault",
        "main",
        "north",
        "c1",
        "c1.a",
        "c1.b",
        "c1.c",
        "c1.d",
        "door",
        "room",
        *POINTS,
        *READERS,
    )
    for finding in (
        *("not_counted", "occupied", "session", "door_open", "door_unknown", "door_unbolted", "window_open"),
        *("window_unknown", "compartment_open", "compartment_unknown", "camera_covered", "sensor_broken"),
        *("sensor_active", "device_lost"),
    )
}
badges, readers = st.sampled_from(BADGES), st.sampled_from([*READERS, "no.such.reader", ""])
points = st.sampled_from([*POINTS, "no.such.input", ""])
names = st.sampled_from([*["li", "wang", "zhao"] * 4, *PEOPLE, "nobody", "", "os:auditor", "\ud800"])
texts = st.text(max_size=8) | st.sampled_from(["\ud800", "\x00", "x" * 70_000])
garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | names,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
FIELDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("open_compartment", {"compartment": "c1.a"}),
    ("authorise", {"cabinet": "c1"}),
    ("lockdown", {}),
    ("lift_lockdown", {}),
    ("recount", {"room": "vault", "inside": []}),
    ("recount", {"room": "vault", "inside": ["li", "wang"]}),
    ("recount", {"room": "vault", "inside": ["li", "anna"]}),
    ("take_alarm", {"alarm": "lone"}),
    ("acknowledge", {"alarm": "lone", "reason": "seen"}),
    ("release_door", {"door": "main", "seconds": 5, "reason": "ambulance"}),
    ("hand_over", {"to": "zhao"}),
    ("note_entry", {"n": 1, "text": "odd", "about": "anna"}),
    ("correct_entry", {"n": 1, "text": "even", "reason": "misread", "about": "anna"}),
    ("close_day", {"room": "vault", "notes": ALL_NOTED}),
    ("close_day", {"room": "vault"}),
    ("sign_off", {"digest": "0" * 64, "ranges": [[0, 1]], "own": True}),
    ("override_interlock", {"door": "main", "reason": "stuck"}),
    ("approve_opening", {"room": "vault"}),
    ("approve_policy", {"digest": "policy-2"}),
    ("change_time_lock", {"door": "main", "minutes": 5}),
    ("forgive_passback", {"person": "li", "reason": "lost way"}),
    ("accept_clock", {}),
    ("block_badge", {"badge": "B2"}),
    ("end_person", {"person": "zhang"}),
    ("check_out", {"visitor": "anna"}),
    ("move_carrier", {"carrier": "k", "state": "IN", "at": "c1.a", "reason": "put"}),
    ("enrol", {"person": "new", "badges": ["B9"], "pin": "1234"}),
    ("change_person", {"person": "wang", "doors": []}),
    ("change_person", {"person": "anna", "name": "Anna Berg"}),
    ("erase_person", {"person": "anna", "reason": "asked"}),
    ("erase_person", {"person": "zhang", "reason": "asked"}),
    ("set_hold", {"hold": "case", "person": "anna", "reason": "court"}),
    ("lift_hold", {"hold": "case", "reason": "closed"}),
    ("rotate_key", {"reason": "yearly"}),
    ("read_evidence", {"what": "show", "filter": "kind=granted", "words": "Anna"}),
    *histories_cards.FIELDS,
    *histories_eyes.FIELDS,
    *histories_visits.FIELDS,
    ("no_such_asking", {}),
)
askings = st.builds(
    lambda ask, by, second: Asking(0, ask[0], by, second, ask[1]), st.sampled_from(FIELDS), names, names
)
strange_askings = st.builds(
    Asking,
    LATER,
    st.sampled_from([name for name, _ in FIELDS] + ["found"]) | texts,
    names,
    names,
    st.dictionaries(
        st.sampled_from(
            [
                *("person", "room", "inside", "door", "reason", "minutes", "hold", "what", "words"),
                *(
                    "seconds",
                    "alarm",
                    "outcome",
                    "to",
                    "n",
                    "text",
                    "about",
                    "digest",
                    "notes",
                    "fields",
                    "ranges",
                    "exceptions",
                ),
            ]
        )
        | texts,
        garbage,
    ),
)
news = st.builds(
    LogNews,
    LATER,
    st.sampled_from([*LOG_NEWS, Kind.GRANTED]),
    texts | st.just(""),
    st.sampled_from([dict.fromkeys(row.fields, value) for row in LOG_NEWS.values() for value in ("x", 7)])
    | st.dictionaries(texts, garbage),
)
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


def _through(door: str) -> list[tuple[int, Event]]:
    opened, shut = (
        InputLevel(0, f"{door}.contact", level, settled=True) for level in (Level.ACTIVE, Level.NORMAL)
    )
    return [(1_500, opened), (1_500, shut)]


def _tapped(reader: str, *badges: str) -> list[tuple[int, Event]]:
    return [(1_500, BadgeRead(0, reader, badge)) for badge in badges]


def _asked_for_a() -> list[tuple[int, Event]]:
    asking = Asking(0, "open_compartment", "li", "", {"compartment": "c1.a"})
    return [(1_500, asking), *_tapped("c1", "B1", "B2")]


def _cosigned() -> list[tuple[int, Event]]:
    """Two log witnesses go through every size there may be; beyond what is written they are not believed."""
    sizes = [(0, Witnessed(0, name, size)) for size in range(30, 160, 3) for name in ("bank", "audit")]
    return [(700, sizes[0][1]), *sizes[1:]]


def _restart() -> list[tuple[int, Event]]:
    quiet = [(0, InputLevel(0, point, Level.NORMAL, settled=True)) for point in POINTS]
    return [(1_000, Started(0, 0, "policy-1")), *quiet]


CHAPTERS: tuple[list[tuple[int, Event]], ...] = (
    [*_tapped("main.in", "B1", "B2"), *_through("main"), *_tapped("main.inside", "B1", "B2")],
    [*_tapped("main.in", "B2", "B1")],
    [*_tapped("main.in", "B3"), *_through("main")],
    [*_tapped("main.out", "B1"), *_through("main")],
    [*_tapped("main.in", "B1", "B2"), *_through("main"), *_tapped("main.out", "B1"), *_through("main")],
    [*_tapped("main.out", "B1", "B2"), *_through("main")],
    [*_tapped("outer.in", "B2"), *_through("outer")],
    [*_tapped("main.in", "B5", "B1", "B2"), *_through("main")],
    [*_tapped("main.in", "B1", "B2"), *_through("main"), *_asked_for_a(), *_through("c1.a")],
    [*_asked_for_a(), (6_000, InputLevel(0, "vault.motion", Level.ACTIVE, settled=True))],
    [*_tapped("c1", "B1", "B2"), *_through("c1.a")],
    [*_tapped("main.in", "B1"), (1_000, PinTyped(0, "main.in", "4822"))],
    [
        *_tapped("main.in", "B2"),
        (61_000, BadgeRead(0, "main.in", "B1")),
        *_tapped("main.in", "B2"),
        *_through("main"),
    ],
    [*_tapped("main.in", *["stranger"] * 5)],
    [(1_000, Asking(0, "authorise", "zhao", "", {"cabinet": "c1"}))],
    [(1_000, InputLevel(0, "main.rex", Level.ACTIVE)), (1_000, InputLevel(0, "main.rex", Level.NORMAL))],
    [(1_000, Asking(0, "recount", "li", "wang", {"room": "vault", "inside": []}))],
    [
        (1_000, Asking(0, "end_person", "li", "", {"person": "zhang"})),
        (1_000, Asking(0, "erase_person", "li", "wang", {"person": "zhang", "reason": "asked"})),
    ],
    [
        (1_000, Asking(0, "read_evidence", "os:auditor", "", {"what": "show"})),
        (1_000, Asking(0, "rotate_key", "li", "wang", {"reason": "yearly"})),
        (1_000, LogNews(0, Kind.DISK_LOW, "", {"free_bytes": 7})),
        (1_000, LogNews(0, Kind.PRUNED, "", {"kept_from": 7, "bodies": 7})),
        (1_000, Asking(0, "set_hold", "zhao", "", {"hold": "case", "person": "zhang", "reason": "court"})),
        (1_000, LogNews(0, Kind.PRUNED, "", {"kept_from": 8, "bodies": 1})),
    ],
    [*_tapped("main.in", "B1"), *_restart()],
    *histories_cards.CHAPTERS,
    [
        (1_000, Asking(0, "lockdown", "zhao")),
        *_tapped("main.in", "B1"),
        (1_000, Asking(0, "lift_lockdown", "li")),
    ],
    [*_tapped("main.in", "B1", "B2"), *_restart()],
    [*_tapped("main.in", "B1", "B2"), *_cosigned(), *_through("main")],
    [*_tapped("main.in", "B2", "B1"), *_cosigned(), *_cosigned()],
    [
        *_tapped("main.in", "B1", "B2"),
        *_through("main"),
        (86_400_000, TimePassed(0)),
        (1_000, Asking(0, "close_day", "li", "zhao", {"room": "vault", "notes": ALL_NOTED})),
    ],
    *histories_eyes.CHAPTERS,
    [*_tapped("main.in", "B1", "B2"), *histories_eyes.answers(), *_cosigned(), *_through("main")],
    [
        *_tapped("main.in", "B2", "B1"),
        *histories_eyes.answers(),
        *_through("main"),
        *_tapped("main.out", "B1"),
    ],
    _restart(),
)
chapters = st.sampled_from(CHAPTERS) | st.tuples(PAUSES, anything).map(lambda one: [one])
histories = st.lists(chapters, min_size=5, max_size=30).map(
    lambda parts: [one for part in parts for one in part]
)
plans = st.sampled_from(PLANS)


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
