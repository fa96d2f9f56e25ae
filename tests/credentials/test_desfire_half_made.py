"""The making of a badge may be broken off anywhere; begun again, it is finished, or it says why not."""

import pytest

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_channels import MACED
from firmware_shims.cards.desfire_lies import Torn
from firmware_shims.cards.desfire_memory import Application, File
from hardware.credentials.desfire_reading import AID, card_key
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.signals import CardFault
from tests.credentials.tapping import OTHER_SITE, SITE, UID, CardGoneError, Wire, badge, make, outcome, read

LENGTH = {1: 27, 2: 22}  # answers of a whole making
TORN = [(generation, after) for generation in (1, 2) for after in range(LENGTH[generation])]


@pytest.mark.parametrize("generation", [1, 2])
def test_a_whole_making_has_so_many_steps(generation: int) -> None:
    wire = Wire(Desfire(UID, generation))
    make(wire.card, wire=wire)
    assert len(wire.crossed) == LENGTH[generation]


@pytest.mark.parametrize("arrives", [False, True], ids=["lost command", "lost answer"])
@pytest.mark.parametrize(("generation", "after"), TORN)
def test_a_badge_torn_away_at_any_step_can_be_finished(generation: int, after: int, arrives: bool) -> None:
    card = Desfire(UID, generation)
    with pytest.raises(CardGoneError):
        make(Torn(card, after, arrives))
    card.power_on()
    token = make(card).token
    card.power_on()
    assert read(card).token == token
    assert card.applications[AID].keys == [card_key(SITE, UID, 0), card_key(SITE, UID, 1)]


@pytest.mark.parametrize(("generation", "after"), TORN)
def test_a_badge_torn_away_shows_a_number_or_is_refused(generation: int, after: int) -> None:
    card = Desfire(UID, generation)
    with pytest.raises(CardGoneError):
        make(Torn(card, after))
    card.power_on()
    said = outcome(card)
    assert len(said) == 32 or said in {"not ours", "wrong_key", "broken"}
    assert said != "00" * 16


def refused(card: Desfire) -> CardFault:
    with pytest.raises(CardRefusedError) as caught:
        make(card)
    return caught.value.fault


def test_a_badge_of_another_site_is_not_made_ours() -> None:
    card = badge(OTHER_SITE)
    before = list(card.applications[AID].keys)
    assert refused(card) is CardFault.WRONG_KEY
    assert card.applications[AID].keys == before


def prepared(settings: bytes = b"\x01\x82", files: dict[int, File] | None = None) -> Desfire:
    """A card on which somebody has made an application with our name and the factory's keys."""
    card = Desfire(UID)
    card.applications[AID] = Application(settings, [bytes(16)] * (settings[1] & 0xF), files or {})
    return card


@pytest.mark.parametrize(
    "settings",
    ["0F82", "0183", "0982", "0582", "0382", "1182", "E182", "F182"],
    ids=lambda text: f"settings {text}",
)
def test_an_application_prepared_with_other_settings_is_refused(settings: str) -> None:
    assert refused(prepared(bytes.fromhex(settings))) is CardFault.BROKEN


@pytest.mark.parametrize(
    "file",
    [
        File(MACED, b"\xff\x10", bytearray(16)),
        File(3, b"\xff\x1e", bytearray(16)),  # anybody writes
        File(3, b"\xff\xe0", bytearray(16)),  # anybody reads
        File(3, b"\xf0\x10", bytearray(16)),  # the rights may change
        File(3, b"\x1f\x10", bytearray(16)),  # the reading key also writes
        File(3, b"\xff\x10", bytearray(32)),
    ],
    ids=lambda file: file.settings.hex(),
)
def test_a_file_prepared_with_other_rights_is_refused(file: File) -> None:
    assert refused(prepared(files={0: file})) is CardFault.BROKEN


def test_an_application_with_a_strange_file_is_refused() -> None:
    file = File(3, b"\xff\x10", bytearray(16))
    assert refused(prepared(files={1: file})) is CardFault.BROKEN
    assert refused(prepared(files={0: file, 1: file})) is CardFault.BROKEN


def test_a_reading_key_that_is_neither_ours_nor_the_factorys_is_refused() -> None:
    card = prepared()
    card.applications[AID].keys[1] = bytes(range(16))
    assert refused(card) is CardFault.BROKEN


def test_a_card_that_keeps_another_number_than_it_was_given_is_no_badge() -> None:
    class Forgetful(Desfire):
        def answer(self, apdu: bytes) -> bytes | None:
            answer = super().answer(apdu)
            if apdu[1] == 0x3D:
                self.applications[AID].files[0].content[:] = bytes(range(16))
            return answer

    assert refused(Forgetful(UID)) is CardFault.BROKEN


def test_a_card_that_is_no_desfire_is_not_made_a_badge() -> None:
    class Other:
        uid = UID

        def answer(self, _: bytes) -> bytes | None:
            return b"\x6d\x00"

    with pytest.raises(NotThisCardError):
        make(Other())
