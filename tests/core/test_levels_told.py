"""Every Entry of a badge says how it was read, so that nobody takes one that may be copied for another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controller.core.plan import SitePlan
from tests.core.cards import LEVELS, LI, UIDS, WANG, Proved, proving
from tests.core.plans import example
from tests.core.room import Room

BY_A_CARD = ("pending", "granted", "refused", "confirmed")
MIXED = ("uid", *LEVELS)


def _lived(room: Room, first: str, second: str, level: str) -> None:
    """Two people come in, are confirmed, open a compartment and go; one shows the badge twice."""
    for badge in (first, first, second):
        room.tap("main.in", badge, level)
    room.through()
    for reader in ("main.inside", "c1"):
        room.wait(10)
        for badge in (first, second):
            room.tap(reader, badge, level)
            room.ask("open_compartment", "li", compartment="c1.a")
    room.open("c1.a")
    room.shut("c1.a")
    room.wait(10)
    for badge in (first, second):
        room.tap("main.out", badge, level)
    room.through()


def _told(room: Room) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for entry in room.entries:
        if entry["kind"] in BY_A_CARD and entry["place"] != "example":
            told.setdefault(entry["kind"], set()).add(entry["level"])
    return told


def _confirming(plan: SitePlan) -> SitePlan:
    door = replace(plan.doors["main"], confirm_by_reader=True)
    return replace(plan, doors={**plan.doors, "main": door})


def test_badges_known_by_their_number_are_told_so_wherever_they_are_read() -> None:
    room = Room(_confirming(example()))
    _lived(room, "B1", "B2", "uid")
    assert _told(room) == {kind: {"uid"} for kind in BY_A_CARD}


def test_badges_that_prove_themselves_are_told_so_wherever_they_are_read() -> None:
    room = Proved(_confirming(proving()))
    _lived(room, LI, WANG, "desfire")
    assert _told(room) == {kind: {"desfire"} for kind in BY_A_CARD}


def _mixed(**changes: Any) -> Proved:
    plan = proving(door={"levels": MIXED}, cabinet={"levels": MIXED}, **changes)
    room = Proved(replace(plan, readers={n: replace(r, asks=False) for n, r in plan.readers.items()}))
    room.ask("enrol", "zhao", "chen", person="hua", badges=["B9"], department="security")
    return room


@pytest.mark.parametrize("legacy_first", [True, False])
def test_a_pair_is_told_by_its_weaker_badge_and_each_of_it_by_its_own(*, legacy_first: bool) -> None:
    room = _mixed()
    taps = [("B9", "uid"), (LI, "desfire")]
    for badge, level in taps if legacy_first else taps[::-1]:
        room.tap("main.in", badge, level)
    assert room.of("pending")[-1]["level"] == ("uid" if legacy_first else "desfire")
    assert room.of("granted")[-1]["level"] == "uid"


def test_a_compartment_is_told_by_the_weaker_badge() -> None:
    room = _mixed()
    room.tap("main.in", "B9")
    room.tap("main.in", LI, "desfire")
    room.through()
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B9")
    room.tap("c1", LI, "desfire")
    granted = room.of("granted")[-1]
    assert (granted["place"], granted["level"]) == ("c1.a", "uid")


def test_a_refused_copy_is_told_at_the_level_it_was_read_at_not_at_the_badges() -> None:
    room = Proved()
    room.show(UIDS[LI], level="uid")
    copy = room.of("refused")[-1]
    assert (copy["reason"], copy["level"], copy["copy_of"]) == ("copied", "uid", LI)
    room.fault(UIDS[LI], "wrong_key")
    assert room.of("refused")[-1]["level"] == "desfire"


def test_a_way_out_is_told_by_the_badge_it_was_asked_with_and_a_button_by_none() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.tap("main.out", "B1")
    assert room.of("granted")[-1]["level"] == "uid"
    room.wait(60)
    room.rex()
    assert "level" not in room.of("granted")[-1]


def test_a_card_that_is_refused_at_the_way_out_is_told_at_the_level_it_failed_at() -> None:
    room = Proved()
    for uid, level in ((UIDS[LI], "desfire"), ("04FFFFFFFFFFFF", "uid")):
        room.tap("main.out", uid, level)
        refused = room.of("refused")[-1]
        assert (refused["place"], refused["level"]) == ("main.out", level)


def test_a_level_that_is_no_text_can_be_written_down() -> None:
    room = Room()
    room.tap("main.in", "B1", "\ud800" * 300)
    assert room.of("refused")[-1]["level"].startswith("?")
