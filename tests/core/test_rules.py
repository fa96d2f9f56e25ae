"""The standing orders: every rule alone, their order, and what happens when one breaks (behaviour 32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from controller.core import access, rules
from controller.core.events import Level
from controller.core.plan import Passback
from controller.core.rules import CABINET_RULES, RULES, Case
from controller.core.sentences import NEEDS
from controller.core.state import Member
from controller.core.turn import Moment, Turn
from controller.core.words import Reason
from tests.core.plans import OFFICE, example
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


def _party(*people: str) -> tuple[Member, ...]:
    return tuple(Member(p, "", "main.in") for p in people)


def _blocked() -> Case:
    room = Room()
    room.ask("block_badge", "zhao", badge="B1")
    return _case(room)


def _ended() -> Case:
    room = Room()
    room.ask("end_person", "zhao", person="li")
    return _case(room)


def _penalised() -> Case:
    room = Room()
    room.tap("main.in", "B1")
    for _ in range(5):
        room.pin("main.in", "0000")
    return _case(room)


def _over() -> Case:
    room = Room()
    room.ask("check_out", "zhao", visitor="guest")
    return _case(room, "V1")


def _lockdown() -> Case:
    room = Room()
    room.ask("lockdown", "zhao")
    return _case(room)


def _contact(level: Level) -> Callable[[], Case]:
    def make() -> Case:
        room = Room()
        room.input("main.contact", level)
        return _case(room)

    return make


def _unknown() -> Case:
    room = Room()
    room.rex()
    room.through()
    return _case(room)


def _inside() -> Room:
    room = Room(example(room={"max_occupancy": 2}, door={"passback": Passback.HARD}))
    room.enter("B1", "B2")
    return room


def _asleep() -> Case:
    room = Room(example(schedules={"office": OFFICE}))
    room.ask("change_person", "zhao", "chen", person="li", hours="office")
    room.wait(10 * 3_600)
    return _case(room)


ALONE: list[tuple[rules.Rule, Reason, Callable[[], Case]]] = [
    (rules.known, Reason.UNKNOWN_BADGE, lambda: _case(Room(), "nobody")),
    (rules.not_withdrawn, Reason.BADGE_BLOCKED, _blocked),
    (rules.not_withdrawn, Reason.BADGE_BLOCKED, _ended),
    (rules.not_penalised, Reason.PENALTY, _penalised),
    (rules.read_well_enough, Reason.LEVEL_TOO_LOW, lambda: _case(Room(), level="paper")),
    (rules.in_force, Reason.NOT_YET_VALID, lambda: _case(_person(valid_from=2_000_000_000_000))),
    (rules.in_force, Reason.EXPIRED, lambda: _case(_person(valid_until=1))),
    (rules.pledged_and_trained, Reason.PLEDGE_MISSING, lambda: _case(_person(pledged=False))),
    (rules.pledged_and_trained, Reason.PLEDGE_MISSING, lambda: _case(_person(pledge_until=1))),
    (rules.pledged_and_trained, Reason.TRAINING_MISSING, lambda: _case(_person(trained=False))),
    (rules.pledged_and_trained, Reason.TRAINING_MISSING, lambda: _case(_person(training_until=1))),
    (rules.entitled, Reason.NOT_ENTITLED, lambda: _case(_person(doors=[]))),
    (rules.own_hours, Reason.OUT_OF_HOURS, _asleep),
    (rules.visit_alive, Reason.VISIT_OVER, _over),
    (rules.no_lockdown, Reason.LOCKDOWN, _lockdown),
    (rules.door_answers, Reason.DOOR_FAULT, _contact(Level.CUT)),
    (rules.door_answers, Reason.DOOR_FAULT, _contact(Level.SHORT)),
    (rules.door_answers, Reason.DOOR_FAULT, _contact(Level.ACTIVE)),
    (rules.count_known, Reason.OCCUPANCY_UNKNOWN, _unknown),
    (rules.not_inside_already, Reason.ALREADY_INSIDE, lambda: _case(_inside())),
    (rules.different_person, Reason.SAME_HOLDER, lambda: _case(Room(), party=_party("li"))),
    (
        rules.may_pair,
        Reason.EXCLUDED_PAIR,
        lambda: _case(_person(excluded_with=["wang"]), party=_party("wang")),
    ),
    (
        rules.may_pair,
        Reason.EXCLUDED_PAIR,
        lambda: _case(_person(excluded_with=["wang"]), "B2", party=_party("li")),
    ),
    (rules.room_for_more, Reason.ROOM_FULL, lambda: _case(_inside(), "B3")),
    (rules.staff_only, Reason.NOT_ENTITLED, lambda: _case(Room(), "V1")),
    (rules.inside_already, Reason.NOT_INSIDE, lambda: _case(Room())),
    (rules.two_inside, Reason.TOO_FEW_INSIDE, lambda: _case(Room())),
]


@pytest.mark.parametrize(("rule", "reason", "make"), ALONE)
def test_a_rule_alone_names_its_reason(rule: rules.Rule, reason: Reason, make: Callable[[], Case]) -> None:
    case = make()
    assert rule(case) is reason
    assert NEEDS[reason]


@pytest.mark.parametrize("rule", dict.fromkeys((*RULES, *CABINET_RULES)))
def test_a_rule_that_is_satisfied_says_nothing(rule: rules.Rule) -> None:
    room = Room()
    if rule in {rules.inside_already, rules.two_inside}:
        room.enter("B1", "B2")
    assert rule(_case(room)) is None


def test_every_rule_is_proved_alone_and_is_a_standing_order() -> None:
    for rule in (*RULES, *CABINET_RULES):
        assert rule in {r for r, _, _ in ALONE}
        assert rule.__doc__
        assert rule.__doc__.strip().endswith(".")


def test_the_order_of_the_rules_is_the_program() -> None:
    assert [r.__name__ for r in RULES] == [
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
        "count_known",
        "not_inside_already",
        "different_person",
        "may_pair",
        "room_for_more",
    ]
    assert [r.__name__ for r in CABINET_RULES] == [
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


def _says(reason: Reason | None) -> rules.Rule:
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
