"""Signing in at a running controller: set up by a code of the box, by passkey, by password, and out again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from controller.console.lines import REQUESTS
from tests.console.authenticator import SoftKey
from tests.console.house import ORIGIN, RP_ID, House
from tests.console.test_lines import sample


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("sign-in")) as house:
        yield house.founded("zhao", "chen", "li")


@pytest.fixture
def since(house: House) -> int:
    return house.newest


def test_a_house_is_set_up_once_two_chiefs_have_passkeys(house: House) -> None:
    told = house.tell("site")
    assert told["set_up"] is True
    assert (told["site"], told["zone"], told["rp_id"], told["origin"]) == (
        "small house",
        "Asia/Shanghai",
        RP_ID,
        ORIGIN,
    )
    assert set(told["plan"]["doors"]) == {"main"}
    enrolled = house.entries("passkey_enrolled")
    assert [(e["person"], e["by_code"]) for e in enrolled[:3]] == [
        ("zhao", True),
        ("chen", True),
        ("li", True),
    ]


def test_the_third_code_took_two_people_and_called_the_guard_where_the_first_two_did_not(
    tmp_path: Path,
) -> None:
    with House(tmp_path) as house:
        house.founded("zhao", "chen")
        assert house.entries("alarm_raised") == []
        asked = house.child.ask("enrolment_code", person="li", check="0" * 64)
        assert asked["refused"] == "needs_second"
        assert house.child.ask("enrolment_code", "zhao", "zhao", person="li", check="0" * 64)["refused"]
        assert house.child.ask("enrolment_code", "zhao", "ghost", person="li", check="0" * 64)["refused"]
        house.set_up("li", "zhao", "chen")
        assert [e["alarm"] for e in house.entries("alarm_raised")] == ["console"]


def test_whoever_signs_in_is_written_down_before_they_have_a_token(house: House, since: int) -> None:
    token = house.sign_in("li", seat="night desk")
    (entry,) = house.entries("signed_in", after=since)
    assert (entry["who"], entry["how"], entry["seat"]) == (["li"], "passkey", "night desk")
    told = house.tell("who", token=token)
    assert (told["person"], told["roles"], told["how"], told["password"]) == (
        "li",
        ["guard"],
        "passkey",
        False,
    )
    assert told["passkeys"][0]["credential"] == house.keys["li"].id


def test_signing_out_ends_the_token_for_everything(house: House, since: int) -> None:
    token = house.sign_in("li")
    assert house.tell("sign_out", token=token) == {"accepted": True}
    for do, spec in REQUESTS.items():
        if "token" in spec and do != "sign_out":
            assert house.client.tell({**sample(do), "token": token})["refused"] == "signed_out", do
    assert [e["why"] for e in house.entries("signed_out", after=since)] == ["left"]
    assert house.entries("refused", "lockdown", "command_signed", "evidence_read", after=since) == []


def test_no_request_breaks_the_desk(house: House) -> None:
    for do in REQUESTS:
        told = house.client.tell(sample(do))
        assert told.get("refused") != "no_answer", (do, told)


def test_a_handle_counts_once(house: House) -> None:
    asked = house.tell("passkey_options")
    proof = house.keys["li"].get(asked["options"])
    assert "token" in house.tell("sign_in", handle=asked["handle"], credential=proof, seat="")
    again = house.keys["li"].get(asked["options"])
    assert house.tell("sign_in", handle=asked["handle"], credential=again, seat="")["refused"] == "expired"


def test_a_strange_key_and_an_unverified_person_sign_nobody_in(house: House, since: int) -> None:
    for key in (SoftKey(ORIGIN, RP_ID), replace(house.keys["li"], verified=False, count=500)):
        asked = house.tell("passkey_options")
        told = house.tell("sign_in", handle=asked["handle"], credential=key.get(asked["options"]), seat="")
        assert told["refused"] == "wrong"
    assert {e["why"] for e in house.entries("sign_in_refused", after=since)} == {"unknown", "wrong"}
    assert house.entries("signed_in", after=since) == []


def test_a_counter_that_goes_back_is_a_copied_passkey_and_calls_the_guard(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        house.founded("zhao")
        copy = replace(house.keys["zhao"])
        house.sign_in("zhao")
        asked = house.tell("passkey_options")
        told = house.tell("sign_in", handle=asked["handle"], credential=copy.get(asked["options"]), seat="")
        assert told["refused"] == "wrong"
        assert [e["why"] for e in house.entries("sign_in_refused")] == ["counter"]
        assert [e["alarm"] for e in house.entries("alarm_raised")] == ["console"]


def test_a_code_of_the_box_counts_once_and_for_its_person_alone(house: House) -> None:
    code = house.code("wang", "zhao", "chen")
    assert house.tell("set_up_begin", person="sun", code=code)["refused"] == "wrong"
    assert house.tell("set_up_begin", person="wang", code="0000-0000-0000-0000")["refused"] == "wrong"
    begun = house.tell("set_up_begin", person="wang", code=code.lower())
    twice = house.tell("set_up_begin", person="wang", code=code)
    first, second = SoftKey(ORIGIN, RP_ID), SoftKey(ORIGIN, RP_ID)
    made = house.tell("set_up_finish", handle=begun["handle"], credential=first.create(begun["options"]))
    assert made["person"] == "wang"
    late = house.tell("set_up_finish", handle=twice["handle"], credential=second.create(twice["options"]))
    assert late["refused"] == "expired"
    assert house.tell("set_up_begin", person="wang", code=code)["refused"] == "wrong"


def test_whoever_has_no_role_and_whoever_nobody_knows_gets_no_code(house: House) -> None:
    for person in ("ma", "ghost", "", "os:root"):
        asked = house.child.ask("enrolment_code", "zhao", "chen", person=person, check="0" * 64)
        assert asked["refused"] == "not_allowed", person
    asked = house.child.ask("enrolment_code", "zhao", "chen", person="li", check="not a digest")
    assert asked["refused"] == "not_understood"


def test_a_proof_renews_the_session_under_another_token(house: House) -> None:
    token = house.sign_in("li")
    asked = house.tell("passkey_options")
    someone = house.keys["chen"].get(asked["options"])
    assert house.tell("prove", token=token, handle=asked["handle"], credential=someone)["refused"] == "wrong"
    asked = house.tell("passkey_options")
    own = house.keys["li"].get(asked["options"])
    told = house.tell("prove", token=token, handle=asked["handle"], credential=own)
    assert house.tell("who", token=told["token"])["person"] == "li"
    assert house.tell("who", token=token)["refused"] == "signed_out"


def test_sessions_are_listed_and_ended_by_their_owner_and_by_a_chief(house: House) -> None:
    guard, chief = house.sign_in("li"), house.sign_in("zhao")
    own = house.tell("sessions", token=guard)["sessions"]
    assert {one["person"] for one in own} == {"li"}
    (here,) = [one for one in own if one["own"]]
    seen = house.tell("sessions", token=chief)["sessions"]
    foreign = next(one["id"] for one in seen if one["person"] == "zhao")
    assert house.tell("end_session", token=guard, id=foreign)["refused"] == "nothing_to_do"
    assert house.tell("end_session", token=chief, id=here["id"]) == {"accepted": True}
    assert house.tell("who", token=guard)["refused"] == "signed_out"


def test_whoever_is_shown_the_room_signs_nobody_elses_name(house: House, since: int) -> None:
    house.sign_in("li")
    assert house.as_("li", "room")["view"]["site"] == "small house"
    told = house.as_("li", "ask", ask="lockdown", fields={"reason": "drill"}, key="one click")
    again = house.as_("li", "ask", ask="lockdown", fields={"reason": "drill"}, key="one click")
    assert told == again == {"accepted": True}
    (entry,) = house.entries("lockdown", after=since)
    assert entry["who"] == ["li"]
    other = house.as_("li", "ask", ask="lockdown", fields={"reason": "other"}, key="one click")
    assert other["refused"] == "not_understood"
    for ask in ("found", "enrolment_code", "set_site_key", "no such thing"):
        assert house.as_("li", "ask", ask=ask, fields={}, key="")["refused"], ask


def test_what_was_refused_is_asked_anew_when_the_form_is_put_right(house: House, since: int) -> None:
    house.sign_in("zhao")
    wrong, right = {"to": "nobody", "note": ""}, {"to": "chen", "note": "quiet"}
    assert "refused" in house.as_("zhao", "ask", ask="hand_over", fields=wrong, key="one form")
    told = house.as_("zhao", "ask", ask="hand_over", fields=right, key="one form")
    again = house.as_("zhao", "ask", ask="hand_over", fields=right, key="one form")
    assert "accepted" in told
    assert told == again
    assert len(house.entries("shift_handed_over", after=since)) == 1


def test_a_look_is_the_persons_own(house: House, since: int) -> None:
    house.sign_in("li")
    told = house.as_("li", "look", what="feed", filter="kind=granted", words="")
    (entry,) = house.entries("evidence_read", after=since)
    assert (entry["n"], entry["who"], entry["what"]) == (told["n"], ["li"], "feed")
    assert house.as_("li", "look", what="everything")["refused"] == "not_understood"
    asked = house.child.ask("read_evidence", "li", what="show", filter="", words="")
    assert "accepted" in asked
    assert house.entries("evidence_read", after=entry["n"])[0]["who"] != ["li"], "at the box nobody is li"


def test_a_look_that_a_screen_takes_by_itself_keeps_nobody_signed_in(house: House) -> None:
    token = house.sign_in("li")

    def seen_after() -> int:
        (own,) = [one for one in house.tell("sessions", token=token)["sessions"] if one["own"]]
        return int(own["seen"]) - int(own["since"])

    before = seen_after()
    assert "accepted" in house.as_("li", "look", what="feed", quiet=True)
    assert seen_after() == before
    assert "accepted" in house.as_("li", "look", what="feed")
    assert seen_after() > before


def test_a_session_ends_with_a_role_and_survives_a_restart(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        house.founded("zhao", "chen", "sun")
        house.child.kill()
        house.child.start()
        assert house.as_("sun", "who")["person"] == "sun"
        changed = house.both("zhao", "chen", "change_person", person="sun", roles=["auditor"])
        assert changed == {"accepted": True}
        assert house.as_("sun", "who")["refused"] == "signed_out"
        house.sign_in("sun")
        assert house.as_("sun", "who")["roles"] == ["auditor"]
        ended = house.sign("zhao", house.propose("zhao", "end_person", person="sun"))
        assert ended["accepted"]
        assert house.as_("sun", "who")["refused"] == "signed_out"
        asked = house.tell("passkey_options")
        proof = house.keys["sun"].get(asked["options"])
        assert house.tell("sign_in", handle=asked["handle"], credential=proof, seat="")["refused"] == "wrong"
        assert {e["why"] for e in house.entries("signed_out")} == {"changed"}


def test_without_an_origin_there_is_no_console(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        house.child._command = [
            word for word in house.child._command if word not in {"--console-origin", ORIGIN}
        ]
        house.child.start()
        assert not (house.data / "console.sock").exists()
        assert not (house.data / "console.sqlite").exists()


def test_the_desks_file_and_socket_are_the_controllers_alone(house: House) -> None:
    for name in ("console.sqlite", "console.sqlite-wal", "console.sock"):
        status = (house.data / name).stat()
        assert status.st_uid == os.geteuid()
        assert status.st_mode & 0o077 == 0, name
