"""One law for all formats: whatever a parser accepts, it spells back byte for byte."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import Signature, SignedNote, VerifierKey
from controller.ledger.formats.receipt import Receipt
from controller.ledger.formats.signer import Ed25519Signer, signed
from controller.ledger.formats.tiles import Tile, decode_bundle, encode_bundle
from controller.ledger.formats.witness_wire import (
    AddCheckpoint,
    decode_cosignatures,
    decode_size,
    encode_cosignatures,
    encode_size,
)

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SIGNER = Ed25519Signer("log", Ed25519PrivateKey.from_private_bytes(b"\1" * 32))
NOTE = signed(Checkpoint("log", 70, b"\2" * 32).text(), SIGNER)

Respell = Callable[[bytes], bytes]

# Each format: an example, and what it becomes when it is read and spelled again.
FORMATS: dict[str, tuple[bytes, Respell]] = {
    "verifier key": (
        str(SIGNER.vkey).encode(),
        lambda octets: str(VerifierKey.parse(octets.decode())).encode(),
    ),
    "private key": (
        SIGNER.secret_text().encode(),
        lambda octets: Ed25519Signer.parse(octets.decode()).secret_text().encode(),
    ),
    "signature line": (
        str(NOTE.signatures[0]).encode(),
        lambda octets: str(Signature.parse(octets.decode())).encode(),
    ),
    "note": (NOTE.to_bytes(), lambda octets: SignedNote.parse(octets).to_bytes()),
    "checkpoint": (
        NOTE.text.encode(),
        lambda octets: Checkpoint.parse(octets.decode()).text().encode(),
    ),
    "tile": (b"tile/0/x001/x234/067.p/25", lambda octets: str(Tile.parse(octets.decode())).encode()),
    "bundle": (encode_bundle([b"ab", b"", b"c"]), lambda octets: encode_bundle(decode_bundle(octets, 3))),
    "receipt": (
        Receipt(5, (b"\3" * 32,), NOTE, b"extra").to_bytes(),
        lambda octets: Receipt.parse(octets).to_bytes(),
    ),
    "request": (
        AddCheckpoint(20, (b"\3" * 32,), NOTE).to_bytes(),
        lambda octets: AddCheckpoint.parse(octets).to_bytes(),
    ),
    "answer": (
        encode_cosignatures(NOTE.signatures),
        lambda octets: encode_cosignatures(decode_cosignatures(octets)),
    ),
    "size": (encode_size(20_852_163), lambda octets: encode_size(decode_size(octets))),
}
each = pytest.mark.parametrize(("example", "respell"), FORMATS.values(), ids=FORMATS)

PIECES = [
    b"",
    b"\n",
    b"\n\n",
    b"\r",
    b" ",
    b"=",
    b"+",
    b"/",
    b"A",
    b"E",
    b"0",
    b"1",
    b"x",
    b"f",
    b"\xe2\x80\x94",
    b"\0",
]


def accepted(respell: Respell, octets: bytes) -> bool:
    """Whether the bytes are read; if so they must be their own spelling."""
    try:
        again = respell(octets)
    except (FormatRefused, UnicodeDecodeError):
        return False
    assert again == octets
    return True


@each
def test_the_example_of_each_format_is_its_own_spelling(example: bytes, respell: Respell) -> None:
    assert accepted(respell, example)


@each
def test_no_single_changed_byte_is_a_second_spelling_and_some_are_refused(
    example: bytes, respell: Respell
) -> None:
    verdicts = [
        accepted(respell, example[:at] + bytes([other]) + example[at + 1 :])
        for at in range(len(example))
        for other in {example[at] ^ 1, example[at] ^ 4, example[at] ^ 0x20, 0x0A, 0x30, 0x41} - {example[at]}
    ]
    assert not all(verdicts)


@each
@patiently
@given(st.data())
def test_no_edit_of_an_example_is_a_second_spelling(
    example: bytes, respell: Respell, data: st.DataObject
) -> None:
    octets = example
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(octets)))
        until = data.draw(st.integers(at, min(at + 2, len(octets))))
        octets = octets[:at] + data.draw(st.sampled_from(PIECES)) + octets[until:]
    accepted(respell, octets)
