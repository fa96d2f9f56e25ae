"""What changes between proposing, the first and the second signature, and what happens at the same instant.

Rule: after each attack the log is asked what was carried out.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from controller.console.client import ConsoleClient
from tests.console.house import LONG, House, Told


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("between")) as house:
        yield house.founded("zhao", "chen", "sun", "li", "wang")


@pytest.fixture
def since(house: House) -> Iterator[int]:
    for person in ("zhao", "chen", "sun", "li", "wang"):
        if "person" not in house.as_(person, "who"):
            house.sign_in(person)
    yield house.newest
    for waits in house.as_("zhao", "commands")["commands"]:
        house.as_("zhao", "withdraw", command=waits["command"])


def said(house: House, person: str, asked: Told) -> dict[str, Any]:
    proof = house.keys[person].get(asked["options"])
    return {"command": asked["command"], "handle": asked["handle"], "credential": proof}


def at_once(house: House, *lines: dict[str, Any]) -> list[Told]:
    """Many requests at the same instant, each on a line of its own."""
    start, told = Barrier(len(lines)), list[Told]()

    def one(line: dict[str, Any]) -> None:
        with ConsoleClient(house.data / "console.sock", LONG) as client:
            start.wait(LONG)
            told.append(client.tell(line))

    threads = [Thread(target=one, args=(line,)) for line in lines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert len(told) == len(lines)
    return told


def test_of_two_second_signers_at_the_same_instant_one_counts_and_it_is_done_once(
    house: House, since: int
) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    lines = []
    for person in ("chen", "sun", "li"):
        options = house.as_(person, "sign_options", command=asked["command"])
        lines.append({"do": "sign", "token": house.tokens[person], **said(house, person, options)})
    told = at_once(house, *lines)
    assert sum("accepted" in one for one in told) == 1
    assert [one["refused"] for one in told if "refused" in one] == ["expired", "expired"]
    assert len(house.entries("recounted", after=since)) == 1


def test_the_same_signature_at_the_same_instant_counts_once(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    line = {"do": "sign", "token": house.tokens["zhao"], **said(house, "zhao", asked)}
    told = at_once(house, *[line] * 6)
    assert sum("waits" in one for one in told) == 1
    assert len(house.entries("command_signed", after=since)) == 1
    assert house.entries("recounted", after=since) == []


def test_signing_and_withdrawing_at_the_same_instant_does_it_or_does_not(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    options = house.as_("chen", "sign_options", command=asked["command"])
    sign = {"do": "sign", "token": house.tokens["chen"], **said(house, "chen", options)}
    withdraw = {"do": "withdraw", "token": house.tokens["zhao"], "command": asked["command"]}
    told = at_once(house, sign, withdraw)
    done = len(house.entries("recounted", after=since))
    assert done + len(house.entries("command_expired", after=since)) == 1
    assert sum("accepted" in one for one in told) == 1


def test_one_key_clicked_at_the_same_instant_asks_once(house: House, since: int) -> None:
    line = {
        "do": "ask",
        "token": house.tokens["li"],
        "ask": "lockdown",
        "fields": {"reason": "x"},
        "key": "k",
    }
    told = at_once(house, *[line] * 6)
    assert told == [told[0]] * 6
    assert "accepted" in told[0]
    assert len(house.entries("lockdown", after=since)) == 1
    lifted = house.propose("zhao", "lift_lockdown")
    assert "accepted" in house.sign("zhao", lifted)


def test_a_key_is_one_persons_and_one_askings(house: House, since: int) -> None:
    note = {"n": since, "text": "seen"}
    first = house.as_("li", "ask", ask="note_entry", fields=note, key="same")
    assert "accepted" in first
    other = house.as_("li", "ask", ask="note_entry", fields={**note, "text": "not seen"}, key="same")
    assert other["refused"] == "not_understood", "other fields under the same key"
    assert house.as_("li", "ask", ask="lockdown", fields={"reason": "x"}, key="same")["refused"]
    house.tell("sign_out", token=house.tokens["li"])
    house.sign_in("li")
    assert house.as_("li", "ask", ask="note_entry", fields=note, key="same") == first, "another session"
    mine = house.as_("zhao", "ask", ask="note_entry", fields=note, key="same")
    assert mine["n"] != first["n"] if "n" in mine else "accepted" in mine, "another person's is another"
    assert len(house.entries("noted", after=since)) == 2


def test_a_chief_who_is_one_no_more_has_not_signed_first(house: House, since: int) -> None:
    asked = house.propose("sun", "release_door", door="main", seconds=5, reason="x")
    assert "waits" in house.sign("sun", asked)
    told = house.both("zhao", "chen", "change_person", person="sun", roles=["guard"])
    assert told == {"accepted": True}
    assert house.second("chen", asked["command"])["refused"] == "not_allowed"
    assert house.entries("released_remotely", after=since) == []
    assert house.both("zhao", "chen", "change_person", person="sun", roles=["chief"]) == {"accepted": True}


def test_a_chief_whose_rights_end_after_being_asked_does_not_sign_second(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    options = house.as_("sun", "sign_options", command=asked["command"])
    late = said(house, "sun", options)
    assert house.both("zhao", "chen", "change_person", person="sun", roles=["auditor"]) == {"accepted": True}
    assert house.as_("sun", "sign", **late)["refused"] == "signed_out"
    house.sign_in("sun")
    assert house.as_("sun", "sign", **late)["refused"] == "not_allowed", "signed in anew, as an auditor"
    assert house.entries("recounted", after=since) == []
    assert house.both("zhao", "chen", "change_person", person="sun", roles=["chief"]) == {"accepted": True}


def test_a_lockdown_between_the_signatures_keeps_the_door_shut(house: House, since: int) -> None:
    asked = house.propose("zhao", "release_door", door="main", seconds=5, reason="x")
    assert "waits" in house.sign("zhao", asked)
    assert "accepted" in house.as_("li", "ask", ask="lockdown", fields={"reason": "x"}, key="")
    assert house.second("chen", asked["command"])["refused"] == "lockdown"
    assert house.entries("released_remotely", after=since) == []
    assert "accepted" in house.sign("zhao", house.propose("zhao", "lift_lockdown"))


def test_a_proof_with_other_flags_or_letters_is_none(house: House, since: int) -> None:
    """Backup flags, extensions and other bits are signed: changed afterwards they prove nothing."""
    for at, bits in ((32, 0x08), (32, 0x10), (32, 0x80), (32, 0x04), (32, 0x01), (36, 0x01), (0, 0x01)):
        asked = house.propose("zhao", "recount", room="vault", inside=[])
        line = said(house, "zhao", asked)
        data = bytearray(urlsafe_b64decode(line["credential"]["response"]["authenticatorData"] + "=="))
        data[at] ^= bits
        line["credential"]["response"]["authenticatorData"] = urlsafe_b64encode(data).rstrip(b"=").decode()
        assert house.as_("zhao", "sign", **line)["refused"] == "wrong", (at, bits)
    assert house.entries("command_signed", after=since) == []


def test_a_counter_that_stands_still_is_a_copied_passkey(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    still = replace(house.keys["zhao"], counts=False)
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert house.sign("zhao", asked, key=still)["refused"] == "wrong"
    (entry,) = house.entries("sign_in_refused", after=since)
    assert entry["why"] == "counter"


def test_a_proof_is_worth_nothing_in_anybody_elses_session(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    line = said(house, "zhao", asked)
    for other in ("chen", "li", "wang"):
        assert house.as_(other, "sign", **line)["refused"] in {"not_allowed", "expired", "wrong"}
    assert "waits" in house.as_("zhao", "sign", **line), "and whoever tried has not used it up"
    assert house.entries("recounted", after=since) == []


def test_whoever_lists_commands_is_shown_none_that_is_not_theirs_to_sign(house: House, since: int) -> None:
    asked = house.propose("zhao", "release_door", door="main", seconds=5, reason="x")
    for person in ("li", "wang"):
        assert house.as_(person, "commands")["commands"] == []
        assert house.as_(person, "sign_options", command=asked["command"])["refused"] == "not_allowed"
        assert house.as_(person, "withdraw", command=asked["command"])["refused"] == "not_allowed"


def test_one_chief_alone_takes_no_house_back_to_unsigned_orders(house: House, since: int) -> None:
    """Two chiefs are left, then one: the box is asked as its keeper would, in any names."""
    for person in ("sun", "chen"):
        gone = house.propose("zhao", "end_person", person=person)
        assert "accepted" in house.sign("zhao", gone)
    for ask, fields in (
        ("enrol", {"person": "eve", "roles": ["chief"]}),
        ("change_person", {"person": "li", "roles": ["chief"]}),
        ("recount", {"room": "vault", "inside": []}),
        ("pair_reader", {"device": "main.in"}),
    ):
        assert house.child.ask(ask, "zhao", "li", **fields)["refused"] == "needs_signature", ask
    assert house.child.ask("enrolment_code", person="li", check="0" * 64)["refused"] == "needs_second"
    assert house.tell("site")["set_up"] is True
    own = house.sign("zhao", house.propose("zhao", "end_person", person="zhao"))
    assert own["refused"] == "oneself"
    heir = house.both("zhao", "wang", "change_person", person="li", roles=["guard", "chief"])
    assert heir == {"accepted": True}
    assert len(house.entries("person_changed", after=since)) == 1
