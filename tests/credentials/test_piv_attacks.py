"""Attacks on PIV cards: the attacker is the card, or stands before it."""

import contextlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.cards.desfire_lies import Card, Changed, Recorder, Replay, Steered, Stubborn
from firmware_shims.cards.ntag424 import Ntag424
from firmware_shims.cards.piv import PivCard, Trick, certificate, p256
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.piv import PIV
from hardware.credentials.piv_objects import LONGEST_OBJECT, objects, public_key
from hardware.signals import CardFault
from tests.credentials.cards import reading
from tests.credentials.tapping import CardGoneError

UID = bytes.fromhex("04A1B2C3D4E5F6")


def fault(card: Card) -> CardFault:
    with pytest.raises(CardRefusedError) as refused:
        reading(PIV, card)
    return refused.value.fault


def recorded(card: Card) -> Recorder:
    tap = Recorder(card)
    reading(PIV, tap)
    return tap


def shown(data: bytes) -> bytes:
    """The object 5FC101 as another card might give it, in one piece."""
    return b"\x53\x82" + len(data).to_bytes(2, "big") + data


def test_the_certificate_of_another_card_is_a_wrong_key() -> None:
    victim = PivCard()
    assert fault(PivCard(key=p256(), shown=victim.shown)) is CardFault.WRONG_KEY


def test_a_spoilt_signature_is_a_wrong_key() -> None:
    assert fault(PivCard(lies=Trick.SPOILT_SIGNATURE)) is CardFault.WRONG_KEY


def test_a_replayed_signature_is_a_wrong_key() -> None:
    card = PivCard()
    reading(PIV, card)
    card.lies = Trick.REPLAYED_SIGNATURE
    assert fault(card) is CardFault.WRONG_KEY


def test_a_whole_recorded_reading_is_a_wrong_key() -> None:
    tap = recorded(PivCard())
    assert fault(Replay(UID, [said for _, said in tap.heard])) is CardFault.WRONG_KEY


def test_a_card_that_shows_a_certificate_and_does_not_sign_is_a_wrong_key() -> None:
    assert fault(PivCard(lies=Trick.NO_SIGNATURE)) is CardFault.WRONG_KEY


def test_an_object_without_end_is_broken_off() -> None:
    card = Recorder(PivCard(lies=Trick.ENDLESS))
    assert fault(card) is CardFault.BROKEN
    assert sum(len(said or b"") for _, said in card.heard) < LONGEST_OBJECT + 1024


def test_pieces_without_anything_in_them_are_broken_off() -> None:
    card = Recorder(Steered(PivCard(), {0xCB: b"\x61\x00", 0xC0: b"\x61\x00"}))
    assert fault(card) is CardFault.BROKEN
    assert len(card.heard) < 100


@pytest.mark.parametrize("size", [LONGEST_OBJECT + 1, 70_000])
def test_an_object_that_is_too_long_is_refused(size: int) -> None:
    assert fault(Steered(PivCard(), {0xCB: bytes(size) + b"\x90\x00"})) is CardFault.BROKEN


def test_a_card_without_the_application_or_the_certificate_is_not_this_card() -> None:
    for card in (Ntag424(UID), Steered(PivCard(), {0xCB: b"\x6a\x82"}), Stubborn(UID, b"\x6d\x00")):
        with pytest.raises(NotThisCardError):
            reading(PIV, card)


def test_an_empty_certificate_object_is_not_this_card() -> None:
    empty = shown(b"\x70\x00\x71\x01\x00\xfe\x00")
    with pytest.raises(NotThisCardError):
        reading(PIV, Steered(PivCard(), {0xCB: empty + b"\x90\x00"}))


def _object(certificate_part: bytes, info: bytes = b"\x71\x01\x00", tail: bytes = b"\xfe\x00") -> bytes:
    return shown(b"\x70\x82" + len(certificate_part).to_bytes(2, "big") + certificate_part + info + tail)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: _object(der)[:-1],
        lambda der: _object(der) + b"\x00",
        lambda der: _object(der, tail=b"\xfe\x00\x70\x00"),
        lambda der: _object(der, info=b""),
        lambda der: _object(der, info=b"\x71\x01\x02"),
        lambda der: _object(der, info=b"\x71\x02\x00\x00"),
        lambda der: _object(der, info=b"\x71\x01\x01"),
        lambda der: _object(der[:-1]),
        lambda der: _object(der + b"\x00"),
        lambda _: _object(b"\x30\x00"),
        lambda der: _object(der, tail=b"\x7f\x00"),
        lambda der: _object(der, tail=b"\x7f\x49\x00"),
        lambda der: b"\x53\x83\x00\x00\x00" + der,
        lambda der: b"\x53\x80" + der + b"\x00\x00",
        lambda _: b"\x53",
        lambda _: b"",
    ],
)
def test_a_certificate_object_of_a_wrong_form_is_broken(spoil: Callable[[bytes], bytes]) -> None:
    data = spoil(certificate(p256()))
    assert fault(Steered(PivCard(), {0xCB: data + b"\x90\x00"})) is CardFault.BROKEN


def test_a_certificate_with_a_serial_number_below_one_is_broken() -> None:
    der = bytearray(certificate(p256()))
    at = der.index(b"\xa0\x03\x02\x01\x02\x02") + 7
    der[at] |= 0x80
    assert fault(Steered(PivCard(), {0xCB: _object(bytes(der)) + b"\x90\x00"})) is CardFault.BROKEN


@pytest.mark.parametrize(
    "signed",
    [
        b"",
        b"\x7c",
        b"\x7c\x00",
        b"\x7c\x02\x82\x00",
        b"\x7c\x04\x82\x00\x82\x00",
        b"\x7c\x02\x82\x00\x00",
        b"\x7c\x02\x81\x00",
        b"\x82\x02\x7c\x00",
        b"\x7c\x0a\x82\x08\x30\x06\x02\x01\x00\x02\x01\x00",
        b"\x7c\x0a\x82\x08\x30\x06\x02\x01\x01\x02\x01\x01",
    ],
)
def test_a_signature_of_a_wrong_form_proves_nothing(signed: bytes) -> None:
    assert fault(Steered(PivCard(), {0x87: signed + b"\x90\x00"})) in {CardFault.BROKEN, CardFault.WRONG_KEY}


def test_a_signature_beside_anything_else_is_broken() -> None:
    card, steps = PivCard(), len(recorded(PivCard()).heard)

    def more(answer: bytes) -> bytes:
        return b"\x7c" + bytes((answer[1] + 2,)) + answer[2:-2] + b"\x80\x00\x90\x00"

    assert fault(Changed(card, steps - 1, more)) is CardFault.BROKEN


def test_an_rsa_card_that_refuses_pieces_is_broken() -> None:
    assert fault(Steered(RSA_CARD, {0x87: b"\x68\x84"})) is CardFault.BROKEN


def test_a_silent_card_proves_nothing() -> None:
    with pytest.raises(CardGoneError):
        reading(PIV, Replay(UID, []))


CARD, RSA_CARD = PivCard(), PivCard(key=rsa.generate_private_key(65537, 2048))
TOKEN = reading(PIV, CARD).token


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(0, 2**16), st.integers(0, 7))
def test_one_bit_changed_in_any_answer_never_proves_another_key(step: int, place: int, bit: int) -> None:
    # A name or a date in the certificate may be changed: nothing of it is believed.
    def flipped(answer: bytes) -> bytes:
        at = place % len(answer)
        return answer[:at] + bytes((answer[at] ^ 1 << bit,)) + answer[at + 1 :]

    with contextlib.suppress(CardRefusedError, NotThisCardError):
        assert reading(PIV, Changed(CARD, step, flipped)).token == TOKEN


@settings(deadline=None)
@given(st.integers(0, 5), st.binary(max_size=300))
def test_an_answer_replaced_by_anything_proves_nothing(step: int, junk: bytes) -> None:
    steps = len(recorded(CARD).heard)
    with contextlib.suppress(CardRefusedError, NotThisCardError):
        reading(PIV, Changed(CARD, step % steps, lambda _: junk))
        assert junk[-2:] == b"\x90\x00" or junk[-2:-1] == b"\x61"
        assert step % steps == 0


ANSWERS = st.one_of(
    st.binary(max_size=300),
    st.binary(max_size=300).map(lambda data: data + b"\x90\x00"),
    st.binary(max_size=300).map(lambda data: data + b"\x61\x10"),
    st.just(CARD.certificate_object() + b"\x90\x00"),
    st.binary(max_size=120).map(
        lambda data: bytes((0x7C, len(data) + 2, 0x82, len(data))) + data + b"\x90\x00"
    ),
)


@settings(deadline=None)
@given(st.lists(ANSWERS, max_size=70))
def test_whatever_bytes_a_card_says_it_is_refused_or_not_this_card(said: list[bytes]) -> None:
    talk = PIV.read(UID, None)
    with contextlib.suppress(CardRefusedError, NotThisCardError), contextlib.closing(talk):
        next(talk)
        for answer in [b"\x90\x00", *said]:
            talk.send(answer)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_whatever_bytes_are_taken_for_objects_either_are_some_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(CardRefusedError):
        assert sum(len(value) + 2 for value in objects(data).values()) <= len(data)


@settings(deadline=None)
@given(st.integers(0, 2**16), st.integers(0, 255), st.integers(0, 2**16), st.integers(0, 255))
def test_whatever_a_certificate_says_it_gives_a_key_or_is_refused(a: int, x: int, b: int, y: int) -> None:
    data = bytearray(CARD.certificate_object())
    data[a % len(data)], data[b % len(data)] = x, y
    with contextlib.suppress(CardRefusedError, NotThisCardError):
        public_key(bytes(data))
