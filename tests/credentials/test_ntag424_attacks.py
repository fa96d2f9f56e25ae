"""Attacks on NTAG 424 DNA badges: the attacker is the card, or stands before it."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.cards.desfire_lies import Card, Changed, Recorder, Replay, Steered, Stubborn
from firmware_shims.cards.ntag424 import Ntag424, Type4Tag
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.sun import MAC_AT, PICCDATA_AT, TEMPLATE
from hardware.signals import CardFault
from tests.credentials.cards import badge, making, reading
from tests.credentials.tapping import OTHER_SITE, SITE, CardGoneError

UID, OTHER = bytes.fromhex("04958CAA5C5E80"), bytes.fromhex("04DE5F1EACC040")
READING, MAKING = 6, 24
"""Commands of a reading and of a making."""


def fault(card: Card) -> CardFault:
    with pytest.raises(CardRefusedError) as refused:
        reading(NTAG424, card)
    return refused.value.fault


def recorded(card: Ntag424) -> Recorder:
    tap = Recorder(card)
    reading(NTAG424, tap)
    return tap


def ndef_of(tap: Recorder) -> bytes:
    return next(said[:-2] for asked, said in tap.heard if asked[1] == 0xB0 and said)


@pytest.mark.parametrize(
    ("says", "due"),
    [
        (b"\x6d\x00", CardFault.BROKEN),
        (b"\x91\x1c", CardFault.BROKEN),
        (b"\x91\xae", CardFault.WRONG_KEY),
        (b"\x90\x00", CardFault.BROKEN),
    ],
)
def test_a_tag_that_repeats_a_recorded_sun_message_is_refused(says: bytes, due: CardFault) -> None:
    tag = Type4Tag(UID, ndef_of(recorded(badge())), says)
    assert fault(tag) is due


def test_a_sun_message_never_read_before_is_refused_without_the_card() -> None:
    # Read by a telephone in somebody's pocket and not yet shown anywhere: the counter alone would believe it.
    card = badge()
    for apdu in ("00A4040C07D276000085010100", "00A4000C02E104"):
        card.answer(bytes.fromhex(apdu))
    fresh = card.answer(bytes.fromhex("00B000004D"))
    assert fresh is not None
    assert fault(Type4Tag(UID, fresh[:-2])) is CardFault.BROKEN


def test_a_whole_recorded_reading_is_refused() -> None:
    tap = recorded(badge())
    assert fault(Replay(UID, [said for _, said in tap.heard])) is CardFault.WRONG_KEY


def test_a_recorded_number_is_refused_in_a_new_session() -> None:
    card = badge()
    number = next(said for asked, said in recorded(card).heard if asked[1] == 0xAD and said)
    assert fault(Steered(card, {0xAD: number})) is CardFault.BROKEN


def test_a_counter_that_was_set_back_shows_in_the_proof() -> None:
    card = badge()
    first, second = reading(NTAG424, card).counter, reading(NTAG424, card).counter
    card.mirror.counter = 0
    third = reading(NTAG424, card).counter
    assert first is not None
    assert second is not None
    assert third is not None
    assert third <= first < second


def test_a_card_with_factory_keys_behind_our_file_is_a_wrong_key() -> None:
    card = badge()
    card.keys[:] = [bytes(16)] * 5
    assert fault(card) is CardFault.WRONG_KEY


def test_a_badge_of_another_site_is_a_wrong_key() -> None:
    assert fault(badge(keys=OTHER_SITE)) is CardFault.WRONG_KEY


def test_the_keys_of_another_badge_are_wrong_keys() -> None:
    card, other = badge(), badge(OTHER.hex())
    card.keys[:] = other.keys
    assert fault(card) is CardFault.WRONG_KEY


def test_a_cloned_uid_before_another_badge_is_a_wrong_key() -> None:
    other = badge(OTHER.hex())
    other.uid = UID
    assert fault(other) is CardFault.WRONG_KEY


def test_a_card_that_has_the_sun_keys_and_not_the_read_key_is_a_wrong_key() -> None:
    card = badge()
    card.keys[3] = bytes(16)
    assert fault(card) is CardFault.WRONG_KEY


def test_a_card_that_has_the_read_key_and_not_the_mac_key_is_broken() -> None:
    card = badge()
    card.keys[2] = bytes(16)
    assert fault(card) is CardFault.BROKEN


def test_a_file_whose_mirrors_stand_still_is_refused() -> None:
    card = badge()
    card.files[2].sdm = None
    assert fault(card) in {CardFault.WRONG_KEY, CardFault.BROKEN}


def test_the_sun_message_of_another_badge_before_this_one_is_a_wrong_key() -> None:
    theirs = ndef_of(recorded(badge(OTHER.hex())))
    assert fault(Steered(badge(), {0xB0: theirs + b"\x90\x00"})) is CardFault.WRONG_KEY


def test_another_badge_behind_the_sun_message_of_this_one_is_a_wrong_key() -> None:
    mine = ndef_of(recorded(badge()))
    other = badge(OTHER.hex())
    other.uid = UID
    assert fault(Steered(other, {0xB0: mine + b"\x90\x00"})) is CardFault.WRONG_KEY


def test_a_badge_without_a_number_is_broken() -> None:
    card = badge()
    card.files[3].data[:16] = bytes(16)
    assert fault(card) is CardFault.BROKEN


def test_no_random_number_of_ours_is_used_twice() -> None:
    card = Recorder(badge())
    for _ in range(8):
        reading(NTAG424, card)
    proofs = [asked for asked, _ in card.heard if asked[1] == 0xAF]
    assert len(set(proofs)) == 8


@settings(deadline=None)
@given(st.integers(0, READING - 1), st.integers(0, 2**16), st.integers(0, 7))
def test_one_bit_changed_in_any_answer_proves_nothing(step: int, place: int, bit: int) -> None:
    def flipped(answer: bytes) -> bytes:
        at = place % len(answer)
        return answer[:at] + bytes((answer[at] ^ 1 << bit,)) + answer[at + 1 :]

    with pytest.raises((CardRefusedError, NotThisCardError)):
        reading(NTAG424, Changed(BADGE, step, flipped))


@settings(deadline=None)
@given(st.integers(0, READING - 1), st.integers(0, 300))
def test_an_answer_cut_short_proves_nothing(step: int, keep: int) -> None:
    with pytest.raises((CardRefusedError, NotThisCardError)):
        reading(NTAG424, Changed(BADGE, step, lambda answer: answer[: keep % len(answer)]))


@settings(deadline=None)
@given(st.integers(0, READING - 1), st.binary(min_size=1, max_size=70_000))
def test_an_answer_that_is_too_long_proves_nothing(step: int, more: bytes) -> None:
    with pytest.raises((CardRefusedError, NotThisCardError)):
        reading(NTAG424, Changed(BADGE, step, lambda answer: more + answer))


ANSWERS = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([b"\x90\x00", b"\x91\x00", b"\x91\xaf", b"\x91\xae", TEMPLATE + b"\x90\x00"]),
    st.binary(min_size=16, max_size=16).map(lambda data: data + b"\x91\xaf"),
    st.binary(max_size=64).map(lambda data: data + b"\x91\x00"),
    st.binary(max_size=80).map(lambda data: TEMPLATE[:PICCDATA_AT] + data + b"\x90\x00"),
    st.text("0123456789ABCDEF", min_size=48, max_size=48).map(
        lambda text: (
            TEMPLATE[:PICCDATA_AT]
            + text[:32].encode()
            + TEMPLATE[PICCDATA_AT + 32 : MAC_AT]
            + text[32:].encode()
            + b"\x90\x00"
        )
    ),
)


@settings(deadline=None)
@given(st.integers(0, MAKING - 1), ANSWERS)
def test_a_making_disturbed_anywhere_proves_nothing_and_can_be_done_again(step: int, junk: bytes) -> None:
    card = Ntag424(UID)
    with pytest.raises((CardRefusedError, NotThisCardError)):
        making(NTAG424, Changed(card, step, lambda answer: b"" if answer == junk else junk))
    card.power_on()
    assert making(NTAG424, card).token == reading(NTAG424, card).token


@settings(deadline=None)
@given(st.lists(ANSWERS, max_size=30), st.booleans())
def test_whatever_bytes_a_card_says_it_is_refused_or_not_this_card(said: list[bytes], made: bool) -> None:
    run = NTAG424.make if made else NTAG424.read
    assert run is not None
    with contextlib.suppress(CardRefusedError, NotThisCardError), contextlib.closing(run(UID, SITE)) as talk:
        next(talk)
        for answer in [b"\x90\x00", *said]:
            talk.send(answer)


@pytest.mark.parametrize(
    "says", [b"", b"\x90", b"\x90\x00", b"\x91\x00", b"\x91\xae", b"\x91\xaf", bytes(70_000)]
)
def test_a_card_with_one_answer_to_everything_proves_nothing(says: bytes) -> None:
    with pytest.raises((CardRefusedError, NotThisCardError)):
        reading(NTAG424, Stubborn(UID, says))


def test_a_silent_card_proves_nothing() -> None:
    with pytest.raises(CardGoneError):
        reading(NTAG424, Replay(UID, []))


BADGE = badge()
