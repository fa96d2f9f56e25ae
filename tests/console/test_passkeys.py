"""What a passkey must prove: for this name, on this page, its person verified, by exactly its own key."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.console.passkeys import Passkeys, WrongKeyError, octets
from tests.console.authenticator import SoftKey, letters

ORIGIN, RP_ID = "https://console.vault.lan", "console.vault.lan"
PARTY = Passkeys(RP_ID, ORIGIN, "small house")
CHALLENGE = bytes(range(32))


def enrolled(person: str = "zhao") -> tuple[SoftKey, str]:
    soft = SoftKey(ORIGIN, RP_ID)
    made = PARTY.registered(soft.create(PARTY.creation(person, CHALLENGE, [])), CHALLENGE)
    assert made.credential == soft.id
    return soft, made.key


def proof(soft: SoftKey, challenge: bytes = CHALLENGE) -> dict[str, Any]:
    return soft.get(PARTY.request(challenge, [soft.id]))


def test_a_passkey_proves_itself_for_its_challenge() -> None:
    soft, key = enrolled()
    found = PARTY.asserted(proof(soft), CHALLENGE, key, "zhao")
    assert (found.credential, found.count) == (soft.id, 2)


def test_browsers_are_asked_for_a_verified_person_and_a_passkey_that_is_found_without_a_name() -> None:
    made, asked = PARTY.creation("zhao", CHALLENGE, ["AAAA"]), PARTY.request(CHALLENGE)
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["excludeCredentials"][0]["id"] == "AAAA"
    assert made["attestation"] == "none"
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == made["rp"]["id"] == RP_ID


def test_the_user_handle_tells_no_name() -> None:
    assert len(PARTY.handle_of("zhao")) == 32
    assert PARTY.handle_of("zhao") != PARTY.handle_of("li")
    assert PARTY.handle_of("zhao") != Passkeys(RP_ID, ORIGIN, "other house").handle_of("zhao")


@pytest.mark.parametrize(
    "lie",
    [
        {"origin": "https://console.vault.lan.evil.example"},
        {"origin": "http://console.vault.lan"},
        {"origin": "https://console.vault.lan:444"},
        {"rp_id": "vault.lan"},
        {"verified": False},
        {"cross": True},
        {"credential": b"another credential"},
    ],
)
def test_what_was_given_elsewhere_or_by_nobody_proves_nothing(lie: dict[str, Any]) -> None:
    soft, key = enrolled()
    said = proof(replace(soft, **lie))
    if "credential" in lie:  # the desk looks for the key by the id, and finds none
        said = {**said, "id": soft.id}
    with pytest.raises(WrongKeyError):
        PARTY.asserted(said, CHALLENGE, key, "zhao")


@pytest.mark.parametrize(
    "lie", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"verified": False}]
)
def test_a_passkey_made_elsewhere_or_by_nobody_is_not_taken(lie: dict[str, Any]) -> None:
    soft = replace(SoftKey(ORIGIN, RP_ID), **lie)
    with pytest.raises(WrongKeyError):
        PARTY.registered(soft.create(PARTY.creation("zhao", CHALLENGE, [])), CHALLENGE)


def test_a_proof_is_for_one_challenge_and_one_key() -> None:
    soft, key = enrolled()
    _, other = enrolled("li")
    with pytest.raises(WrongKeyError):
        PARTY.asserted(proof(soft), secrets.token_bytes(32), key, "zhao")
    with pytest.raises(WrongKeyError):
        PARTY.asserted(proof(soft), CHALLENGE, other, "zhao")
    with pytest.raises(WrongKeyError, match="user handle"):
        PARTY.asserted(proof(soft), CHALLENGE, key, "li")


def test_an_answer_to_creation_is_no_proof() -> None:
    soft, key = enrolled()
    said = proof(soft)
    client = json.loads(octets(said["response"]["clientDataJSON"])) | {"type": "webauthn.create"}
    said["response"]["clientDataJSON"] = letters(json.dumps(client).encode())
    with pytest.raises(WrongKeyError):
        PARTY.asserted(said, CHALLENGE, key, "zhao")


@given(st.data())
def test_one_changed_byte_anywhere_proves_nothing(data: st.DataObject) -> None:
    soft, key = enrolled()
    said = proof(soft)
    part = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]))
    whole = bytearray(octets(said["response"][part]))
    at = data.draw(st.integers(0, 4_999)) % len(whole)  # a signature is not always as long
    whole[at] ^= data.draw(st.integers(1, 255))
    said["response"][part] = letters(bytes(whole))
    with pytest.raises(WrongKeyError):
        PARTY.asserted(said, CHALLENGE, key, "zhao")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["clientDataJSON", "authenticatorData", "signature", "attestationObject", "userHandle"]


@given(
    st.dictionaries(st.sampled_from(["id", "rawId", "type", "response"]), JSON),
    st.dictionaries(st.sampled_from(PARTS), JSON | st.binary(max_size=80).map(letters)),
)
def test_no_other_object_is_a_credential(said: dict[str, Any], response: dict[str, Any]) -> None:
    _, key = enrolled()
    whole = {"id": "AAAA", "rawId": "AAAA", "type": "public-key", **said, "response": response}
    with pytest.raises(WrongKeyError):
        PARTY.asserted(whole, CHALLENGE, key, "zhao")
    with pytest.raises(WrongKeyError):
        PARTY.registered(whole, CHALLENGE)


@pytest.mark.parametrize("text", ["", "AA==", "AB", "A", "a+b/", "A" * 9_000, "é"])
def test_only_the_one_spelling_of_base64url_is_read(text: str) -> None:
    with pytest.raises(WrongKeyError):
        octets(text)
