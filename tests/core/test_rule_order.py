"""The order of the standing orders, and what happens when one breaks: behaviour 32."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core import access, rules
from controller.core.case import Case, Rule
from controller.core.party import Member
from controller.core.rules import CABINET_RULES, RULES
from controller.core.turn import Moment, Turn
from controller.core.words import Reason
from tests.core.room import Room


def _case(room: Room, badge: str = "B1", level: str = "uid", party: tuple[Member, ...] = ()) -> Case:
    turn = Turn(room.plan, room.state, Moment(), b"pepper", room.now)
    return access.case_for(turn, room.plan.doors["main"], badge, level, party)


def _person(**given: Any) -> Room:
    """A room in which li's data differ."""
    room = Room()
    room.ask("change_person", "zhao", "chen", person="li", **given)
    assert not room.reason
    return room


def test_the_order_of_the_rules_is_the_program() -> None:
    assert [r.__name__ for r in RULES] == [
        "genuine",
        "known",
        "not_withdrawn",
        "not_penalised",
        "read_well_enough",
        "in_force",
        "pledged_and_trained",
        "entitled",
        "own_hours",
        "visit_alive",
        "no_lockdown",
        "door_answers",
        "one_grant_at_a_time",
        "count_known",
        "not_inside_already",
        "different_person",
        "may_pair",
        "room_for_more",
    ]
    assert [r.__name__ for r in CABINET_RULES] == [
        "genuine",
        "known",
        "not_withdrawn",
        "not_penalised",
        "read_well_enough",
        "in_force",
        "pledged_and_trained",
        "own_hours",
        "staff_only",
        "no_lockdown",
        "count_known",
        "inside_already",
        "two_inside",
        "different_person",
        "may_pair",
    ]


def _says(reason: Reason | None) -> Rule:
    return lambda _case: reason


def _breaks(_case: Case) -> Reason | None:
    raise KeyError("hours")


def test_the_first_reason_wins_and_no_rule_behind_it_is_asked() -> None:
    case = _case(Room())
    first = (_says(None), _says(Reason.EXPIRED), _says(Reason.LOCKDOWN), _breaks)
    assert rules.judge(case, first) is Reason.EXPIRED
    assert rules.judge(case, (_says(None), _says(None))) is None


def test_a_person_refused_for_many_reasons_hears_the_first() -> None:
    room = _person(doors=[], trained=False, valid_until=1)
    room.ask("lockdown", "zhao")
    room.tap("main.in", "B1")
    assert room.reason is Reason.EXPIRED


@pytest.mark.parametrize("broken", [0, 7, 15])
def test_b32_a_rule_that_raises_refuses_and_calls_the_guard(
    broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_fault = (*RULES[:broken], _breaks, *RULES[broken:])
    monkeypatch.setattr(access, "RULES", with_fault)
    room = Room()
    for badge in ("B1", "B2"):
        room.tap("main.in", badge)
        assert room.reason is Reason.RULE_BROKEN
    assert room.alarms == {"rule_broken"}
    assert not room.is_open()


def test_b32_a_rule_that_breaks_between_the_two_badges_stops_both(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.tap("main.in", "B1")

    def breaks_for_li(case: Case) -> Reason | None:
        return _breaks(case) if case.badge == "B1" else None

    monkeypatch.setattr(access, "RULES", (breaks_for_li, *RULES))
    room.tap("main.in", "B2")
    assert room.reason is Reason.RULE_BROKEN
    assert room.alarms == {"rule_broken"}
    assert not room.is_open()


def test_b32_a_broken_rule_does_not_hold_anybody_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.enter("B1", "B2")
    monkeypatch.setattr(access, "RULES", (_breaks,))
    room.leave("B1", "B2")
    assert not room.inside
