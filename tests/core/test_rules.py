"""The standing orders: every rule alone (behaviour 5, and the rule of each other number)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from controller.core import access, rules
from controller.core.case import Case, Rule
from controller.core.events import Level
from controller.core.party import Member
from controller.core.plan import Passback
from controller.core.rules import CABINET_RULES, RULES
from controller.core.sentences import NEEDS
from controller.core.turn import Moment, Turn
from controller.core.words import Reason
from tests.core.plans import OFFICE, example, witnessed
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


def _awaiting() -> Case:
    room = Room(witnessed())
    room.tap("main.in", "B1")
    room.tap("main.in", "B2")
    return _case(room, "B3")


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


ALONE: list[tuple[Rule, Reason, Callable[[], Case]]] = [
    (rules.genuine, Reason.COPIED, lambda: replace(_case(Room()), doubt=Reason.COPIED)),
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
    (rules.one_grant_at_a_time, Reason.NOT_WITNESSED, _awaiting),
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
def test_a_rule_alone_names_its_reason(rule: Rule, reason: Reason, make: Callable[[], Case]) -> None:
    case = make()
    assert rule(case) is reason
    assert NEEDS[reason]


@pytest.mark.parametrize("rule", dict.fromkeys((*RULES, *CABINET_RULES)))
def test_a_rule_that_is_satisfied_says_nothing(rule: Rule) -> None:
    room = Room()
    if rule in {rules.inside_already, rules.two_inside}:
        room.enter("B1", "B2")
    assert rule(_case(room)) is None


def test_every_rule_is_proved_alone_and_is_a_standing_order() -> None:
    for rule in (*RULES, *CABINET_RULES):
        assert rule in {r for r, _, _ in ALONE}
        assert rule.__doc__
        assert rule.__doc__.strip().endswith(".")
