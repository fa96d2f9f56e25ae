"""Carriers: only listed moves, what tag readers see, and the count at each closing; behaviour 42 and 43."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest

from controller.core.carriers import MOVES, STATES
from controller.core.events import TagGone, TagSeen
from controller.core.words import Reason
from tests.core.room import Room

END = {"TRANSFERRED", "DESTROYED"}
LISTED = {  # behaviour 42, written out again: what may follow what
    "IN": {"IN", "RESERVED", "OUT", "CIRCULATING", "IN_TRANSIT", "MISSING", *END},
    "RESERVED": {"IN", "OUT", "CIRCULATING", "MISSING"},
    "OUT": {"IN", "OUT", "OVERDUE", "IN_TRANSIT", "MISSING", "TRANSFERRED"},
    "OVERDUE": {"IN", "OUT", "MISSING", "TRANSFERRED"},
    "CIRCULATING": {"IN", "CIRCULATING", "OVERDUE", "MISSING"},
    "IN_TRANSIT": {"IN", "OUT", "MISSING", "TRANSFERRED"},
    "MISSING": {"IN", "OUT"},
    "TRANSFERRED": set(),
    "DESTROYED": set(),
}
WAY = {  # one way from a new carrier to each state
    "IN": ("IN",),
    "RESERVED": ("IN", "RESERVED"),
    "OUT": ("OUT",),
    "OVERDUE": ("OUT", "OVERDUE"),
    "CIRCULATING": ("IN", "CIRCULATING"),
    "IN_TRANSIT": ("IN_TRANSIT",),
    "MISSING": ("IN", "MISSING"),
    "TRANSFERRED": ("OUT", "TRANSFERRED"),
    "DESTROYED": ("IN", "DESTROYED"),
}


def _move(room: Room, to: str, **more: Any) -> Reason | None:
    """Two people move the carrier Q1 in the books."""
    where = {"at": "c1.a"} if to in {"IN", "RESERVED"} else {"holder": "wang"}
    given = {"carrier": "Q1", "state": to, "reason": "for the audit", **where, **more}
    room.ask("move_carrier", "li", more.pop("second", "wang"), **given)
    return room.outcome.answer.reason if room.outcome.answer else None


def _in(state: str) -> Room:
    room = Room()
    for to in WAY[state]:
        assert _move(room, to) is None
    assert room.state.carriers["Q1"].state == state
    return room


def _working(state: str = "IN") -> Room:
    """Two are inside, Q1 lies in c1.a where its tag is seen, and c1.a has just been opened."""
    room = Room()
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    if state != "IN":
        assert _move(room, state) is None
    room.enter("B1", "B2")
    room.wait(20)
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.open("c1.a")
    room.wait(2)
    return room


def _count(room: Room) -> dict[str, Any]:
    """The closing count after the last two have left."""
    room.shut("c1.a")
    room.leave("B1", "B2")
    return room.of("closing_count")[-1]


@pytest.mark.parametrize(("state", "to"), list(product(STATES, STATES)))
def test_b42_only_a_listed_move_happens(state: str, to: str) -> None:
    room = _in(state)
    reason = _move(room, to)
    assert reason is (None if to in LISTED[state] else Reason.MOVE_NOT_LISTED)
    assert room.state.carriers["Q1"].state == (to if reason is None else state)


def test_b42_there_are_nine_states_and_two_ends() -> None:
    assert {s: set(after) for s, after in MOVES.items() if s} == LISTED
    assert set(STATES) == set(LISTED)
    assert MOVES[""] == {"IN", "OUT", "IN_TRANSIT"}


@pytest.mark.parametrize("to", sorted(set(STATES) - {"IN", "OUT", "IN_TRANSIT"}))
def test_b42_a_new_carrier_begins_in_custody(to: str) -> None:
    assert _move(Room(), to) is Reason.MOVE_NOT_LISTED


def test_b42_each_move_has_actor_witness_reason_and_what_was_before() -> None:
    room = _in("IN")
    _move(room, "OUT")
    entry = room.of("carrier_moved")[-1]
    assert entry["who"] == ["li", "wang"]
    assert entry["reason"] == "for the audit"
    assert (entry["before"], entry["state"], entry["holder"], entry["at_place"]) == ("IN", "OUT", "wang", "")


def test_b42_without_witness_reason_place_or_holder_nothing_moves() -> None:
    room = _in("IN")
    assert _move(room, "OUT", second="") is Reason.NEEDS_SECOND
    assert _move(room, "OUT", second="li") is Reason.NEEDS_SECOND
    assert _move(room, "OUT", reason="") is Reason.NOT_UNDERSTOOD
    assert _move(room, "OUT", holder="nobody") is Reason.NOT_UNDERSTOOD
    assert _move(room, "IN", at="c9.a") is Reason.NOT_UNDERSTOOD
    assert _move(room, "LOST") is Reason.NOT_UNDERSTOOD
    assert room.state.carriers["Q1"].state == "IN"


def test_b42_a_carrier_is_in_one_compartment_or_in_one_persons_hands() -> None:
    room = _working()
    for happens in ("gone", "seen", "gone"):
        room.step((TagGone if happens == "gone" else TagSeen)(room.now, "Q1", "c1.a"))
        now = room.state.carriers["Q1"]
        assert bool(now.at) is not bool(now.holder)


@pytest.mark.parametrize("state", ["IN", "RESERVED"])
def test_b42_taken_within_a_session_it_is_out_in_the_hands_of_its_people(state: str) -> None:
    room = _working(state)
    room.step(TagGone(room.now, "Q1", "c1.a"))
    now = room.state.carriers["Q1"]
    assert (now.state, now.holder) == ("OUT", "li")
    assert room.of("carrier_moved")[-1]["who"] == ["li", "wang"]
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    assert room.state.carriers["Q1"].state == "IN"
    assert not room.alarms


def test_b42_taken_without_a_session_it_is_missing_and_calls_the_guard() -> None:
    room = Room()
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    room.open("c1.a")
    room.step(TagGone(room.now, "Q1", "c1.a"))
    assert room.state.carriers["Q1"].state == "MISSING"
    assert "carrier_missing" in room.raised
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    assert room.state.carriers["Q1"].state == "IN"
    assert "carrier_missing" in room.alarms


def test_b42_taken_after_the_end_of_the_session_it_is_in_nobodys_name() -> None:
    room = _working()
    room.wait(15 * 60)
    room.step(TagGone(room.now, "Q1", "c1.a"))
    assert room.state.carriers["Q1"].state == "MISSING"
    assert "carrier_missing" in room.raised


def test_b42_put_into_another_compartment_it_is_there() -> None:
    room = _working()
    room.step(TagGone(room.now, "Q1", "c1.a"))
    room.step(TagSeen(room.now, "Q1", "c1.b"))
    assert room.state.carriers["Q1"].at == "c1.b"


@pytest.mark.parametrize("state", sorted(END))
def test_b42_what_should_no_longer_exist_and_is_seen_calls_the_guard(state: str) -> None:
    room = _in(state)
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    assert room.state.carriers["Q1"].state == state
    assert room.of("carrier_seen")[-1]["reason"] == "move_not_listed"
    assert "carrier_missing" in room.raised


def test_b42_the_books_survive_a_restart() -> None:
    for state in STATES:
        room = _in(state)
        before = room.state.carriers["Q1"]
        room.restart()
        assert room.state.carriers["Q1"] == before


def test_b43_expected_against_found_at_each_closing() -> None:
    room = _working()
    for carrier, place in (("Q2", "c1.b"), ("Q3", "c1.c"), ("Q4", "c1.d"), ("Q6", "c1.d")):
        room.step(TagSeen(room.now, carrier, place))
    room.step(TagGone(room.now, "Q1", "c1.a"))  # in li's hands
    _move(room, "IN", carrier="Q5", at="c1.b")  # by the books only: no tag was ever seen
    _move(room, "RESERVED", carrier="Q2", at="c1.b")
    _move(room, "MISSING", carrier="Q4")
    _move(room, "IN", carrier="Q3", at="c1.b")  # its tag is still seen in c
    _move(room, "CIRCULATING", carrier="Q6")
    count = _count(room)
    assert count["expected"] == ["Q2", "Q3", "Q5"]
    assert count["seen"] == ["Q2"]
    assert count["not_seen"] == ["Q5"]
    assert count["elsewhere"] == ["Q3"]
    assert count["out"] == {"Q1": "li", "Q6": "wang"}
    assert count["missing"] == ["Q4"]
    assert count["open_compartments"] == []


def test_b43_every_expected_carrier_is_seen_not_seen_or_elsewhere() -> None:
    for state in STATES:
        room = _working()
        for _, to in pairwise(("", *WAY[state])):
            _move(room, to, carrier="Q9")
        count = _count(room)
        found = sorted([*count["seen"], *count["not_seen"], *count["elsewhere"]])
        assert found == count["expected"]
        listed = {*found, *count["out"], *count["missing"]}
        assert ("Q9" in listed) is (state not in END)


def test_b43_not_seen_behind_a_shut_door_is_not_missing_and_calls_the_guard() -> None:
    room = Room()
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    room.step(TagGone(room.now, "Q1", "c1.a"))
    assert room.kinds[0] == "carrier_unseen"
    assert room.state.carriers["Q1"].state == "IN"
    assert "carrier_missing" in room.raised
    room.step(TagSeen(room.now, "Q1", "c1.a"))
    assert room.kinds == ["carrier_seen"]


def test_b43_there_is_one_count_for_each_closing_and_none_while_somebody_is_inside() -> None:
    room = _working()
    assert not room.of("closing_count")
    _count(room)
    room.wait(60)
    room.enter("B3", "B4")
    room.leave("B3", "B4")
    assert len(room.of("closing_count")) == len(room.of("room_closed")) == 2
