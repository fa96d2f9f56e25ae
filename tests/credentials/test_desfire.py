"""A DESFire badge is read and made: the conversations with a card, byte by byte, under both generations."""

import re

import pytest

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_channels import FULL
from hardware.credentials import CREDENTIALS
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.desfire_reading import AID, card_key
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.signals import CardFault
from tests.credentials.tapping import NUMBER, OTHER_UID, SITE, UID, Wire, badge, make, outcome, read

GENERATIONS = pytest.mark.parametrize("generation", [1, 2])

READ_EV2 = [
    ("905A000003F49A0100", "9100"),
    ("9071000002010000", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "[0-9A-F]{64}9100"),
    ("90BD00000F00000000100000[0-9A-F]{16}00", "[0-9A-F]{80}9100"),
]
READ_EV1 = [
    ("905A000003F49A0100", "9100"),
    ("9071000002010000", "911C"),
    ("90AA0000010100", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "[0-9A-F]{32}9100"),
    ("90BD0000070000000010000000", "[0-9A-F]{64}9100"),
]
BEFORE_MAKING = [("905A000003F49A0100", "91A0"), ("905A00000300000000", "9100")]
MAKE_EV2 = [
    *BEFORE_MAKING,
    ("90CA000005F49A01018200", "9100"),
    ("905A000003F49A0100", "9100"),
    ("9071000002000000", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "91AE"),
    ("9071000002010000", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "91AE"),
    ("9071000002000000", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "[0-9A-F]{64}9100"),
    ("90C400002901[0-9A-F]{80}00", "[0-9A-F]{16}9100"),
    ("90C400002900[0-9A-F]{80}00", "9100"),
    ("9071000002000000", "[0-9A-F]{32}91AF"),
    ("90AF000020[0-9A-F]{64}00", "[0-9A-F]{64}9100"),
    ("9045000008[0-9A-F]{16}00", "0182[0-9A-F]{16}9100"),
    ("906F000008[0-9A-F]{16}00", "[0-9A-F]{16}9100"),
    ("90CD00000F0003FF10100000[0-9A-F]{16}00", "[0-9A-F]{16}9100"),
    ("903D00002F00000000100000[0-9A-F]{80}00", "[0-9A-F]{16}9100"),
    *READ_EV2,
]


def assert_crossed(wire: Wire, script: list[tuple[str, str]]) -> None:
    assert len(wire.crossed) == len(script), wire.codes
    for crossed, due in zip(wire.crossed, script, strict=True):
        for said, pattern in zip(crossed, due, strict=True):
            assert re.fullmatch(pattern, said.hex().upper()), (said.hex().upper(), pattern)


def test_desfire_is_the_strongest_scheme_and_needs_a_site_key() -> None:
    assert CREDENTIALS[0] is DESFIRE
    assert DESFIRE.keyed


@pytest.mark.parametrize(("generation", "script"), [(2, READ_EV2), (1, READ_EV1)])
def test_reading_says_these_bytes(generation: int, script: list[tuple[str, str]]) -> None:
    wire = Wire(badge(generation=generation))
    assert read(wire.card, wire=wire).token == NUMBER.hex().upper()
    assert_crossed(wire, script)


def test_making_says_these_bytes() -> None:
    wire = Wire(Desfire(UID))
    proof = make(wire.card, wire=wire)
    assert_crossed(wire, MAKE_EV2)
    assert read(wire.card) == proof


def test_a_badge_has_no_counter_of_its_own() -> None:
    assert read(badge()).counter is None


@GENERATIONS
def test_a_made_badge_is_what_it_should_be_and_nothing_is_free(generation: int) -> None:
    card = Desfire(UID, generation)
    token = make(card).token
    assert list(card.applications) == [AID]
    application = card.applications[AID]
    assert application.keys == [card_key(SITE, UID, 0), card_key(SITE, UID, 1)]
    assert application.settings == b"\x01\x82"  # all changes with key 0; frozen; no free listing or creating
    assert list(application.files) == [0]
    file = application.files[0]
    assert (file.mode, file.rights, file.content.hex().upper()) == (FULL, b"\xff\x10", token)


@GENERATIONS
def test_neither_number_nor_keys_cross_the_air_in_clear(generation: int) -> None:
    wire = Wire(Desfire(UID, generation))
    token = make(wire.card, wire=wire).token
    air = b"".join(said for crossed in wire.crossed for said in crossed)
    secrets = [bytes.fromhex(token), *wire.card.applications[AID].keys]  # type: ignore[attr-defined]
    assert not [secret.hex() for secret in secrets if secret in air]


@GENERATIONS
def test_every_badge_made_has_another_number(generation: int) -> None:
    tokens = {make(Desfire(UID, generation)).token for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch("[0-9A-F]{32}", token) for token in tokens)


@GENERATIONS
def test_the_keys_of_a_badge_open_no_other_badge(generation: int) -> None:
    keys = {card_key(SITE, uid, number) for uid in (UID, OTHER_UID) for number in (0, 1)}
    assert len(keys) == 4
    assert outcome(badge(uid=UID, generation=generation, keys_of=OTHER_UID)) == "wrong_key"


def test_a_badge_of_ours_that_is_made_again_gets_a_new_number() -> None:
    card = badge()
    token = make(card).token
    assert token != NUMBER.hex().upper()
    assert read(card).token == token


def test_an_application_of_somebody_else_stays_untouched() -> None:
    card = badge()
    card.applications[b"\x01\x02\x03"] = strange = badge().applications[AID]
    before = bytes(strange.files[0].content), list(strange.keys)
    make(card)
    assert (bytes(strange.files[0].content), strange.keys) == before


def test_a_card_without_our_application_is_not_ours() -> None:
    with pytest.raises(NotThisCardError):
        read(Desfire(UID))


@pytest.mark.parametrize("uid", ["", "08A1B2C3", "04A1B2C3D4E5", "04" * 8])
def test_a_card_whose_uid_no_desfire_has_is_asked_nothing(uid: str) -> None:
    for converse in (DESFIRE.read, DESFIRE.make):
        assert converse is not None
        with pytest.raises(NotThisCardError):
            next(converse(bytes.fromhex(uid), SITE))


def test_a_badge_with_a_uid_of_ten_bytes_is_read() -> None:
    uid = bytes(range(10))
    assert read(badge(uid=uid)).token == NUMBER.hex().upper()


def test_without_a_site_key_our_card_is_refused_and_a_strange_one_is_not_ours() -> None:
    assert outcome(badge(), None) == "no_key"
    assert outcome(Desfire(UID), None) == "not ours"


def test_without_a_site_key_no_badge_is_made_and_the_card_stays_blank() -> None:
    card = Desfire(UID)
    with pytest.raises(CardRefusedError) as caught:
        make(card, None)
    assert caught.value.fault is CardFault.NO_KEY
    assert not card.applications


def test_a_badge_that_was_never_given_a_number_is_broken() -> None:
    assert outcome(badge(number=bytes(16))) == "broken"
