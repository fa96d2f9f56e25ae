"""A room whose badges prove themselves: readers that ask cards, a desk where badges are made, and cards.

Rule: a card here is what a reader says of it; nothing in this file decides anything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from controller.core.effects import Outcome
from controller.core.events import BadgeMade, BadgeRead
from controller.core.plan import InputPlan, ReaderPlan, Role, Side, SitePlan
from tests.core.plans import example
from tests.core.room import Room

LEVELS = ("desfire", "ntag424")
POINTS = (
    InputPlan("battery", Role.BATTERY, "battery"),
    InputPlan("enclosure", Role.TAMPER, "enclosure"),
    InputPlan("main.in.power", Role.POWER, "main.in"),
)
LI, WANG, OLD = "11" * 16, "22" * 16, "B1"
UIDS = {LI: "04A1A2A3A4A5A6", WANG: "04B1B2B3B4B5B6"}
"""Two people with badges that are proved, and the numbers of their cards; li has one from before."""
NEW, UID = "33" * 16, "04C1C2C3C4C5C6"
"""A badge that is not made yet, and the number of its card."""
SITE_KEY = "A1B2C3D4"
SIDES = ("main.in", "main.in2", "main.out", "main.inside", "c1")
INNER = tuple(side for side in SIDES if side != "main.out")


def proving(**changes: Any) -> SitePlan:
    """The example site, where cards are asked and what is known by a number alone is let in nowhere."""
    door = {"levels": LEVELS} | changes.pop("door", {})
    cabinet = {"levels": LEVELS} | changes.pop("cabinet", {})
    plan = example(door=door, cabinet=cabinet, **changes)
    asking = {r.name: replace(r, asks=True) for r in plan.readers.values()}
    return replace(
        plan,
        readers={**asking, "desk": ReaderPlan("desk", "vault", Side.ENROLMENT, asks=True)},
        inputs={**plan.inputs, **{p.name: p for p in POINTS}},
        pairable=frozenset({"main.in", "board"}),
        loops=frozenset({"main.contact", "north.glass"}),
    )


class Proved(Room):
    """A room in which li and wang have badges that were made at the desk."""

    def __init__(self, plan: SitePlan | None = None, /, level: str = "desfire") -> None:
        super().__init__(plan or proving())
        self.level = level
        self.ask("set_site_key", "zhao", "chen", check=SITE_KEY)
        self.make("li", LI, UIDS[LI])
        self.make("wang", WANG, UIDS[WANG])

    def make(self, person: str, badge: str, uid: str, level: str = "") -> Outcome:
        """Two others ask for a badge, and the card is made."""
        self.ask("issue_badge", "zhao", "chen", person=person, level=level or self.level)
        return self.made(badge, uid, level)

    def made(self, badge: str, uid: str, level: str = "") -> Outcome:
        """The desk says that it has made a card."""
        return self.step(BadgeMade(self.now, "desk", level or self.level, badge, uid))

    def show(self, badge: str, reader: str = "main.in", **more: Any) -> Outcome:
        """A card proves itself at a reader, unless something else is said of it."""
        said: dict[str, Any] = {"level": self.level, "uid": UIDS.get(badge, "")} | more
        return self.step(BadgeRead(self.now, reader, badge, **said))

    def fault(self, uid: str, fault: str, reader: str = "main.in", **more: Any) -> Outcome:
        """A card does not prove itself: all that is known of it is its number."""
        return self.step(BadgeRead(self.now, reader, uid, self.level, uid=uid, fault=fault, **more))


def ask_for_badge(room: Room, **given: Any) -> Any:
    """Two others ask for a badge for chen, unless told otherwise; returns the reason of the refusal."""
    room.ask("issue_badge", "zhao", "wang", **({"person": "chen", "level": "desfire"} | given))
    return room.reason


def pair_inside() -> Proved:
    """li and wang have come in by badges that prove themselves, a minute ago."""
    room = Proved()
    room.show(LI)
    room.show(WANG)
    room.through()
    assert room.inside == {"li", "wang"}
    room.wait(60)
    return room
