"""What a signature covers can be computed again by anybody who has a JSON library and SHA-256."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest

from controller.console.digest import FIRST, SECOND, challenge_of, code_of, digest_of, text_of

COMMAND = {
    "site": "small-house",
    "ask": "recount",
    "fields": {"room": "vault", "inside": ["li", "王"]},
    "by": "zhao",
    "nonce": "bm9uY2U",
    "until": 1_772_413_800_000,
}


def plainly(value: object) -> bytes:
    """RFC 8785 for texts of the basic plane and whole numbers, by the standard library alone."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def test_an_outsider_computes_the_same_digest() -> None:
    expected = sha256(b"ironroom command 1\n" + plainly(COMMAND)).hexdigest()
    assert digest_of(text_of(COMMAND)) == expected
    assert code_of(expected) == f"{expected[:4]}-{expected[4:8]}".upper()


def test_an_outsider_computes_the_same_challenge() -> None:
    digest = digest_of(text_of(COMMAND))
    said = {"command": digest, "signer": "chen", "stage": 2}
    assert challenge_of(digest, "chen", SECOND) == sha256(b"ironroom signature 1\n" + plainly(said)).digest()


@pytest.mark.parametrize("name", sorted(COMMAND))
def test_every_part_of_a_command_changes_its_digest(name: str) -> None:
    assert digest_of(text_of({**COMMAND, name: "other"})) != digest_of(text_of(COMMAND))


def test_signer_and_stage_change_the_challenge() -> None:
    digest = digest_of(text_of(COMMAND))
    made = {challenge_of(digest, who, stage) for who in ("zhao", "chen") for stage in (FIRST, SECOND)}
    assert len(made) == 4
