"""A sealed picture opens with all of its keys, for us and for Debian's age, and with nothing less."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import x25519

from recorder.seal import MOST_BYTES, MOST_KEYS, SealError, opened, seal

PICTURE = b"\xff\xd8 a picture \xff\xd9"


@cache
def people() -> tuple[tuple[str, str], ...]:
    """Identity and recipient of each."""
    made = [x25519.Identity.generate() for _ in range(3)]
    return tuple((str(one), str(one.to_public())) for one in made)


def identities(count: int) -> list[str]:
    return [identity for identity, _ in people()[:count]]


def sealed(count: int, plain: bytes = PICTURE) -> bytes:
    return seal(plain, [recipient for _, recipient in people()[:count]])


@settings(deadline=None)  # other programs may have the processor
@given(st.binary(max_size=200_000), st.integers(1, 3))
def test_what_is_sealed_opens_with_all_keys_in_any_order(plain: bytes, count: int) -> None:
    assert opened(sealed(count, plain), identities(3)[::-1]).picture == plain


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_one_key_less_and_the_picture_is_gone(missing: int) -> None:
    keys = identities(3)
    del keys[missing]
    with pytest.raises(SealError, match="other keys"):
        opened(sealed(3), keys)


def test_the_key_of_another_opens_nothing() -> None:
    with pytest.raises(SealError, match="other keys"):
        opened(sealed(1), identities(3)[1:])


def test_every_altered_byte_is_found() -> None:
    whole = sealed(2)
    for at in range(len(whole)):
        altered = whole[:at] + bytes([whole[at] ^ 0x20]) + whole[at + 1 :]
        with pytest.raises(SealError):
            opened(altered, identities(2))


def test_every_shortened_file_is_found() -> None:
    whole = sealed(1)
    for end in range(len(whole)):
        with pytest.raises(SealError):
            opened(whole[:end], identities(1))


@settings(deadline=None)  # other programs may have the processor
@given(st.binary(max_size=400))
def test_no_bytes_do_worse_than_to_be_refused(octets: bytes) -> None:
    heading = sealed(1).split(b"\n", 1)[0] + b"\n"
    for attempt in (octets, heading + octets):
        with pytest.raises(SealError):
            opened(attempt, identities(1))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("for", 0),
        ("for", 1),
        ("for", True),
        ("for", 10**9),
        ("version", 2),
        ("ironroom", "film"),
        ("key", None),
        ("key", "#"),
        ("more", 1),
    ],
)
def test_a_heading_that_says_anything_else_is_refused(key: str, value: object) -> None:
    heading, body = sealed(2).split(b"\n", 1)
    said = json.dumps({**json.loads(heading), key: value}, separators=(",", ":")).encode()
    with pytest.raises(SealError):
        opened(said + b"\n" + body, identities(2))


def test_a_heading_spelled_otherwise_is_refused() -> None:
    heading, body = sealed(1).split(b"\n", 1)
    with pytest.raises(SealError, match="version"):
        opened(json.dumps(json.loads(heading)).encode() + b"\n" + body, identities(1))


@pytest.mark.parametrize(
    "recipients", [[], ["age1"], ["li"], [people()[0][0]], [people()[0][1]] * (MOST_KEYS + 1)]
)
def test_a_picture_is_sealed_to_recipients_or_not_at_all(recipients: list[str]) -> None:
    with pytest.raises(SealError) as refused:
        seal(PICTURE, recipients)
    assert "SECRET" not in str(refused.value)


def test_a_picture_may_be_as_large_as_a_message_and_no_larger() -> None:
    assert len(sealed(3, bytes(8_000_000))) <= MOST_BYTES
    with pytest.raises(SealError, match="at most"):
        sealed(1, bytes(MOST_BYTES))


def test_no_secret_is_shown_with_what_was_opened() -> None:
    assert "SECRET" not in repr(opened(sealed(1), identities(1)))


def test_an_identity_that_is_none_is_refused_without_being_repeated() -> None:
    with pytest.raises(SealError) as refused:
        opened(sealed(1), ["AGE-SECRET-KEY-1WRONG"])
    assert "SECRET" not in str(refused.value)


AGE = shutil.which("age")


def by_age(key: Path, octets: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    assert AGE, "Debian's age must be installed: what we seal is proven with it"
    return subprocess.run(
        [AGE, "-d", "-i", str(key), *options], input=octets, capture_output=True, check=False, timeout=60
    )


def test_age_opens_the_rest_of_the_file_with_the_file_key(tmp_path: Path) -> None:
    whole = sealed(2)
    key, file = tmp_path / "file.key", tmp_path / "picture"
    key.write_text(opened(whole, identities(2)).key + "\n", encoding="ascii")
    file.write_bytes(whole)
    rest = subprocess.run(["tail", "-n", "+2", str(file)], capture_output=True, check=True, timeout=60)
    assert by_age(key, rest.stdout).stdout == PICTURE
    assert by_age(key, rest.stdout[:-1] + b"x").returncode != 0


def test_age_takes_the_layers_of_the_key_off_one_by_one(tmp_path: Path) -> None:
    whole = sealed(2)
    heading, body = whole.split(b"\n", 1)
    layer = base64.b64decode(json.loads(heading)["key"])
    key = tmp_path / "key"
    for identity in reversed(identities(2)):
        key.write_text(identity + "\n", encoding="ascii")
        layer = by_age(key, layer).stdout
    key.write_bytes(layer + b"\n")
    assert by_age(key, body).stdout == PICTURE
