"""What the core judges of the console: codes, passkeys, signatures, and commands that wait in vain."""

from __future__ import annotations

from typing import Any

import pytest

from controller.core.console import ALARMING, CODE_MS, COMMAND_MS, CONSOLE_NEWS, MOST_PASSKEYS
from controller.core.console_roles import Via
from controller.core.events import Asking, ConsoleNews
from controller.core.words import Kind, Reason
from tests.core.room import Room

CHECK = "0" * 64
CHIEFS: dict[str, dict[str, Any]] = {
    "c1": {"roles": ["chief"]},
    "c2": {"roles": ["chief"]},
    "g1": {"roles": ["guard"]},
}


@pytest.fixture
def room() -> Room:
    return Room(None, **CHIEFS)


def enrol(room: Room, person: str, credential: str = "") -> Any:
    """Let a passkey count by a code of the box."""
    assert ask(room, "enrolment_code", "c1", "c2", person=person, check=CHECK) is None
    return tell(
        room, Kind.PASSKEY_ENROLLED, person, credential=credential or f"key-of-{person}", key="AAAA", label=""
    )


def ask(room: Room, name: str, by: str, second: str = "", /, **fields: Any) -> Any:
    room.ask(name, by, second, **fields)
    return room.reason


def tell(room: Room, kind: Kind, *who: str, **fields: Any) -> Any:
    room.step(ConsoleNews(room.now, kind, who, fields))
    return room.reason


def sign(room: Room, name: str, by: str, second: str = "", /, *signers: str, **fields: Any) -> Any:
    """A signed Asking; ``signers`` are whose passkeys really signed."""
    who = signers or tuple(filter(None, (by, second)))
    about = {"ask": fields.get("ask", name), "digest": CHECK, "code": "0000-0000"}
    proof = {**about, "signatures": [{"credential": f"key-of-{one}"} for one in who]}
    room.step(Asking(room.now, name, by, second, fields, Via.SIGNATURE, proof))
    return room.reason


def ready(room: Room) -> Room:
    """Both chiefs have passkeys."""
    assert enrol(room, "c1") is None
    assert enrol(room, "c2") is None
    return room


def test_a_code_lets_one_passkey_count_and_is_used_up(room: Room) -> None:
    assert enrol(room, "c1") is None
    assert room.state.passkeys["key-of-c1"].person == "c1"
    again = tell(room, Kind.PASSKEY_ENROLLED, "c1", credential="other", key="AAAA", label="")
    assert again is Reason.EXPIRED


def test_a_code_is_good_for_a_quarter_of_an_hour(room: Room) -> None:
    room.ask("enrolment_code", "", person="c1", check=CHECK)
    room.wait_ms(CODE_MS)
    late = tell(room, Kind.PASSKEY_ENROLLED, "c1", credential="x", key="AAAA", label="")
    assert late is Reason.EXPIRED
    assert room.state.passkeys == {}


def test_a_code_survives_a_restart_and_is_for_its_person_alone(room: Room) -> None:
    room.ask("enrolment_code", "", person="c1", check=CHECK)
    room.restart()
    fields = {"credential": "x", "key": "AAAA", "label": ""}
    assert tell(room, Kind.PASSKEY_ENROLLED, "c2", **fields) is Reason.EXPIRED
    assert tell(room, Kind.PASSKEY_ENROLLED, "c1", "c2", **fields) is Reason.EXPIRED
    assert tell(room, Kind.PASSKEY_ENROLLED, "c1", **fields) is None


def test_the_box_alone_makes_codes_until_two_chiefs_have_passkeys(room: Room) -> None:
    ready(room)
    assert ask(room, "enrolment_code", "", person="g1", check=CHECK) is Reason.NEEDS_SECOND
    assert ask(room, "enrolment_code", "c1", "c1", person="g1", check=CHECK) is Reason.NEEDS_SECOND
    assert room.raised == []
    assert ask(room, "enrolment_code", "c1", "c2", person="g1", check=CHECK) is None
    assert room.raised == ["console"]


@pytest.mark.parametrize("person", ["li", "ghost", ""])
def test_nobody_without_a_role_gets_a_code(room: Room, person: str) -> None:
    assert ask(room, "enrolment_code", "", person=person, check=CHECK) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("name", ["found", "enrolment_code", "set_site_key"])
def test_nobody_in_particular_asks_for_nothing_at_the_console(room: Room, name: str) -> None:
    fields = {"person": "c1", "check": CHECK, "people": {}}
    room.step(Asking(room.now, name, "", "", fields, Via.SESSION))
    assert room.reason is Reason.NOT_ALLOWED


def test_a_signed_asking_needs_passkeys_of_exactly_those_who_ask(room: Room) -> None:
    ready(room)
    change = {"person": "g1", "roles": ["auditor"]}
    assert sign(room, "change_person", "c1", "c2", "c1", "c1", **change) is Reason.NEEDS_SIGNATURE
    assert sign(room, "change_person", "c1", "c2", "c2", "c1", **change) is Reason.NEEDS_SIGNATURE
    assert sign(room, "change_person", "c1", "c2", "c1", **change) is Reason.NEEDS_SIGNATURE
    assert sign(room, "change_person", "c1", "c1", **change) is Reason.NEEDS_SECOND
    assert room.state.people["g1"].roles == ("guard",)
    assert sign(room, "change_person", "c1", "c2", **change) is None
    assert room.kinds == ["command_signed", "person_changed"]


def test_a_signature_of_somebody_who_has_ended_is_none(room: Room) -> None:
    ready(room)
    assert sign(room, "end_person", "c1", person="c2") is None
    assert sign(room, "change_person", "c1", "c2", person="g1", roles=[]) is Reason.NEEDS_SECOND
    assert room.state.people["g1"].roles == ("guard",)


def test_at_the_box_nothing_that_must_be_signed_is_heard_any_more(room: Room) -> None:
    assert ask(room, "enrol", "c1", "c2", person="v1") is None
    ready(room)
    assert ask(room, "enrol", "c1", "c2", person="v2") is Reason.NEEDS_SIGNATURE
    assert ask(room, "lockdown", "g1", reason="locked down at the box as before") is None


def test_a_command_that_waits_in_vain_is_over_after_ten_minutes(room: Room) -> None:
    ready(room)
    assert sign(room, "sign_command", "c1", ask="recount", fields={"room": "vault"}) is None
    (waits,) = room.state.signed_once.values()
    assert (waits.ask, waits.by, waits.place) == ("recount", "c1", "vault")
    room.wait_ms(COMMAND_MS - 1)
    assert "command_expired" not in room.kinds
    room.wait_ms(1)
    assert "command_expired" in room.kinds
    assert room.of("command_expired")[0]["why"] == "time"
    assert room.state.signed_once == {}


def test_a_restart_ends_what_waits_and_says_so(room: Room) -> None:
    ready(room)
    assert sign(room, "sign_command", "c1", ask="recount") is None
    room.restart()
    assert [e["why"] for e in room.of("command_expired")] == ["restart"]
    assert room.state.signed_once == {}


def test_the_second_signature_ends_the_waiting(room: Room) -> None:
    ready(room)
    assert sign(room, "sign_command", "c1", ask="recount", fields={"room": "vault"}) is None
    assert sign(room, "recount", "c1", "c2", room="vault", inside=[]) is None
    assert room.state.signed_once == {}
    room.wait_ms(COMMAND_MS)
    assert room.of("command_expired") == []


@pytest.mark.parametrize("ask", ["lift_lockdown", "lockdown", "sign_command", "ghost", ""])
def test_only_what_takes_two_is_signed_once(room: Room, ask: str) -> None:
    ready(room)
    assert sign(room, "sign_command", "c1", ask=ask) is Reason.NOT_UNDERSTOOD


def test_the_first_signature_of_two_takes_a_role_too(room: Room) -> None:
    ready(room)
    enrol(room, "g1")
    assert sign(room, "sign_command", "g1", ask="enrol") is Reason.NOT_ALLOWED


def test_a_chief_removes_any_passkey_and_a_guard_their_own(room: Room) -> None:
    ready(room)
    enrol(room, "g1")
    assert sign(room, "remove_passkey", "g1", credential="key-of-c1") is Reason.NOT_ALLOWED
    assert sign(room, "remove_passkey", "g1", credential="key-of-g1") is None
    assert sign(room, "remove_passkey", "c1", credential="key-of-c2") is None
    assert set(room.state.passkeys) == {"key-of-c1"}
    assert sign(room, "remove_passkey", "c1", credential="key-of-c2") is Reason.NOTHING_TO_DO


@pytest.mark.parametrize(
    ("name", "fields"),
    [("remove_passkey", {"credential": "key-of-c2"}), ("end_person", {"person": "c2"})],
)
def test_whoever_leaves_fewer_than_two_chiefs_who_can_sign_calls_the_guard(
    room: Room, name: str, fields: dict[str, Any]
) -> None:
    ready(room)
    assert "console" not in room.alarms
    assert sign(room, name, "c1", **fields) is None
    assert "console" in room.alarms


def test_a_chiefs_second_passkey_may_go_without_calling_the_guard(room: Room) -> None:
    enrol(room, "c1", "another-of-c1")
    ready(room)
    assert sign(room, "remove_passkey", "c1", credential="another-of-c1") is None
    assert "console" not in room.alarms


def test_nobody_enrols_or_invites_themselves(room: Room) -> None:
    ready(room)
    own = {"person": "c2", "credential": "x", "key": "AAAA", "label": ""}
    assert sign(room, "enrol_passkey", "c1", "c2", **own) is Reason.ONESELF
    assert sign(room, "invite", "c1", "c2", person="c1", check=CHECK) is Reason.ONESELF


@pytest.mark.parametrize(
    "wrong",
    [
        {"credential": "no+base64"},
        {"credential": ""},
        {"key": "x" * 2_001},
        {"key": 5},
        {"label": "x" * 61},
        {"label": None},
        {"person": "li"},
        {"person": ["g1"]},
    ],
)
def test_what_is_no_passkey_is_not_enrolled(room: Room, wrong: dict[str, Any]) -> None:
    ready(room)
    fields = {"person": "g1", "credential": "x", "key": "AAAA", "label": ""} | wrong
    assert sign(room, "enrol_passkey", "c1", "c2", **fields) in {Reason.NOT_UNDERSTOOD, Reason.NOT_ALLOWED}
    assert set(room.state.passkeys) == {"key-of-c1", "key-of-c2"}


def test_a_person_has_ten_passkeys_at_most(room: Room) -> None:
    for n in range(MOST_PASSKEYS):
        assert enrol(room, "g1", f"key-{n}") is None
    assert enrol(room, "g1", "one-more") is Reason.TOO_MANY


@pytest.mark.parametrize("why", ["wrong", "unknown", *sorted(ALARMING)])
def test_a_refused_sign_in_calls_the_guard_when_somebody_guesses(room: Room, why: str) -> None:
    fields = {"how": "password", "why": why, "seat": "", "times": 1, "wait_s": 0}
    assert tell(room, Kind.SIGN_IN_REFUSED, "li", "ghost", **fields) is None
    entry = room.of("sign_in_refused")[0]
    assert (entry["who"], entry["asked_by"]) == (["li"], ["ghost"])
    assert room.raised == (["console"] if why in ALARMING else [])


@pytest.mark.parametrize("kind", CONSOLE_NEWS)
def test_news_of_another_shape_is_not_written(room: Room, kind: Kind) -> None:
    whole = {name: "x" if what is str else 1 for name, what in CONSOLE_NEWS[kind].fields.items()}
    wrongs: list[dict[str, Any]] = [{**whole, "more": "x"}]
    wrongs += [{k: v for k, v in whole.items() if k != name} for name in whole]
    wrongs += [{**whole, name: ["x"]} for name in whole]
    wrongs += [{**whole, name: "\ud800"} for name in whole if whole[name] == "x"]
    for fields in wrongs:
        assert tell(room, kind, "c1", **fields) is Reason.NOT_UNDERSTOOD
    assert room.of(kind.value) == []


def test_other_news_is_not_the_desks_to_tell(room: Room) -> None:
    assert tell(room, Kind.LOCKDOWN, "c1", on=True) is Reason.NOT_UNDERSTOOD


def test_a_session_looks_and_its_person_is_named(room: Room) -> None:
    fields = {"what": "review", "filter": "", "words": ""}
    room.step(Asking(room.now, "read_evidence", "g1", "", fields, Via.SESSION))
    assert room.reason is None
    assert room.of("evidence_read")[-1]["who"] == ["g1"]
    for person in ("li", "ghost", "os:root"):
        room.step(Asking(room.now, "read_evidence", person, "", fields, Via.SESSION))
        assert room.reason is Reason.NOT_ALLOWED
