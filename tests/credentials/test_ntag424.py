"""NTAG 424 DNA badges: made, read, broken off and made again."""

import pytest

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Changed, Recorder, Torn
from firmware_shims.cards.ntag424 import Ntag424, Type4Tag
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.ntag424_reading import KEYS, card_key
from hardware.credentials.sun import TEMPLATE
from hardware.signals import CardFault
from tests.credentials.cards import badge, making, reading
from tests.credentials.tapping import OTHER_SITE, SITE, CardGoneError

UID = bytes.fromhex("04958CAA5C5E80")
MAKING = 24
"""Commands from a blank card to a proved badge."""


def test_a_badge_gives_back_the_number_it_was_given() -> None:
    card = Ntag424(UID)
    made = making(NTAG424, card)
    assert reading(NTAG424, card).token == made.token
    assert len(made.token) == 32
    assert made.token == bytes(card.files[3].data[:16]).hex().upper()


def test_every_reading_moves_the_counter_by_one() -> None:
    card = badge()
    first = reading(NTAG424, card).counter
    assert first is not None
    assert [reading(NTAG424, card).counter for _ in range(3)] == [first + 1, first + 2, first + 3]


def test_the_counter_moves_at_telephones_too() -> None:
    card = badge()
    before = reading(NTAG424, card).counter
    for apdu in ("00A4040C07D276000085010100", "00A4000C02E104", "00B0000000"):
        card.answer(bytes.fromhex(apdu))
    assert before is not None
    assert reading(NTAG424, card).counter == before + 2


def test_no_two_badges_have_a_number_in_common() -> None:
    assert len({making(NTAG424, Ntag424(UID)).token for _ in range(8)}) == 8


def test_all_five_keys_of_a_badge_are_its_own() -> None:
    one, other = badge("04958CAA5C5E80"), badge("04DE5F1EACC040")
    every = one.keys + other.keys
    assert len(set(every)) == 10
    assert bytes(16) not in every
    assert one.keys == [card_key(SITE, one.uid, number) for number in KEYS]


def test_the_number_never_crosses_the_air_in_clear() -> None:
    card = Recorder(Ntag424(UID))
    number = bytes.fromhex(making(NTAG424, card).token)
    reading(NTAG424, card)
    assert not any(number in said or number in (asked or b"") for asked, said in card.heard if said)


def test_no_key_ever_crosses_the_air_in_clear() -> None:
    inside = Ntag424(UID)
    card = Recorder(inside)
    making(NTAG424, card)
    air = b"".join(asked + (said or b"") for asked, said in card.heard)
    assert not any(key in air for key in inside.keys)


def test_a_made_badge_can_be_read_and_not_written_by_anybody() -> None:
    card = badge()
    ndef, number = card.files[2], card.files[3]
    assert ndef.allows(None, writing=False)
    assert not ndef.allows(None, writing=True)
    assert {key for key in KEYS if ndef.allows(key, writing=True)} == {0}
    assert {key for key in KEYS if number.allows(key, writing=False)} == {3}
    assert {key for key in KEYS if number.allows(key, writing=True)} == {0}
    assert {key for key in KEYS for file in (ndef, number) if file.changeable(key)} == {0}
    assert not number.allows(None, writing=False)


@pytest.mark.parametrize("after", range(MAKING))
@pytest.mark.parametrize("arrives", [False, True])
def test_a_badge_torn_away_while_it_is_made_can_be_made_again(after: int, *, arrives: bool) -> None:
    card = Ntag424(UID)
    with pytest.raises(CardGoneError):
        making(NTAG424, Torn(card, after, arrives=arrives))
    card.power_on()
    token = making(NTAG424, card).token
    card.power_on()
    assert reading(NTAG424, card).token == token


def test_making_takes_as_many_commands_as_it_is_torn_at() -> None:
    card = Recorder(Ntag424(UID))
    making(NTAG424, card)
    assert len(card.heard) == MAKING


@pytest.mark.parametrize("after", range(6))
def test_a_badge_torn_away_while_it_is_read_proves_nothing_and_is_none_the_worse(after: int) -> None:
    card = badge()
    with pytest.raises(CardGoneError):
        reading(NTAG424, Torn(card, after))
    assert reading(NTAG424, card).token


def test_a_badge_made_again_has_another_number_and_the_old_one_is_gone() -> None:
    card = badge()
    old = reading(NTAG424, card).token
    new = making(NTAG424, card).token
    assert new != old
    assert reading(NTAG424, card).token == new


def test_a_card_that_does_not_give_back_its_number_is_no_badge() -> None:
    card = Ntag424(UID)

    def forgets(answer: bytes) -> bytes:
        card.files[3].data[:16] = bytes(range(16))
        return answer

    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, Changed(card, MAKING - 2, forgets))
    assert refused.value.fault is CardFault.BROKEN


def test_a_badge_of_another_site_cannot_be_made_ours() -> None:
    card = badge(keys=OTHER_SITE)
    keys, number = list(card.keys), bytes(card.files[3].data)
    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, card, SITE)
    assert refused.value.fault is CardFault.WRONG_KEY
    assert (card.keys, bytes(card.files[3].data)) == (keys, number)


@pytest.mark.parametrize("number", KEYS[1:])
def test_a_card_that_somebody_else_has_begun_to_make_is_refused(number: int) -> None:
    card = Ntag424(UID)
    card.keys[number], card.versions[number] = b"somebody else's.", 7
    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, card)
    assert refused.value.fault is CardFault.BROKEN
    assert card.keys[0] == bytes(16)
    assert card.files[2].sdm is None


def test_a_card_half_made_under_another_site_key_is_refused() -> None:
    card = Ntag424(UID)
    with pytest.raises(CardGoneError):
        making(NTAG424, Torn(card, 12), OTHER_SITE)
    card.power_on()
    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, card, SITE)
    assert refused.value.fault is CardFault.WRONG_KEY


def test_a_card_that_shows_another_number_than_its_own_gets_no_key() -> None:
    card = Ntag424(UID, own_uid=bytes.fromhex("04DE5F1EACC040"))
    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, card)
    assert refused.value.fault is CardFault.BROKEN
    assert card.keys == [bytes(16)] * 5


def test_a_blank_card_is_not_a_badge() -> None:
    with pytest.raises(NotThisCardError):
        reading(NTAG424, Ntag424(UID))


def test_a_tag_of_another_make_is_not_a_badge() -> None:
    tag = Type4Tag(UID, b"\x00\x11\xd1\x01\x0dU\x04example.org/a".ljust(256, b"\x00"))
    with pytest.raises(NotThisCardError):
        reading(NTAG424, tag)
    with pytest.raises(NotThisCardError):
        reading(NTAG424, Desfire(UID))


@pytest.mark.parametrize("uid", [b"", bytes(4), bytes(10)])
def test_a_card_with_a_uid_of_another_length_is_not_even_asked(uid: bytes) -> None:
    card = Recorder(Ntag424(UID))
    for run in (NTAG424.read, NTAG424.make):
        assert run is not None
        with pytest.raises(NotThisCardError):
            next(run(uid, SITE))
    assert not card.heard


def test_a_badge_without_a_site_key_in_the_box_is_no_key_and_a_strange_card_stays_strange() -> None:
    with pytest.raises(CardRefusedError) as refused:
        reading(NTAG424, badge(), None)
    assert refused.value.fault is CardFault.NO_KEY
    with pytest.raises(CardRefusedError) as refused:
        making(NTAG424, Ntag424(UID), None)
    assert refused.value.fault is CardFault.NO_KEY
    with pytest.raises(NotThisCardError):
        reading(NTAG424, Ntag424(UID), None)


def test_a_badge_whose_counter_has_come_to_its_end_is_none_any_more_and_can_be_made_again() -> None:
    card = badge()
    card.mirror.counter = 0xFFFFFF
    with pytest.raises(NotThisCardError):
        reading(NTAG424, card)
    assert making(NTAG424, card).counter == 1


def test_the_file_of_a_badge_is_the_template_to_whoever_is_authenticated() -> None:
    assert badge().files[2].data[: len(TEMPLATE)] == TEMPLATE
