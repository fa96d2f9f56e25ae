"""A reader we did not write (python-desfire) and our card, and our reader and a badge it made.

The library strips zeros from the end of what it decrypts, so a CRC that ends in 00 is beyond it.
"""

import pytest
from desfire import DESFire
from desfire.devices.base import Device
from desfire.enums import DESFireCommunicationMode, DESFireFileType, DESFireKeySettings, DESFireKeyType
from desfire.exceptions import DESFireException
from desfire.key import DESFireKey
from desfire.schemas import FilePermissions, FileSettings, KeySettings
from hypothesis import assume, given
from hypothesis import strategies as st

from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_channels import crc
from firmware_shims.cards.desfire_lies import Card
from firmware_shims.cards.desfire_memory import Application
from hardware.credentials.desfire_reading import AID, card_key
from tests.credentials.tapping import NUMBER, OTHER_UID, SITE, UID, badge, read

GENERATIONS = pytest.mark.parametrize("generation", [1, 2])
FILE = FileSettings(
    DESFireCommunicationMode.ENCRYPTED,
    DESFireFileType.MDFT_STANDARD_DATA_FILE,
    FilePermissions(read_key=1, write_key=0, read_write_key=0xF, change_key=0xF),
    16,
)


class Native(Device):  # type: ignore[misc]  # the library has no types
    """Puts the library's native frames (status first) into APDUs (status last)."""

    def __init__(self, card: Card) -> None:
        self.card = card

    def transceive(self, frame: list[int]) -> list[int]:
        body = bytes(frame[1:])
        length = bytes([len(body)]) if body else b""
        answer = self.card.answer(bytes([0x90, frame[0], 0, 0]) + length + body + b"\x00")
        assert answer is not None
        return [answer[-1], *answer[:-2]]


def key(value: bytes) -> DESFireKey:
    return DESFireKey(KeySettings(key_type=DESFireKeyType.DF_KEY_AES), value)


def opened(card: Card, number: int, value: bytes) -> DESFire:
    reader = DESFire(Native(card))
    reader.select_application(list(AID))
    reader.authenticate(number, key(value))
    return reader


@GENERATIONS
def test_a_foreign_reader_with_the_diversified_key_reads_the_number(generation: int) -> None:
    reader = opened(badge(generation=generation), 1, card_key(SITE, UID, 1))
    assert bytes(reader.read_file_data(0, FILE)) == NUMBER
    assert bytes(reader.read_file_data(0, FILE)) == NUMBER  # the chain goes on


@given(st.binary(min_size=16, max_size=16), st.sampled_from([1, 2]))
def test_a_foreign_reader_reads_any_number(number: bytes, generation: int) -> None:
    assume(crc(number + b"\x00")[-1])
    reader = opened(badge(generation=generation, number=number), 1, card_key(SITE, UID, 1))
    assert bytes(reader.read_file_data(0, FILE)) == number


@GENERATIONS
@pytest.mark.parametrize("value", [bytes(16), card_key(SITE, OTHER_UID, 1), card_key(SITE, UID, 0)])
def test_a_foreign_reader_without_the_key_is_refused(generation: int, value: bytes) -> None:
    with pytest.raises(DESFireException, match="AuthentError"):
        opened(badge(generation=generation), 1, value)


def test_nobody_reads_without_a_key_or_writes_with_the_reading_key() -> None:
    reader = DESFire(Native(badge()))
    reader.select_application(list(AID))
    with pytest.raises(DESFireException, match="AuthentError"):
        reader.read_file_data(0, FileSettings(DESFireCommunicationMode.PLAIN, file_size=16))
    card = badge()
    reader = opened(card, 1, card_key(SITE, UID, 1))
    with pytest.raises(DESFireException, match="AuthentError"):
        reader.write_file_data(0, 0, DESFireCommunicationMode.ENCRYPTED, list(bytes(16)))
    assert card.applications[AID].files[0].content == NUMBER
    reader = opened(card, 1, card_key(SITE, UID, 1))
    with pytest.raises(DESFireException, match="PermissionDenied"):
        reader.change_key(0, key(card_key(SITE, UID, 0)), key(bytes(16)), 1)


@GENERATIONS
def test_a_foreign_reader_understands_what_else_the_card_says(generation: int) -> None:
    reader = opened(badge(generation=generation), 0, card_key(SITE, UID, 0))
    assert bytes(reader.get_real_uid()) == UID
    version = reader.get_card_version()  # three frames under one MAC
    assert bytes(version.uid) == UID
    settings = reader.get_key_setting()
    assert (settings.key_type, settings.max_keys) == (DESFireKeyType.DF_KEY_AES, 2)
    free = {DESFireKeySettings.KS_LISTING_WITHOUT_MK, DESFireKeySettings.KS_CREATE_DELETE_WITHOUT_MK}
    assert not free & set(settings.settings)
    assert DESFireKeySettings.KS_CONFIGURATION_CHANGEABLE not in settings.settings
    assert reader.get_file_ids() == [0]
    found = reader.get_file_settings(0)
    assert (found.encryption, found.file_size) == (DESFireCommunicationMode.ENCRYPTED, 16)


@GENERATIONS
def test_a_badge_made_by_a_foreign_hand_is_read_by_ours(generation: int) -> None:
    card = Desfire(UID, generation)
    card.applications[AID] = Application(b"\x01\x82", [bytes(16), bytes(16)])
    reader = opened(card, 0, bytes(16))
    reader.change_key(1, key(bytes(16)), key(card_key(SITE, UID, 1)), 1)
    reader.change_key(0, key(bytes(16)), key(card_key(SITE, UID, 0)), 1)
    reader = opened(card, 0, card_key(SITE, UID, 0))
    reader.create_standard_file(0, FILE)
    reader.write_file_data(0, 0, DESFireCommunicationMode.ENCRYPTED, list(NUMBER))
    assert read(card).token == NUMBER.hex().upper()
