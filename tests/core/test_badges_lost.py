"""A badge that is reported lost, or whose holder has ended, is dead at once: R6.3."""

from __future__ import annotations

import pytest

from controller.core.effects import Release, Secure
from controller.core.words import Reason
from tests.core.cards import LI, UIDS, WANG, Proved
from tests.core.plans import witnessed
from tests.core.room import Room


def test_a_badge_reported_lost_is_written_down_with_its_holder() -> None:
    room = Proved()
    room.ask("block_badge", "zhao", badge=LI)
    assert (room.of("badge_blocked")[-1]["badge"], room.of("badge_blocked")[-1]["person"]) == (LI, "li")


def test_why_a_badge_was_blocked_stands_with_it() -> None:
    room = Proved()
    room.ask("block_badge", "zhao", badge=LI, reason="left in a taxi")
    assert room.of("badge_blocked")[-1]["note"] == "left in a taxi"


def test_a_badge_reported_lost_is_never_made_good_again() -> None:
    room = Proved()
    room.ask("block_badge", "zhao", badge=LI)
    room.make("li", LI, UIDS[LI])
    assert room.kinds[0] == "badge_not_issued"
    room.show(LI)
    assert room.reason is Reason.BADGE_BLOCKED


def test_a_lost_badge_that_two_chiefs_list_again_stays_dead() -> None:
    room = Room()
    room.ask("block_badge", "zhao", badge="B1")
    room.ask("change_person", "zhao", "chen", person="li", badges=["B1"])
    assert room.reason is Reason.BADGE_BLOCKED
    room.ask("change_person", "zhao", "chen", person="li", badges=["B9"])
    assert not room.reason
    assert [name for name, badge in room.state.badges.items() if badge.blocked] == ["B1"]


def test_a_lost_badge_is_taken_out_of_the_pair_at_once() -> None:
    room = Proved()
    room.show(LI)
    room.ask("block_badge", "zhao", badge=LI)
    assert room.kinds == ["badge_blocked", "pending_cancelled"]
    assert room.signal() == "idle"
    room.show(WANG)
    assert room.kinds == ["pending"]


def test_another_badge_of_the_same_person_goes_on_waiting() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.ask("block_badge", "zhao", badge="B1b")
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": LI}), ("end_person", {"person": "li"})]
)
def test_what_a_dead_badge_has_just_released_is_locked_again(what: str, given: dict[str, str]) -> None:
    room = Proved()
    room.show(LI)
    room.show(WANG)
    assert room.is_open()
    room.ask(what, "zhao", **given)
    assert Secure("main") in room.outcome.effects
    assert not room.is_open()


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": "B2"}), ("end_person", {"person": "wang"})]
)
def test_a_compartment_that_a_dead_badge_has_just_released_is_locked_again(
    what: str, given: dict[str, str]
) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(5)
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.is_open("c1.a")
    room.ask(what, "zhao", **given)
    assert not room.is_open("c1.a")


@pytest.mark.parametrize(
    ("what", "given"), [("block_badge", {"badge": "B1"}), ("end_person", {"person": "li"})]
)
def test_a_grant_that_waits_for_its_log_witness_falls_at_once(what: str, given: dict[str, str]) -> None:
    room = Room(witnessed())
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    assert room.state.door("main").awaiting
    room.ask(what, "zhao", **given)
    assert room.state.door("main").awaiting is None
    assert room.of("no_entry")[0]["reason"] == "badge_blocked"
    assert not any(isinstance(e, Release) for e in room.outcome.effects)


def test_a_dead_badge_takes_no_way_out_back() -> None:
    room = Proved()
    room.show(LI)
    room.show(WANG)
    room.through()
    room.wait(5)
    room.show(LI, "main.out")
    room.ask("block_badge", "zhao", badge=LI)
    assert room.is_open()
