"""Signed commands as people use them: who signs what, what the log keeps of it, and how it can be checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from controller.core.effects import Body
from tests.console.authenticator import SoftKey, octets
from tests.console.house import ORIGIN, RP_ID, House, Told
from tests.console.test_digest import plainly


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("signing")) as house:
        yield house.founded("zhao", "chen", "li")


@pytest.fixture
def since(house: House) -> int:
    return house.newest


def locked_down(house: House) -> None:
    assert "accepted" in house.as_("li", "ask", ask="lockdown", fields={"reason": "drill"}, key="")


def require_signature(entry: Body, signature: Told, key: str) -> None:
    """What an outsider checks with the log alone (docs/console.md): raises when anything is wrong."""
    client = octets(signature["client_data"])
    told = json.loads(client)
    said = {"command": entry["digest"], "signer": signature["signer"], "stage": int(signature["stage"])}
    assert octets(told["challenge"]) == sha256(b"ironroom signature 1\n" + plainly(said)).digest()
    assert (told["type"], told["origin"]) == ("webauthn.get", ORIGIN)
    data = octets(signature["authenticator_data"])
    assert data[:32] == sha256(RP_ID.encode()).digest()
    assert data[32] & 0x05 == 0x05, "present and verified"
    cose = cbor2.loads(octets(key))
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(cose[-2], "big"), int.from_bytes(cose[-3], "big"), ec.SECP256R1()
    )
    signed = data + sha256(client).digest()
    numbers.public_key().verify(octets(signature["signature"]), signed, ec.ECDSA(SHA256()))


def test_one_person_signs_what_takes_one(house: House, since: int) -> None:
    locked_down(house)
    asked = house.propose("zhao", "lift_lockdown")
    assert (asked["people"], asked["by"], asked["roles"]) == (1, "zhao", ["guard", "chief"])
    assert house.sign("zhao", asked) == {"accepted": True}
    kinds = [e["kind"] for e in house.entries(after=since) if e["kind"] in {"command_signed", "lockdown"}]
    assert kinds == ["lockdown", "command_signed", "lockdown"]


def test_two_people_sign_what_takes_two_and_nothing_happens_between(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    told = house.sign("zhao", asked)
    assert told == {"waits": 1, "code": asked["code"]}
    assert house.entries("recounted", after=since) == []
    (waits,) = house.as_("chen", "commands")["commands"]
    assert (waits["code"], waits["signed"], waits["by"]) == (asked["code"], ["zhao"], "zhao")
    assert house.second("chen", asked["command"]) == {"accepted": True}
    first, both = house.entries("command_signed", after=since)
    assert (first["who"], both["who"]) == (["zhao"], ["zhao", "chen"])
    assert first["place"] == both["place"] == "vault"
    assert first["digest"] == both["digest"]
    (recounted,) = house.entries("recounted", after=since)
    assert recounted["who"] == ["zhao", "chen"]
    assert recounted["n"] == both["n"] + 1
    assert house.as_("chen", "commands")["commands"] == []


def test_the_log_alone_proves_who_signed(house: House, since: int) -> None:
    assert house.both("zhao", "chen", "recount", room="vault", inside=[]) == {"accepted": True}
    keys = {e["credential"]: (e["person"], e["key"]) for e in house.entries("passkey_enrolled")}
    both = house.entries("command_signed", after=since)[-1]
    assert [one["signer"] for one in both["signatures"]] == both["who"] == ["zhao", "chen"]
    for one in both["signatures"]:
        person, key = keys[one["credential"]]
        assert person == one["signer"]
        require_signature(both, one, key)


def test_the_command_that_was_signed_can_be_read_and_its_digest_computed(house: House, since: int) -> None:
    asked = house.propose("zhao", "enrol", person="sun2", name="Sun Li", pin="7264", roles=["guard"])
    assert "7264" not in json.dumps(asked), "a PIN is shown to nobody"
    assert asked["fields"]["name"] == "Sun Li"
    assert "waits" in house.sign("zhao", asked)
    assert house.second("chen", asked["command"]) == {"accepted": True}
    signed = house.entries("command_signed", after=since)[-1]
    text = signed["personal"]["sun2"]["command"]
    assert text == asked["text"]
    assert plainly(json.loads(text)) == text.encode()
    assert signed["digest"] == sha256(b"ironroom command 1\n" + text.encode()).hexdigest()
    assert signed["code"] == asked["code"]


def test_nobody_finds_out_a_pin_by_proposing_every_pin(house: House, since: int) -> None:
    told = {"person": "sun3", "pin": "815364927301", "roles": ["guard"]}
    assert house.both("zhao", "chen", "enrol", **told) == {"accepted": True}
    (enrolled,) = house.entries("enrolled", after=since)
    again = [house.propose("zhao", "change_person", person="sun3", pin="815364927301") for _ in range(2)]
    for asked in again:
        house.as_("zhao", "withdraw", command=asked["command"])
    tags = {enrolled["person"]["pin"], *(asked["fields"]["pin"] for asked in again)}
    assert len(tags) == 3, "the right PIN looks like any other"
    assert "815364927301" not in json.dumps(house.entries(after=since))
    assert (
        house.propose("zhao", "change_person", person="sun3", pin=815364927301)["refused"] == "not_understood"
    )


def test_a_command_that_the_rules_refuse_at_the_last_moment_is_refused(house: House, since: int) -> None:
    asked = house.propose("chen", "lift_lockdown")
    assert house.sign("chen", asked)["refused"] == "nothing_to_do"
    assert [e["kind"] for e in house.entries(after=since)][-2:] == ["command_signed", "refused"]
    assert house.as_("chen", "commands")["commands"] == []


def test_two_chiefs_let_a_third_passkey_count(house: House, since: int) -> None:
    new = SoftKey(ORIGIN, RP_ID)
    begun = house.as_("li", "passkey_begin")
    made = new.create(begun["options"])
    told = house.as_("li", "passkey_finish", handle=begun["handle"], credential=made, label="blue key")
    assert told == {"accepted": True, "offered": new.id}
    asked = house.tell("passkey_options")
    early = house.tell("sign_in", handle=asked["handle"], credential=new.get(asked["options"]), seat="")
    assert early["refused"] == "wrong", "an offered passkey is nothing yet"
    (offer,) = house.as_("zhao", "offered")["offered"]
    assert (offer["person"], offer["label"]) == ("li", "blue key")
    assert house.both("zhao", "chen", "enrol_passkey", credential=new.id) == {"accepted": True}
    (entry,) = house.entries("passkey_enrolled", after=since)
    assert (entry["who"], entry["person"], entry["label"]) == (["zhao", "chen"], "li", "blue key")
    assert house.as_("zhao", "offered")["offered"] == []
    asked = house.tell("passkey_options")
    told = house.tell("sign_in", handle=asked["handle"], credential=new.get(asked["options"]), seat="")
    assert told["person"] == "li"
    removed = house.propose("li", "remove_passkey", credential=new.id)
    assert house.sign("li", removed) == {"accepted": True}
    asked = house.tell("passkey_options")
    late = house.tell("sign_in", handle=asked["handle"], credential=new.get(asked["options"]), seat="")
    assert late["refused"] == "wrong"


def test_of_passkeys_that_were_offered_the_last_five_are_kept(house: House) -> None:
    keys = []
    house.sign_in("li")
    for n in range(7):
        begun, key = house.as_("li", "passkey_begin"), SoftKey(ORIGIN, RP_ID)
        made = {"handle": begun["handle"], "credential": key.create(begun["options"]), "label": str(n)}
        assert "accepted" in house.as_("li", "passkey_finish", **made)
        keys.append(key.id)
    assert [one["credential"] for one in house.as_("li", "offered")["offered"]] == keys[2:]


def test_two_chiefs_invite_a_newcomer_without_any_alarm(house: House, since: int) -> None:
    told = house.both("zhao", "chen", "invite", person="wang")
    begun = house.tell("set_up_begin", person="wang", code=told["code"])
    key = SoftKey(ORIGIN, RP_ID)
    made = house.tell("set_up_finish", handle=begun["handle"], credential=key.create(begun["options"]))
    assert made["person"] == "wang"
    (entry,) = house.entries("enrolment_code", after=since)
    assert (entry["who"], entry["at_box"], entry["person"]) == (["zhao", "chen"], False, "wang")
    assert house.entries("alarm_raised", after=since) == []
    assert told["code"] not in json.dumps(house.entries(after=since))


def test_a_command_is_withdrawn_by_who_proposed_it_and_by_a_chief(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    assert house.as_("li", "withdraw", command=asked["command"])["refused"] == "not_allowed"
    assert house.as_("chen", "withdraw", command=asked["command"]) == {"accepted": True}
    (entry,) = house.entries("command_expired", after=since)
    assert (entry["why"], entry["digest"][:4].upper()) == ("withdrawn", asked["code"][:4])
    assert house.as_("chen", "sign_options", command=asked["command"])["refused"] == "expired"


def test_a_person_has_two_commands_at_most_and_an_unsigned_one_makes_room(house: House) -> None:
    signed = [house.propose("zhao", "recount", room="vault", inside=[]) for _ in range(2)]
    third = house.propose("zhao", "recount", room="vault", inside=[])
    assert house.as_("zhao", "sign_options", command=signed[0]["command"])["refused"] == "expired"
    for asked in (signed[1], third):
        assert "waits" in house.sign("zhao", asked)
    assert house.propose("zhao", "recount", room="vault", inside=[])["refused"] == "too_many"
    for asked in (signed[1], third):
        assert "accepted" in house.as_("zhao", "withdraw", command=asked["command"])


def test_a_half_signed_command_ends_with_the_controller_and_that_is_said(house: House, since: int) -> None:
    asked = house.propose("zhao", "recount", room="vault", inside=[])
    assert "waits" in house.sign("zhao", asked)
    house.child.kill()
    house.child.start()
    (entry,) = house.entries("command_expired", after=since)
    assert (entry["why"], entry["code"], entry["who"]) == ("restart", asked["code"], ["zhao"])
    assert house.as_("chen", "sign_options", command=asked["command"])["refused"] == "expired"


def test_a_passkey_that_was_taken_away_signs_nothing_that_it_began(house: House, since: int) -> None:
    house.set_up("sun", "zhao", "chen")
    asked = house.propose("sun", "recount", room="vault", inside=[])
    assert "waits" in house.sign("sun", asked)
    gone = house.propose("chen", "remove_passkey", credential=house.keys["sun"].id)
    assert house.sign("chen", gone) == {"accepted": True}
    assert house.second("zhao", asked["command"])["refused"] == "needs_signature"
    assert house.entries("recounted", after=since) == []


WRONG = [
    ("li", "enrol"),
    ("li", "approve_policy"),
    ("gao", "recount"),
    ("li", "lockdown"),
    ("li", "sign_command"),
]


@pytest.mark.parametrize(("person", "ask"), WRONG)
def test_what_is_not_theirs_or_not_signed_is_not_proposed(house: House, person: str, ask: str) -> None:
    if person not in house.tokens:
        house.set_up(person, "zhao", "chen")
    assert house.propose(person, ask)["refused"] in {"not_allowed", "not_understood"}
