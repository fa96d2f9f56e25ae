"""How a room treats one person inside, its custodian, and not knowing: behaviour 16, 17 and 19."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.core.events import DeviceLost, Level
from controller.core.plan import Mode
from controller.core.words import Reason
from tests.core.plans import OFFICE, example
from tests.core.room import Room

NINE = 9 * 3_600_000  # room time 0 is nine in the morning
ABSENCE_MS = 5 * 60_000


def _integrity(hour: float, **room: Any) -> Room:
    """A room in integrity mode with two people inside at this hour of the day."""
    made = Room(example(room={"mode": Mode.INTEGRITY, "duty": OFFICE, **room}))
    made.wait_ms(round(hour * 3_600_000) - NINE)
    made.ask("approve_opening", "zhao", room="vault")
    made.enter("B1", "B2")
    return made


def test_b16_a_no_lone_zone_gives_the_same_limit_at_every_hour() -> None:
    for hour in (9.0, 12.5, 17.99, 18.0, 23.0, 30.0):
        room = _integrity(hour, mode=Mode.NO_LONE_ZONE)
        room.leave("B1")
        left = room.of("left")[0]
        assert left["lone_at"] == left["at"] + 30_000


def test_b16_integrity_mode_tolerates_a_short_absence_in_duty_hours() -> None:
    room = _integrity(10)
    room.leave("B1")
    left = room.of("left")[0]
    room.wait_ms(left["at"] + ABSENCE_MS - 1 - room.now)
    assert not room.alarms
    room.wait_ms(1)
    assert room.alarms == {"lone"}


@pytest.mark.parametrize("hour", [18.0, 22.0, 24 + 7.9])
def test_b16_integrity_mode_tolerates_none_outside_duty_hours(hour: float) -> None:
    room = _integrity(hour)
    room.tap("main.out", "B1")
    room.open()
    room.shut()
    room.wait_ms(0)
    assert "lone" in room.alarms


def test_b16_an_absence_ends_with_the_duty_hours() -> None:
    room = _integrity(17.95)
    room.leave("B1")
    room.wait_ms(18 * 3_600_000 - NINE - 1 - room.now)
    assert not room.alarms
    room.wait_ms(1)
    assert room.alarms == {"lone"}


def _custodial() -> Room:
    return Room(example(room={"custodian_first": True}))


@pytest.mark.parametrize(
    ("badges", "opens"), [(("B1", "B2"), True), (("B2", "B1"), True), (("B2", "B3"), False)]
)
def test_b17_a_custodian_is_among_the_first_in(badges: tuple[str, str], opens: bool) -> None:
    room = _custodial()
    for badge in badges:
        room.tap("main.in", badge)
    assert room.is_open() is opens
    assert opens or room.reason is Reason.CUSTODIAN_FIRST


def test_b17_after_the_custodian_anybody_may_join() -> None:
    room = _custodial()
    room.enter("B1", "B2")
    room.enter("B3")
    assert room.inside == {"li", "wang", "chen"}


def test_b17_a_custodian_who_leaves_before_the_others_is_an_alarm_and_not_held() -> None:
    room = _custodial()
    room.enter("B1", "B2")
    room.enter("B3")
    room.leave("B1")
    assert room.inside == {"wang", "chen"}
    assert room.alarms == {"custodian_out"}


@pytest.mark.parametrize("last", [("B1", "B2"), ("B2", "B1")])
def test_b17_a_custodian_who_leaves_with_the_last_is_no_alarm(last: tuple[str, str]) -> None:
    room = _custodial()
    room.enter("B1", "B2")
    room.enter("B3")
    room.leave("B3")
    room.leave(*last)
    assert not room.alarms
    assert not room.inside


def test_b17_without_the_option_nobody_asks_for_a_custodian() -> None:
    room = Room()
    room.enter("B2", "B3")
    room.wait(20)
    room.enter("B1")
    room.leave("B1")
    assert not room.alarms


def _cut(room: Room) -> None:
    room.input("main.contact", Level.CUT)
    room.input("main.contact", Level.NORMAL)


def _lost(room: Room) -> None:
    room.step(DeviceLost(room.now, "main.contact"))
    room.restart()


def _forced(room: Room) -> None:
    room.open()
    room.shut()


def _crashed(room: Room) -> None:
    room.tap("main.in", "B3")
    room.open()
    room.restart()
    room.shut()


def _gone_by_button(room: Room) -> None:
    room.rex()
    room.open()
    room.shut()


def _stranger_out(room: Room) -> None:
    room.leave("B4")


UNSURE = [_cut, _lost, _forced, _crashed, _gone_by_button, _stranger_out]


@pytest.mark.parametrize("trouble", UNSURE)
def test_b19_while_the_count_is_unknown_nobody_enters_until_two_recount(
    trouble: Callable[[Room], None],
) -> None:
    room = Room()
    room.enter("B1", "B2")
    room.wait(20)
    trouble(room)
    assert room.state.room("vault").unknown
    assert "occupancy_unknown" in room.alarms
    assert room.inside >= {"li", "wang"}
    room.wait(30)
    room.tap("main.in", "B3")
    assert room.reason == Reason.OCCUPANCY_UNKNOWN
    room.ask("recount", "li", inside=["li", "wang"])
    assert room.reason == Reason.NEEDS_SECOND
    room.ask("recount", "li", "li", inside=["li", "wang"])
    assert room.reason == Reason.NEEDS_SECOND
    room.ask("recount", "li", "guest", inside=["li", "wang"])
    assert room.reason == Reason.NEEDS_SECOND
    assert room.state.room("vault").unknown
    room.ask("recount", "li", "wang", inside=["li", "wang"])
    assert room.reason is None
    room.wait(30)
    room.tap("main.in", "B3")
    assert room.is_open()


def test_b19_an_unknown_room_is_never_taken_for_an_empty_one() -> None:
    room = Room()
    room.enter("B1", "B2")
    room.rex()
    room.open()
    room.shut()
    room.wait(10)
    room.leave("B1", "B2")
    assert room.state.room("vault").unknown
    assert not room.of("room_closed")
    room.input("vault.motion", Level.ACTIVE)
    assert "intrusion" not in room.alarms


def test_b19_a_recount_of_nobody_closes_the_session() -> None:
    room = Room()
    room.enter("B1", "B2")
    _cut(room)
    room.ask("recount", "chen", "zhao", inside=[])
    assert room.of("room_closed")
    assert not room.state.room("vault").unknown


def test_b19_a_recount_of_one_starts_the_lone_timer_however_often_he_is_named() -> None:
    for inside in (["li"], ["li", "li"], ["li", "li", "guest"]):
        room = Room()
        room.ask("recount", "chen", "zhao", inside=inside)
        assert room.inside == {"li"}
        assert room.of("recounted")[0]["occupancy"] == 1
        room.wait(30)
        assert "lone" in room.alarms


def test_b19_a_recount_that_names_strangers_or_nonsense_changes_nothing() -> None:
    room = Room()
    room.enter("B1", "B2")
    nonsense: tuple[Any, ...] = (["nobody"], "li", None, [["li"]], [{}], [1], {"li": 1}, ["li", None])
    for inside in nonsense:
        room.ask("recount", "chen", "zhao", inside=inside)
        assert room.reason is Reason.NOT_UNDERSTOOD
    room.ask("recount", "chen", "zhao", room="attic", inside=[])
    assert room.reason is Reason.NOT_UNDERSTOOD
    assert room.inside == {"li", "wang"}


def test_b19_cabinets_stay_locked_while_the_count_is_unknown() -> None:
    room = Room()
    room.enter("B1", "B2")
    _cut(room)
    room.wait(5)
    room.tap("c1", "B1")
    assert room.reason == Reason.OCCUPANCY_UNKNOWN
