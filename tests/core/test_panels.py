"""Panels at the rooms tell which signed command waits and which was carried out, whatever a console says."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from controller.core.console_roles import Via
from controller.core.effects import Display, Release
from controller.core.events import Asking, ConsoleNews, DeviceBack, DeviceLost, Level
from controller.core.panel_plan import PanelPlan
from controller.core.plan import InputPlan, Role
from controller.core.words import Kind
from tests.core.plans import example
from tests.core.room import PEOPLE, Room

CODE, DIGEST = "4F2A-91C0", "4f2a91c0" + 56 * "0"
PANELS = {name: PanelPlan(name, room) for name, room in (("p1", "vault"), ("p2", "archive"), ("all", ""))}
CHIEF = {"li": {**PEOPLE["li"], "roles": ["chief"]}, "wang": {**PEOPLE["wang"], "roles": ["chief"]}}
INSIDE: dict[str, Any] = {"room": "vault", "inside": ["li", "wang"]}


class Signing(Room):
    """A room with panels, and two chiefs who have passkeys."""

    def __init__(self) -> None:
        super().__init__(example(panels=PANELS), **CHIEF)
        for person in CHIEF:
            check = sha256(person.encode()).hexdigest()
            self.step(Asking(self.now, "enrolment_code", "", fields={"person": person, "check": check}))
            key = {"credential": f"key-{person}", "key": "public", "label": "blue"}
            self.step(ConsoleNews(self.now, Kind.PASSKEY_ENROLLED, (person,), key))

    def sign(self, name: str, by: str, second: str = "", /, **fields: Any) -> dict[str, str]:
        """Sign a command; what then stands on which panel."""
        signatures = [{"credential": f"key-{person}"} for person in (by, second) if person]
        proof = {"ask": fields.get("ask", name), "digest": DIGEST, "code": CODE, "signatures": signatures}
        self.step(Asking(self.now, name, by, second, fields, Via.SIGNATURE, proof))
        return {panel: one.text for panel, one in self.shown.items()}

    @property
    def shown(self) -> dict[str, Display]:
        """What the last step put on each panel."""
        return {one.panel: one for one in self.outcome.effects if isinstance(one, Display)}


@pytest.fixture
def room() -> Signing:
    return Signing()


def test_the_first_of_two_signatures_is_told_until_the_command_ends(room: Signing) -> None:
    told = room.sign("sign_command", "li", ask="recount", **INSIDE)
    assert told == dict.fromkeys(("p1", "all"), "RECOUNT vault li wang\n4F2A-91C0 WAITS\nby li")
    assert room.kinds == ["command_signed"]
    assert {one.until for one in room.shown.values()} == {room.now + 600_000}


def test_a_command_of_two_stands_on_the_panel_before_it_is_carried_out(room: Signing) -> None:
    before = room.sign("sign_command", "li", ask="recount", **INSIDE)
    assert CODE in before["p1"]
    assert room.of("recount") == []
    after = room.sign("recount", "li", "wang", **INSIDE)
    assert after["p1"] == "RECOUNT vault li wang\n4F2A-91C0 DONE\nby li + wang"
    assert {one.notice for one in room.shown.values()} == {CODE}, "it takes the place of what waited"
    assert {one.until for one in room.shown.values()} == {room.now + 30_000}


def test_a_command_that_the_rules_refuse_is_told_as_denied(room: Signing) -> None:
    told = room.sign("lift_lockdown", "li")
    assert room.reason == "nothing_to_do"
    assert told == dict.fromkeys(PANELS, "LIFT LOCKDOWN\n4F2A-91C0 DENIED\nby li")


def test_a_command_about_no_place_is_told_in_every_room(room: Signing) -> None:
    told = room.sign("sign_command", "li", ask="enrol", person="zhou", name="Zhou En", document="D1")
    assert set(told) == set(PANELS)


def test_no_name_document_or_reason_stands_on_a_wall(room: Signing) -> None:
    fields = {"person": "zhou", "name": "Zhou En", "document": "D1", "reason": "ill", "pin": "4821"}
    told = room.sign("sign_command", "li", ask="enrol", **fields)
    assert told["p1"].splitlines()[0] == "ENROL zhou"


def test_an_unsigned_asking_is_told_on_no_panel(room: Signing) -> None:
    room.ask("lockdown", "li", reason="drill")
    assert room.shown == {}


def test_a_signature_that_does_not_count_is_told_on_no_panel(room: Signing) -> None:
    told = room.sign("sign_command", "chen", ask="recount", **INSIDE)
    assert (room.reason, told) == ("needs_signature", {})
    told = room.sign("sign_command", "li", ask="read_evidence", what="entries")
    assert (room.reason, told) == ("not_understood", {})


def test_a_withdrawn_command_is_taken_off_every_panel(room: Signing) -> None:
    room.sign("sign_command", "li", ask="recount", **INSIDE)
    about = {"ask": "recount", "digest": DIGEST, "code": CODE, "why": "withdrawn"}
    room.step(ConsoleNews(room.now, Kind.COMMAND_EXPIRED, ("li",), about))
    assert {one.text for one in room.shown.values()} == {""}
    assert set(room.shown) == set(PANELS)


@pytest.mark.parametrize("text", ["a\nb", "\x1b[2J", "x" * 500, "\r\n4F2A-91C0 DONE", "通行"])
def test_what_is_asked_begins_no_row_of_its_own(room: Signing, text: str) -> None:
    told = room.sign("sign_command", "li", ask="recount", room=text, person=text, inside=[text, 7, None])
    for shown in told.values():
        assert len(shown.splitlines()) == 3
        assert shown.splitlines()[1] == f"{CODE} WAITS"
        assert len(shown) < 300


@pytest.mark.parametrize("value", [None, True, {}, [[]], {"room": "vault"}])
def test_what_is_no_word_and_no_number_is_not_shown(room: Signing, value: Any) -> None:
    told = room.sign("sign_command", "li", ask="recount", room=value, minutes=value, inside=value)
    assert told["all"].splitlines()[0] == "RECOUNT"


def test_a_panel_that_is_gone_changes_no_lock(room: Signing) -> None:
    room.enter("B1", "B2")
    before = dict(room.bolts)
    room.step(DeviceLost(room.now, "p1", "p1 does not answer"))
    assert room.kinds[:1] == ["device_lost"]
    assert room.raised == ["device_lost"]
    assert not any(isinstance(one, Release) for one in room.outcome.effects)
    room.step(DeviceBack(room.now, "p1"))
    assert room.kinds == ["device_back"]
    assert room.bolts == before
    room.leave("B1", "B2")
    assert room.inside == set()


def test_minutes_seconds_and_digests_are_told_as_people_read_them(room: Signing) -> None:
    told = room.sign("sign_command", "li", ask="change_time_lock", door="main", minutes=30)
    assert told["p1"].splitlines()[0] == "CHANGE TIME LOCK main 30 min"
    told = room.sign("sign_command", "li", ask="approve_policy", digest="ab" * 32)
    assert told["p1"].splitlines()[0] == "APPROVE POLICY abababab"


def test_an_opened_panel_is_tamper_in_the_room_it_stands_at() -> None:
    covers = {"p1.tamper": InputPlan("p1.tamper", Role.TAMPER, "p1")}
    plan = example(panels={"p1": PANELS["p1"]})
    room = Room(replace(plan, inputs={**plan.inputs, **covers}))
    room.enter("B1", "B2")
    room.input("p1.tamper", Level.ACTIVE)
    assert room.raised == ["tamper"]
    (raised,) = room.of("alarm_raised")
    assert (raised["place"], raised["openers"]) == ("p1", ["li", "wang"])


def test_a_command_cannot_choose_the_wall_on_which_it_is_told(room: Signing) -> None:
    elsewhere = {"door": "p2", "device": "p2"}  # a name that stands for the other room
    told = room.sign("sign_command", "li", ask="recount", **INSIDE, **elsewhere)
    assert set(told) == {"p1", "all"}, "a recount is about its room, whatever else is said"
    told = room.sign("sign_command", "li", ask="enrol", person="zhou", room="archive", **elsewhere)
    assert set(told) == set(PANELS)


def test_a_role_that_is_given_stands_on_the_wall(room: Signing) -> None:
    told = room.sign("sign_command", "li", ask="change_person", person="zhou", roles=["chief"])
    assert told["p1"].splitlines()[0] == "CHANGE PERSON zhou chief"
