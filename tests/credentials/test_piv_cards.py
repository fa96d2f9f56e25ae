"""PIV: what real cards have said, and a card of ours in software.

The recordings are in vectors/piv_cards.json with their sources: a NIST test card (P-256, whole exchange) and
a demonstration card whose RSA certificate is compressed. No RSA exchange with a PKCS#1 v1.5 block was found
published; that one is our own card in software against the cryptography library.
"""

import gzip
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from firmware_shims.cards.desfire_lies import Changed, Recorder, Replay
from firmware_shims.cards.piv import PivCard, certificate, p256
from hardware.credentials import piv, piv_objects
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.piv import PIV
from hardware.credentials.running import converse
from hardware.signals import CardFault
from tests.credentials.cards import making, reading
from tests.credentials.tapping import PATIENT, Wire

CARDS: dict[str, dict[str, str]] = json.loads(
    (Path(__file__).parent / "vectors" / "piv_cards.json").read_text(encoding="utf-8")
)
NIST, COMPRESSED = CARDS["p256"], CARDS["compressed_rsa"]


def raw(card: dict[str, str], name: str) -> bytes:
    return bytes.fromhex(card[name])


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def refusal(run: Callable[[], Any]) -> CardFault:
    with pytest.raises(CardRefusedError) as refused:
        run()
    return refused.value.fault


def test_a_recorded_reading_of_a_nist_test_card_proves_its_key() -> None:
    # As a contactless card gives it: the certificate in pieces of 256 bytes.
    whole = raw(NIST, "certificate_object")
    pieces = [whole[at : at + 256] for at in range(0, len(whole), 256)]
    said: list[bytes | None] = [raw(NIST, "selected")]
    said += [piece + b"\x61\x00" for piece in pieces[:-1]] + [pieces[-1] + b"\x90\x00"]
    card = Recorder(Replay(bytes(4), [*said, raw(NIST, "authenticated")]))
    exchange = piv.proved(raw(NIST, "challenge"))
    proof = converse(exchange, Wire(card), PATIENT)
    asked = [apdu for apdu, _ in card.heard]
    assert asked[:2] == [raw(NIST, "select"), raw(NIST, "get_data")]
    assert asked[2:-1] == [bytes.fromhex("00C0000000")] * (len(pieces) - 1)
    assert asked[-1] == raw(NIST, "authenticate")
    assert proof.token == sha256(raw(NIST, "public_key")).digest()[:16].hex().upper()
    assert proof.counter is None


def test_a_recorded_compressed_certificate_gives_the_published_key() -> None:
    key = piv_objects.public_key(raw(COMPRESSED, "certificate_object"))
    assert piv_objects.token(key) == sha256(raw(COMPRESSED, "public_key")).digest()[:16].hex().upper()


def test_a_recorded_signature_proves_nothing_for_another_challenge() -> None:
    key = piv_objects.public_key(raw(NIST, "certificate_object"))
    signature = piv_objects.only(piv_objects.only(raw(NIST, "authenticated")[:-2], 0x7C), 0x82)
    piv.verify(key, raw(NIST, "challenge"), signature)
    assert refusal(lambda: piv.verify(key, bytes(32), signature)) is CardFault.WRONG_KEY


def test_the_token_is_the_key_whatever_certificate_carries_it() -> None:
    key = p256()
    one, other = PivCard(key=key), PivCard(key=key, shown=certificate(key), packed=True)
    assert one.shown != other.shown
    assert reading(PIV, one).token == reading(PIV, other).token
    assert reading(PIV, PivCard()).token != reading(PIV, one).token


def test_an_rsa_card_is_asked_in_pieces_and_proves_its_key(rsa_key: rsa.RSAPrivateKey) -> None:
    card = Recorder(PivCard(key=rsa_key))
    proof = reading(PIV, card)
    assert proof.token == piv_objects.token(rsa_key.public_key())
    asked = [apdu for apdu, _ in card.heard if apdu[1] == 0x87]
    assert [apdu[0] for apdu in asked] == [0x10, 0x00]
    assert max(apdu[4] for apdu in asked) <= 255


def test_enrolling_a_foreign_card_changes_nothing_on_it_and_gives_its_token() -> None:
    card = Recorder(PivCard())
    assert making(PIV, card).token == reading(PIV, card).token
    assert {apdu[1] for apdu, _ in card.heard} <= {0xA4, 0xCB, 0xC0, 0x87}


def test_no_challenge_is_ever_asked_twice() -> None:
    card = Recorder(PivCard())
    for _ in range(8):
        reading(PIV, card)
    asked = [apdu for apdu, _ in card.heard if apdu[1] == 0x87]
    assert len(set(asked)) == 8


def test_what_a_card_says_about_itself_at_selection_need_not_be_fetched() -> None:
    assert reading(PIV, Changed(PivCard(), 0, lambda _: b"\x61\x2a")).token


def test_piv_needs_no_site_key() -> None:
    assert not PIV.keyed
    assert reading(PIV, PivCard(), None).token


@pytest.mark.parametrize(
    "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 3072)]
)
def test_a_card_with_a_key_of_another_kind_proves_nothing(key: Any) -> None:
    with pytest.raises(NotThisCardError):
        reading(PIV, PivCard(key=key))


def test_an_rsa_key_with_a_small_exponent_proves_nothing() -> None:
    with pytest.raises(NotThisCardError):
        reading(PIV, PivCard(key=rsa.generate_private_key(3, 2048)))


def packed(part: bytes) -> bytes:
    data = b"\x70\x82" + len(part).to_bytes(2, "big") + part + b"\x71\x01\x01\xfe\x00"
    return b"\x53\x82" + len(data).to_bytes(2, "big") + data


def test_a_certificate_that_unpacks_without_end_is_refused_before_it_takes_memory() -> None:
    whole = packed(gzip.compress(bytes(1 << 22)))
    tracemalloc.start()
    try:
        assert refusal(lambda: piv_objects.public_key(whole)) is CardFault.BROKEN
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "spoil", [lambda body: body + b"\x00", lambda body: body[:-4], lambda body: body * 2]
)
def test_a_certificate_that_is_not_packed_in_one_piece_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    body = gzip.compress(certificate(p256()))
    assert piv_objects.public_key(packed(body))
    assert refusal(lambda: piv_objects.public_key(packed(spoil(body)))) is CardFault.BROKEN


def test_no_certificate_of_a_card_writes_a_warning(tmp_path: Path) -> None:
    der = bytearray(certificate(p256()))
    der[der.index(b"\xa0\x03\x02\x01\x02\x02") + 7] |= 0x80
    (tmp_path / "object").write_bytes(PivCard(shown=bytes(der)).certificate_object())
    program = """
import sys
from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.piv_objects import public_key
try:
    public_key(open(sys.argv[1], "rb").read())
except CardRefusedError:
    print("refused")
"""
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "object")], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("refused\n", "")
