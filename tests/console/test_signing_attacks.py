"""A console that was taken over has every token and every proof that passes through it: what it cannot do.

Each attack speaks to the desk as the console's process would; afterwards nobody was recounted, enrolled or
let sign, and no policy was approved.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.console.authenticator import SoftKey
from tests.console.house import ORIGIN, RP_ID, House, Told

DONE = ("recounted", "enrolled", "person_changed", "passkey_enrolled", "passkey_removed", "policy_approved")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("attacks")) as house:
        yield house.founded("zhao", "chen", "li", "wang")


@pytest.fixture
def house(attacked: House) -> Iterator[House]:
    """Nothing that counts has happened when the attack is over, and nothing waits."""
    before, state = attacked.newest, attacked.child.look()
    yield attacked
    assert attacked.entries(*DONE, after=before) == []
    now = attacked.child.look()
    assert (now["rooms"], now["policy"], now["people"]) == (state["rooms"], state["policy"], state["people"])
    for waits in attacked.as_("zhao", "commands")["commands"]:
        assert "accepted" in attacked.as_("zhao", "withdraw", command=waits["command"])


def recount(house: House, person: str = "zhao", inside: tuple[str, ...] = ()) -> Told:
    return house.propose(person, "recount", room="vault", inside=[*inside])


def proof(house: House, person: str, asked: Told) -> dict[str, Any]:
    return house.keys[person].get(asked["options"])


def test_a_signature_for_one_command_is_none_for_another(house: House) -> None:
    shown, hidden = recount(house), recount(house, inside=("li", "wang"))
    said = {
        "command": hidden["command"],
        "handle": hidden["handle"],
        "credential": proof(house, "zhao", shown),
    }
    assert house.as_("zhao", "sign", **said)["refused"] == "wrong"
    crossed = {**said, "handle": shown["handle"]}
    assert house.as_("zhao", "sign", **crossed)["refused"] == "expired"


def test_a_proof_for_signing_in_signs_no_command(house: House) -> None:
    asked = recount(house)
    sign_in = house.tell("passkey_options")
    said = {"command": asked["command"], "credential": proof(house, "zhao", sign_in)}
    assert house.as_("zhao", "sign", handle=asked["handle"], **said)["refused"] == "wrong"
    again = house.as_("zhao", "sign_options", command=asked["command"])
    said = {"command": asked["command"], "credential": proof(house, "zhao", again)}
    assert house.as_("zhao", "sign", handle=sign_in["handle"], **said)["refused"] == "expired"


def test_a_signature_counts_once(house: House) -> None:
    asked = recount(house)
    said = {"command": asked["command"], "handle": asked["handle"], "credential": proof(house, "zhao", asked)}
    assert "waits" in house.as_("zhao", "sign", **said)
    assert house.as_("zhao", "sign", **said)["refused"] == "needs_second"
    assert house.as_("chen", "sign", **said)["refused"] == "expired"
    second = house.as_("chen", "sign_options", command=asked["command"])
    replay = {**said, "handle": second["handle"]}
    assert house.as_("chen", "sign", **replay)["refused"] == "wrong"


def test_the_same_person_never_signs_twice(house: House) -> None:
    asked = recount(house)
    assert "waits" in house.sign("zhao", asked)
    told = house.as_("zhao", "sign_options", command=asked["command"])
    assert told["refused"] == "needs_second"


def test_a_second_signature_by_a_second_key_of_the_first_person_is_none(house: House) -> None:
    asked = recount(house)
    assert "waits" in house.sign("zhao", asked)
    second = house.as_("chen", "sign_options", command=asked["command"])
    assert house.sign("chen", second, asked["command"], key=house.keys["zhao"])["refused"] == "wrong"


def test_a_signature_is_not_relabelled(house: House) -> None:
    """The first one's proof with the second one's name on it, at either end."""
    asked = recount(house)
    assert "waits" in house.sign("zhao", asked)
    second = house.as_("chen", "sign_options", command=asked["command"])
    stolen = proof(house, "zhao", second)
    own = house.keys["chen"]
    renamed = {**stolen, "id": own.id, "rawId": own.id}
    said = {"command": asked["command"], "handle": second["handle"], "credential": renamed}
    assert house.as_("chen", "sign", **said)["refused"] == "wrong"


def test_a_guards_key_signs_no_chiefs_command(house: House) -> None:
    asked = house.propose("zhao", "enrol", person="eve", roles=["chief"])
    assert "waits" in house.sign("zhao", asked)
    assert house.as_("li", "sign_options", command=asked["command"])["refused"] == "not_allowed"
    second = house.as_("chen", "sign_options", command=asked["command"])
    assert house.sign("chen", second, asked["command"], key=house.keys["li"])["refused"] == "wrong"
    assert house.sign("li", second, asked["command"])["refused"] == "not_allowed"


def test_what_was_proposed_cannot_be_changed_or_invented(house: House) -> None:
    asked = recount(house)
    said = {"command": asked["command"], "handle": asked["handle"], "credential": proof(house, "zhao", asked)}
    for more in (
        {"fields": {"room": "vault", "inside": ["li"]}},
        {"by": "chen"},
        {"second": "chen"},
        {"ask": "enrol"},
    ):
        assert house.as_("zhao", "sign", **said, **more)["refused"] == "not_understood"
    assert house.as_("zhao", "sign", **{**said, "command": "invented"})["refused"] == "expired"
    for ask in ("open_sesame", "read_evidence", "found", "set_site_key", "sign_command", "lockdown"):
        assert house.propose("zhao", ask)["refused"] == "not_understood", ask


def test_nobody_signs_under_an_unverified_person_or_on_another_page(house: House) -> None:
    for lie in (
        {"verified": False},
        {"origin": "https://console.evil.lan"},
        {"rp_id": "evil.lan"},
        {"cross": True},
    ):
        asked = recount(house)
        liar = replace(house.keys["zhao"], **lie)
        assert house.sign("zhao", asked, key=liar)["refused"] == "wrong", lie
        house.keys["zhao"].count = liar.count


def test_a_counter_that_goes_back_signs_nothing(house: House) -> None:
    copy = replace(house.keys["zhao"], count=0)
    before = house.newest
    assert house.sign("zhao", recount(house), key=copy)["refused"] == "wrong"
    (entry,) = house.entries("sign_in_refused", after=before)
    assert (entry["why"], entry["how"], entry["who"]) == ("counter", "signature", ["zhao"])


def test_nobody_elses_token_gives_a_signature(house: House) -> None:
    asked = recount(house)
    told = house.sign("wang", asked)
    assert told["refused"] == "not_allowed"
    assert house.sign("chen", asked)["refused"] == "not_allowed", "the first is who proposed it"


def test_a_session_asks_for_nothing_that_must_be_signed(house: House) -> None:
    for ask in ("recount", "enrol", "approve_policy", "enrol_passkey", "lift_lockdown", "erase_person"):
        fields = {"room": "vault", "inside": [], "person": "eve", "by": "chen", "second": "zhao"}
        told = house.as_("zhao", "ask", ask=ask, fields=fields, key="")
        assert told["refused"] == "needs_signature", ask


def test_naming_another_person_changes_nobodys_name(house: House) -> None:
    before = house.newest
    claims: list[dict[str, Any]] = [{"by": "chen"}, {"via": "signature"}, {"proof": {"signatures": []}}]
    for more in (*claims, {"second": "chen"}):
        told = house.as_("li", "ask", ask="lockdown", fields={"reason": "x"}, key="", **more)
        assert told["refused"] == "not_understood"
    assert house.entries("lockdown", after=before) == []


def test_no_chief_lets_their_own_passkey_count(house: House) -> None:
    new = SoftKey(ORIGIN, RP_ID)
    house.sign_in("zhao")
    begun = house.as_("zhao", "passkey_begin")
    house.as_(
        "zhao", "passkey_finish", handle=begun["handle"], credential=new.create(begun["options"]), label="x"
    )
    asked = house.propose("zhao", "enrol_passkey", credential=new.id)
    assert "waits" in house.sign("zhao", asked)
    assert house.second("chen", asked["command"])["refused"] == "oneself"


def test_a_key_that_its_owner_never_offered_is_not_proposed(house: House) -> None:
    new = SoftKey(ORIGIN, RP_ID)
    fields = {"person": "li", "credential": new.id, "key": "AAAA", "label": "x"}
    assert house.propose("zhao", "enrol_passkey", **fields)["refused"] == "not_understood"


def test_one_chief_approves_no_policy(house: House) -> None:
    asked = house.propose("zhao", "approve_policy", digest="0" * 64)
    assert "waits" in house.sign("zhao", asked)
    assert house.second("chen", asked["command"])["refused"] == "nothing_to_do"


def test_unsigned_orders_at_the_box_are_not_heard_any_more(house: House) -> None:
    told = house.child.ask("enrol", "zhao", "chen", person="eve", roles=["chief"])
    assert told["refused"] == "needs_signature"
    told = house.child.ask("recount", "zhao", "chen", room="vault", inside=["li"])
    assert told["refused"] == "needs_signature"
    assert house.child.ask("sign_command", "zhao", ask="enrol")["refused"] == "needs_signature"
    said = {"ask": "recount", "by": "zhao", "second": "chen", "fields": {}, "via": "signature"}
    assert house.child.tell(said)["refused"] == "not_understood"


def test_whoever_is_signed_out_signs_nothing(house: House) -> None:
    asked = recount(house)
    credential = proof(house, "zhao", asked)
    token = house.tokens["zhao"]
    assert house.tell("sign_out", token=token) == {"accepted": True}
    said = {"command": asked["command"], "handle": asked["handle"], "credential": credential}
    assert house.tell("sign", token=token, **said)["refused"] == "signed_out"
    house.sign_in("zhao")
