"""A cabinet that is open when it should not be: behaviour 41."""

from __future__ import annotations

import pytest

from controller.core.effects import Secure
from controller.core.state import BoxPhase
from controller.core.words import Reason
from tests.core.plans import example
from tests.core.room import Room

SESSION = 15 * 60 * 1_000


def _opened(box: str = "c1.a", room: Room | None = None) -> Room:
    """Two have just opened a compartment."""
    if room is None:
        room = Room()
        room.enter("B1", "B2")
        room.wait(20)
    room.ask("open_compartment", "li", compartment=box)
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    assert room.is_open(box)
    room.open(box)
    room.wait(2)
    return room


@pytest.mark.parametrize("inside", [0, 2])
def test_b41_a_cabinet_opened_without_a_session_is_forced_the_emergency_key_included(inside: int) -> None:
    room = Room()
    if inside:
        room.enter("B1", "B2")
    room.open("c1.a")
    assert room.raised == ["cabinet_forced"]
    assert Secure("c1.a") in room.outcome.effects
    room.shut("c1.a")
    room.restart()
    assert "cabinet_forced" in room.alarms


def test_b41_a_session_of_one_compartment_opens_no_other() -> None:
    room = _opened("c1.a")
    room.open("c1.b")
    assert room.raised == ["cabinet_forced"]
    room.shut("c1.a")
    room.open("c1.a")
    assert room.raised == ["cabinet_forced"]


@pytest.mark.parametrize(("late", "forced"), [(4_999, False), (5_000, True)])
def test_b41_a_compartment_opened_after_its_release_is_forced(late: int, forced: bool) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.wait_ms(late)
    room.open("c1.a")
    assert ("cabinet_forced" in room.alarms) is forced


def test_b41_a_release_nobody_used_ends_the_session() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.wait(5)
    assert room.kinds[:2] == ["no_opening", "cabinet_closed"]
    assert room.state.cabinet("c1").session is None


def test_b41_not_shut_at_the_end_of_its_session_is_an_alarm_to_the_millisecond() -> None:
    room = _opened()
    granted = room.of("granted")[-1]["at"]
    room.wait_ms(granted + SESSION - room.now - 1)
    assert not room.alarms
    room.wait_ms(1)
    assert room.raised == ["cabinet_open"]
    assert room.kinds[0] == "session_expired"
    room.shut("c1.a")
    assert "cabinet_closed" in room.kinds
    assert "cabinet_open" in room.alarms


def test_b41_shut_in_time_is_no_alarm() -> None:
    room = _opened()
    room.wait_ms(SESSION - 2_001)
    room.shut("c1.a")
    room.wait(3600)
    assert not room.alarms


@pytest.mark.parametrize("off", [0, 3_600_000])
def test_b41_a_restart_with_a_cabinet_open_forgets_neither_it_nor_its_session(off: int) -> None:
    room = _opened()
    room.wait(60)
    room.restart(off=off)
    assert room.state.compartment("c1.a").phase is BoxPhase.OPEN
    assert not room.is_open("c1.a")
    room.wait_ms(SESSION)
    assert "cabinet_open" in room.alarms


def test_b41_a_cabinet_opened_while_the_controller_was_off_is_forced_at_its_first_report() -> None:
    room = Room()
    room.restart(settle=False)
    room.open("c1.a")
    assert "cabinet_forced" in room.raised


def test_b41_the_last_two_leaving_with_a_cabinet_open_is_an_alarm_and_the_way_out_is_free() -> None:
    room = _opened()
    room.tap("main.out", "B1")
    assert "cabinet_open" not in room.alarms
    room.tap("main.out", "B2")
    assert "cabinet_open" in room.raised
    assert room.is_open()
    room.open()
    room.shut()
    assert not room.inside
    assert room.of("closing_count")[-1]["open_compartments"] == ["c1.a"]


def test_b41_leaving_with_every_cabinet_shut_is_no_alarm() -> None:
    room = _opened()
    room.shut("c1.a")
    room.leave("B1", "B2")
    assert not room.alarms
    assert room.of("closing_count")[-1]["open_compartments"] == []


def test_b41_who_leaves_two_behind_leaves_the_cabinet_to_them() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.enter("B3")
    _opened(room=room)
    room.leave("B3")
    assert not room.alarms


def test_b41_no_session_of_a_cabinet_outlasts_the_one_of_the_room() -> None:
    room = _opened()
    room.leave("B1", "B2")
    session = room.state.cabinet("c1").session
    assert session
    assert session.expired
    kinds = [e["kind"] for e in room.entries]
    assert kinds.index("session_expired") < kinds.index("room_closed")
    room.shut("c1.a")
    assert room.state.cabinet("c1").session is None


def test_b41_a_forced_cabinet_behind_the_last_two_is_an_alarm_again() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.open("c1.b")
    room.leave("B1", "B2")
    assert "cabinet_open" in room.alarms


@pytest.mark.parametrize("millis", [3_000, 5_000, 30_000])
def test_b41_a_compartments_bolt_falls_at_its_opening_and_at_its_time(millis: int) -> None:
    room = Room(example(cabinet={"unlock_ms": millis}))
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", compartment="c1.a")
    room.tap("c1", "B1")
    room.tap("c1", "B2")
    room.wait_ms(millis - 1)
    assert room.is_open("c1.a")
    room.wait_ms(1)
    assert not room.is_open("c1.a")
    _opened(room=room)
    assert not room.is_open("c1.a")


def test_b41_four_compartments_one_after_the_other_are_four_grants() -> None:
    room = Room()
    room.enter("B1", "B2")
    for box in ("c1.a", "c1.b", "c1.c", "c1.d"):
        _opened(box, room)
        room.shut(box)
    assert len([e for e in room.of("granted") if e.get("thing") == "compartment"]) == 4
    assert len(room.of("cabinet_opened")) == len(room.of("cabinet_closed")) == 4
    assert not room.alarms


@pytest.mark.parametrize("given", [{}, {"compartment": "z"}, {"compartment": "c2.a"}, {"compartment": 7}])
def test_b41_a_compartment_that_is_none_is_not_understood(given: dict[str, object]) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.ask("open_compartment", "li", **given)
    assert room.reason is Reason.NOT_UNDERSTOOD
