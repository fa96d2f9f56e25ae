"""What people often do in a room, event by event: histories are made of these and of single events between.

Rule: a chapter may begin anywhere; whether it can happen as it is told is not asked here.
"""

from __future__ import annotations

from controller.core.events import (
    Asking,
    BadgeRead,
    Event,
    InputLevel,
    Level,
    LogNews,
    PinTyped,
    Started,
    TimePassed,
    Witnessed,
)
from controller.core.words import Kind
from tests.core import histories_cards, histories_eyes
from tests.core.histories_askings import ALL_NOTED
from tests.core.histories_rooms import POINTS


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
