"""Two people at a door, one badge after the other: behaviour 1 to 8."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from controller.core.effects import Raise, Release, Secure, Show
from controller.core.events import Level
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

WINDOW_MS = 15_000


def test_b01_every_transition_from_the_first_badge_to_inside_is_an_entry() -> None:
    room = Room()
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]
    room.wait(4)
    room.tap("main.in", "B2")
    assert room.kinds[0] == "granted"
    assert room.is_open()
    room.wait(1)
    room.open()
    assert room.kinds == ["opened", "room_opened", "snapshot"]
    assert not room.is_open()
    room.shut()
    assert room.kinds == ["shut", "entered"]
    assert room.inside == {"li", "wang"}
    assert room.of("granted")[0]["who"] == ["li", "wang"]


def test_b01_a_grant_nobody_uses_ends_as_no_entry_and_the_next_pair_starts_afresh() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    room.wait_ms(4_999)
    assert room.is_open()
    room.wait_ms(1)
    assert "no_entry" in room.kinds
    assert not room.is_open()
    assert not room.inside
    room.tap("main.in", "B1")
    assert room.kinds == ["pending"]


@pytest.mark.parametrize("window", [5_000, WINDOW_MS, 60_000])
def test_b02_the_second_badge_counts_to_the_last_millisecond_of_the_window(window: int) -> None:
    room = Room(example(together={"window_ms": window}))
    room.tap("main.in", "B1")
    room.wait_ms(window - 1)
    room.tap("main.in", "B2")
    assert room.is_open()


@pytest.mark.parametrize("window", [5_000, WINDOW_MS, 60_000])
def test_b02_at_the_end_of_the_window_the_second_badge_is_a_first_one(window: int) -> None:
    room = Room(example(together={"window_ms": window}))
    room.tap("main.in", "B1")
    late = room.now + window
    assert room.site.deadline == late
    room.now = late
    room.tap("main.in", "B2")
    assert room.kinds == ["two_person_timeout", "pending"]
    assert not room.is_open()
    assert room.state.door("main").pending is not None
    assert room.of("pending")[-1]["who"] == ["wang"]


@pytest.mark.parametrize("again", ["B1", "B1b"])
def test_b03_the_same_holder_again_neither_counts_nor_extends_the_deadline(again: str) -> None:
    room = Room()
    room.tap("main.in", "B1")
    before = room.state.door("main").pending
    room.wait(14)
    for _ in range(4):
        room.tap("main.in", again)
        assert room.reason is Reason.SAME_HOLDER
    assert room.state.door("main").pending == before
    assert not room.is_open()
    room.wait(1)
    assert room.kinds == ["two_person_timeout"]


def test_b03_the_same_holder_between_the_two_does_not_disturb_the_pair() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "B1b")
    room.tap("main.in", "B2")
    assert room.is_open()
    assert room.of("granted")[0]["who"] == ["li", "wang"]


def _block(room: Room) -> None:
    room.ask("block_badge", "zhao", badge="B1")


def _end(room: Room) -> None:
    room.ask("end_person", "zhao", person="li")


def _disentitle(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", doors=[])


def _expire(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", valid_until=room.state.wall + 2_000)
    room.wait(2)


def _untrain(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", trained=False)


def _exclude(room: Room) -> None:
    room.ask("change_person", "zhao", "chen", person="li", excluded_with=["wang"])


@pytest.mark.parametrize("change", [_block, _end, _disentitle, _expire, _untrain])
def test_b04_a_first_person_who_lost_the_right_in_between_stops_both(change: Callable[[Room], None]) -> None:
    room = Room()
    room.tap("main.in", "B1")
    change(room)
    room.tap("main.in", "B2")
    assert room.reason is Reason.FIRST_NO_LONGER_VALID
    assert room.kinds == ["pending_cancelled", "refused"]
    assert not room.is_open()
    assert room.state.door("main").pending is None


def test_b04_an_exclusion_made_in_between_stops_the_pair() -> None:
    room = Room()
    room.tap("main.in", "B1")
    _exclude(room)
    room.tap("main.in", "B2")
    assert room.reason is Reason.EXCLUDED_PAIR


def test_b04_both_are_judged_under_one_policy() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.restart()
    room.tap("main.in", "B2")
    assert room.kinds == ["pending"]
    policies = {e["policy"] for e in room.of("granted") + room.of("pending")}
    assert policies == {"policy-1"}


BAD: list[tuple[dict[str, Any], Reason]] = [
    ({"doors": []}, Reason.NOT_ENTITLED),
    ({"valid_until": 1}, Reason.EXPIRED),
    ({"valid_from": 4_000_000_000_000}, Reason.NOT_YET_VALID),
    ({"pledged": False}, Reason.PLEDGE_MISSING),
    ({"pledge_until": 1}, Reason.PLEDGE_MISSING),
    ({"trained": False}, Reason.TRAINING_MISSING),
    ({"training_until": 1}, Reason.TRAINING_MISSING),
]


@pytest.mark.parametrize(("bad", "reason"), BAD)
@pytest.mark.parametrize("order", [("B1", "X"), ("X", "B1")])
def test_b05_a_good_badge_never_carries_a_bad_one(
    bad: dict[str, Any], reason: Reason, order: tuple[str, str]
) -> None:
    room = Room(odd=bad | {"badges": ["X"]})
    for badge in order:
        room.tap("main.in", badge)
        assert (room.reason is reason) == (badge == "X")
    assert not room.of("granted")


def test_b05_not_even_two_good_badges_carry_a_third_bad_one() -> None:
    room = Room(odd={"badges": ["X"], "doors": []})
    room.enter("B1", "B2")
    room.tap("main.in", "X")
    assert room.reason is Reason.NOT_ENTITLED
    assert not room.is_open()


@pytest.mark.parametrize("order", [("B1", "B2"), ("B2", "B1")])
def test_b06_the_order_of_the_two_is_free(order: tuple[str, str]) -> None:
    room = Room(example(together={"groups": ("custodian", "supervisor")}))
    room.enter(*order)
    assert room.inside == {"li", "wang"}


def test_b07_a_refused_second_badge_leaves_the_first_waiting_to_its_deadline() -> None:
    room = Room()
    room.tap("main.in", "B1")
    deadline = room.state.door("main").pending
    room.wait(5)
    room.tap("main.in", "nobody")
    assert room.kinds == ["refused"]
    room.wait(5)
    room.tap("main.in", "nobody")
    after = room.state.door("main").pending
    assert deadline
    assert after == replace(deadline, refusals=2)
    room.tap("main.in", "B2")
    assert room.is_open()


def test_b07_after_three_refusals_the_pair_is_cancelled_with_an_alarm() -> None:
    room = Room()
    room.tap("main.in", "B1")
    for _ in range(3):
        room.wait(1)
        room.tap("main.in", "nobody")
    assert "pending_cancelled" in room.kinds
    assert room.raised == ["second_refused"]
    assert room.state.door("main").pending is None
    room.tap("main.in", "B2")
    assert room.kinds == ["pending"]


def test_b07_refusals_of_one_pair_do_not_count_against_the_next() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.tap("main.in", "nobody")
    room.tap("main.in", "nobody")
    room.wait(15)
    room.tap("main.in", "B1")
    room.tap("main.in", "nobody")
    assert not room.alarms
    room.tap("main.in", "B2")
    assert room.is_open()


def _outside(room: Room, badge: str) -> list[tuple[int, object]]:
    """What somebody outside sees and hears from this badge on, with its time."""
    began = room.now
    seen: list[tuple[int, object]] = []
    outcomes = [room.tap("main.in", badge), *(room.wait(0.1) for _ in range(30))]
    for outcome in outcomes:
        shown = [e for e in outcome.effects if isinstance(e, Show | Release | Secure)]
        audible = [e for e in outcome.effects if isinstance(e, Raise) and not e.silent]
        assert not audible
        seen += [(room.now - began, e) for e in shown]
    return seen


def _refusing(badge: str, **odd: Any) -> Callable[[], tuple[Room, str]]:
    def make() -> tuple[Room, str]:
        return Room(odd={"badges": ["X"]} | odd), badge

    return make


def _bent(**changes: Any) -> Callable[[], tuple[Room, str]]:
    def make() -> tuple[Room, str]:
        return Room(example(**changes)), "B2"

    return make


def _fault() -> tuple[Room, str]:
    room = Room()
    room.input("main.bolt", Level.CUT)
    return room, "B2"


def _lockdown() -> tuple[Room, str]:
    room = Room()
    room.ask("lockdown", "zhao")
    return room, "B2"


def test_b08_the_first_no_looks_the_same_whatever_its_reason() -> None:
    cases = [
        _refusing("nobody"),
        _refusing("X", doors=[]),
        _refusing("X", valid_until=1),
        _refusing("X", trained=False),
        _bent(door={"levels": ("aes",)}),
        _bent(room={"max_occupancy": 0}),
        _lockdown,
        _fault,
    ]
    seen = []
    for make in cases:
        room, badge = make()
        room.wait(60)
        seen.append(_outside(room, badge))
        assert not room.of("granted")
    assert seen[0]
    assert all(one == seen[0] for one in seen)


def test_b08_the_second_no_looks_the_same_whatever_its_reason() -> None:
    cases = [
        _refusing("nobody"),
        _refusing("B1"),
        _refusing("B1b"),
        _refusing("V1"),
        _refusing("X", doors=[]),
        _refusing("X", excluded_with=["li"]),
        _bent(together={"groups": ("custodian", "auditor")}),
        _bent(together={"dual_readers": True}),
        _bent(room={"max_occupancy": 1}),
        _bent(room={"custodian_first": True}),
    ]
    seen = []
    for make in cases:
        room, badge = make()
        if room.plan.rooms["vault"].custodian_first:
            room.tap("main.in", "B3")
        else:
            room.tap("main.in", "B1")
        room.wait(5)
        seen.append(_outside(room, badge))
        assert not room.of("granted"), badge
    assert seen[0]
    assert all(one == seen[0] for one in seen)


def test_b08_a_timeout_is_an_entry_and_tells_nothing_outside() -> None:
    room = Room()
    room.tap("main.in", "B1")
    room.wait(15)
    assert room.kinds == ["two_person_timeout"]
    assert room.of("two_person_timeout")[0]["who"] == ["li"]
    assert room.signal() == "idle"
    assert not room.alarms


def test_b08_a_good_badge_right_after_a_bad_one_is_shown_at_once() -> None:
    room = Room()
    room.tap("main.in", "nobody")
    assert room.signal() == "refused"
    room.tap("main.in", "B1")
    assert room.signal() == "pending"
    room.tap("main.in", "nobody")
    room.tap("main.in", "B2")
    assert room.signal() == "granted"


def test_b01_leaving_and_entering_again_gives_the_same_room() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.leave("B1", "B2")
    once = (room.state.room("vault").inside, room.state.door("main"))
    room.enter("B2", "B1")
    room.leave("B2", "B1")
    assert (room.state.room("vault").inside, room.state.door("main")) == once
