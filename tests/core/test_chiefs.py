"""A house that signs signs for ever: what one chief, or the box alone, cannot take back."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.events import Asking
from controller.core.words import Reason
from tests.core.cards import proving
from tests.core.room import Room
from tests.core.test_console import CHECK, CHIEFS, ask, enrol, ready, sign

PEOPLE: dict[str, dict[str, Any]] = {
    **CHIEFS,
    "g2": {"roles": ["guard"]},
    "i1": {"roles": ["installer"]},
    "i2": {"roles": ["installer"]},
    "a1": {"roles": ["auditor"]},
}
ENDS = [
    ("remove_passkey", {"credential": "key-of-c2"}),
    ("end_person", {"person": "c2"}),
]


@pytest.fixture
def room() -> Room:
    """A house that signs, in which everybody has a passkey."""
    room = ready(Room(proving(), **PEOPLE))
    for person in ("g1", "i1", "i2", "a1"):
        assert enrol(room, person) is None
    return room


def unsigned(room: Room) -> list[Any]:
    """What the box is told that says two names."""
    return [
        ask(room, "enrol", "c1", "li", person="eve", roles=["chief"]),
        ask(room, "change_person", "c1", "li", person="g1", roles=["chief"]),
        ask(room, "release_door", "c1", "li", door="main", seconds=5, reason="x"),
        ask(room, "approve_policy", "c1", "li", digest=CHECK),
        ask(room, "pair_reader", "c1", "li", device="main.in"),
    ]


@pytest.mark.parametrize(("name", "fields"), ENDS)
def test_one_chief_who_takes_the_others_passkey_is_not_heard_unsigned(
    room: Room, name: str, fields: dict[str, Any]
) -> None:
    assert sign(room, name, "c1", **fields) is None
    assert "console" in room.alarms
    assert {*unsigned(room)} == {Reason.NEEDS_SIGNATURE}
    room.restart()
    assert {*unsigned(room)} == {Reason.NEEDS_SIGNATURE}, "nor after a restart"


@pytest.mark.parametrize(("name", "fields"), ENDS)
def test_the_box_alone_makes_no_code_again_when_a_chief_is_gone(
    room: Room, name: str, fields: dict[str, Any]
) -> None:
    assert sign(room, name, "c1", **fields) is None
    for names in (("", ""), ("c1", ""), ("c1", "c1"), ("c1", "ghost")):
        assert ask(room, "enrolment_code", *names, person="g1", check=CHECK) is Reason.NEEDS_SECOND, names
    room.ask("acknowledge", "g2", alarm="console", reason="looked after")
    assert ask(room, "enrolment_code", "c1", "g1", person="g1", check=CHECK) is None
    assert "console" in room.raised, "two names make one, and the guard is called each time"


def test_a_house_whose_chiefs_rights_run_out_is_not_heard_unsigned() -> None:
    room = ready(Room(None, c1={"roles": ["chief"]}, c2={"roles": ["chief"]}, g1={"roles": ["guard"]}))
    soon = room.state.wall + 60_000
    for one, other in (("c1", "c2"), ("c2", "c1")):
        ends = {"person": one, "valid_until": soon}
        third = enrol_third(room)
        assert sign(room, "change_person", third, other, **ends) is None
    room.wait_ms(120_000)
    assert {*unsigned(room)} == {Reason.NEEDS_SIGNATURE}


def enrol_third(room: Room) -> str:
    """A third chief, who signs and whose rights run out as well."""
    if "c3" not in room.state.people:
        until = room.state.wall + 90_000
        assert sign(room, "enrol", "c1", "c2", person="c3", roles=["chief"], valid_until=until) is None
        assert enrol(room, "c3") is None
    return "c3"


def test_a_house_of_one_chief_with_a_passkey_is_still_run_at_the_box() -> None:
    room = Room(None, **CHIEFS)
    assert enrol(room, "c1") is None
    assert ask(room, "enrol", "c1", "c2", person="v1") is None


def test_two_installers_give_no_device_a_key_without_a_chief(room: Room) -> None:
    for name, fields in (
        ("pair_reader", {"device": "main.in"}),
        ("learn_loops", {"lines": ["north.glass"]}),
        ("learn_cameras", {"cameras": ["door"]}),
    ):
        assert sign(room, name, "i1", "i2", **fields) is Reason.NOT_ALLOWED, name
    assert sign(room, "pair_reader", "i1", "g1", device="main.in") is Reason.NOT_ALLOWED
    assert sign(room, "pair_reader", "i1", "c1", device="main.in") is None


def test_a_chief_and_an_installer_pair_in_either_order(room: Room) -> None:
    assert sign(room, "pair_reader", "c1", "i1", device="main.in") is None


def test_where_one_chief_is_left_a_guard_signs_for_the_second_and_it_is_called_out(room: Room) -> None:
    heir = {"person": "g1", "roles": ["guard", "chief"]}
    assert sign(room, "change_person", "c1", "i1", **heir) is Reason.NOT_ALLOWED, "not while there are two"
    assert sign(room, "end_person", "c1", person="c2") is None
    assert sign(room, "change_person", "c1", "a1", **heir) is Reason.NOT_ALLOWED, "an auditor changes nothing"
    assert sign(room, "change_person", "i1", "i2", **heir) is Reason.NOT_ALLOWED, "not without the chief"
    assert sign(room, "change_person", "c1", "g1", **heir) is Reason.ONESELF, "nobody makes themselves chief"
    assert sign(room, "release_door", "c1", "i1", door="main", seconds=5, reason="x") is Reason.NOT_ALLOWED
    room.ask("acknowledge", "g2", alarm="console", reason="looked after")
    assert sign(room, "change_person", "c1", "i1", **heir) is None
    assert "console" in room.alarms
    for person in ("c1", "i1", "g1"):
        room.ask("take_alarm", person, alarm="console")
        assert room.reason is Reason.ONESELF
        room.ask("acknowledge", person, alarm="console", reason="it was us")
        assert room.reason is Reason.ONESELF
    room.ask("acknowledge", "g2", alarm="console", reason="it is right that there are two again")
    assert room.reason is None
    assert "console" not in room.alarms
    assert sign(room, "enrol", "c1", "i1", person="eve") is Reason.NOT_ALLOWED, "there are two again"


def test_an_heir_does_not_hide_behind_an_alarm_that_stands_already(room: Room) -> None:
    heir = {"person": "g1", "roles": ["guard", "chief"]}
    assert sign(room, "end_person", "c1", person="c2") is None
    assert "console" in room.alarms
    assert sign(room, "change_person", "c1", "i1", **heir) is None
    room.ask("acknowledge", "i1", alarm="console", reason="nothing")
    assert room.reason is Reason.ONESELF
    room.ask("acknowledge", "g2", alarm="console", reason="looked after")
    assert "console" not in room.alarms


@pytest.mark.parametrize(("name", "fields"), ENDS)
def test_the_chief_who_ended_the_other_does_not_silence_what_calls_it_out(
    room: Room, name: str, fields: dict[str, Any]
) -> None:
    assert sign(room, name, "c1", **fields) is None
    room.ask("acknowledge", "c1", alarm="console", reason="all is well", outcome="true")
    assert room.reason is Reason.ONESELF
    room.ask("acknowledge", "g2", alarm="console", reason="talked to them both")
    assert "console" not in room.alarms


def test_whoever_gets_a_code_of_the_box_does_not_silence_that_there_is_one(room: Room) -> None:
    assert ask(room, "enrolment_code", "c1", "li", person="g1", check=CHECK) is None
    room.ask("acknowledge", "g1", alarm="console", reason="it was me")
    assert room.reason is Reason.ONESELF
    room.ask("acknowledge", "c1", alarm="console", reason="named at the box, and had no part in it")
    assert "console" not in room.alarms


def test_nobody_signs_their_own_end_so_that_a_chief_is_left(room: Room) -> None:
    assert sign(room, "end_person", "c1", person="c2") is None
    assert sign(room, "end_person", "c1", person="c1") is Reason.ONESELF


def test_a_session_is_no_signature_for_a_house_that_lost_its_chiefs(room: Room) -> None:
    assert sign(room, "remove_passkey", "c1", credential="key-of-c2") is None
    room.step(Asking(room.now, "enrol", "c1", "g1", {"person": "eve"}, Via.SESSION))
    assert room.reason is Reason.NEEDS_SIGNATURE
