"""All kinds of badges on one reader: the real driver of the chip, ISO-DEP, and all schemes in their order."""

from collections.abc import Iterator
from time import monotonic

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.desfire import Desfire
from firmware_shims.cards.desfire_lies import Card, Recorder, Torn
from firmware_shims.cards.ntag424 import Ntag424, Type4Tag
from firmware_shims.cards.piv import PivCard
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials import CREDENTIALS
from hardware.credentials.desfire import DESFIRE
from hardware.credentials.exchange import Scheme
from hardware.credentials.ntag424 import NTAG424
from hardware.credentials.piv import PIV
from hardware.nfc_reader import NfcReader
from hardware.signals import BadgeMade, CardFault, CardRead
from tests.credentials.cards import badge, making, reading
from tests.credentials.tapping import PATIENT, SITE, CardGoneError

DOOR = "main.in"
UID = bytes.fromhex("04958CAA5C5E80")


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def chip() -> Iterator[Pn532]:
    with Pn532() as chip:
        yield chip


@pytest.fixture
def reader(chip: Pn532, heard: Heard) -> Iterator[NfcReader]:
    reader = NfcReader(DOOR, chip.port, sink=heard, schemes=CREDENTIALS, keys=lambda: SITE, bounds=PATIENT)
    reader.start()
    yield reader
    reader.stop()


def first_read(chip: Pn532, heard: Heard, card: Card) -> CardRead:
    chip.put(iso_dep.card(card))
    assert heard.wait_kind(CardRead)
    (read,) = heard.of(CardRead)
    assert isinstance(read, CardRead)
    return read


def desfire() -> Desfire:
    card = Desfire(UID)
    making(DESFIRE, card)
    return card


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("scheme", "card", "counts"),
    [(DESFIRE, desfire(), False), (PIV, PivCard(UID, packed=True), False), (NTAG424, badge(UID.hex()), True)],
)
def test_each_kind_of_badge_proves_its_number_on_a_reader_that_knows_all(
    chip: Pn532, heard: Heard, scheme: Scheme, card: Card, counts: bool
) -> None:
    token = reading(scheme, card).token
    read = first_read(chip, heard, card)
    assert (read.scheme, read.token, read.fault) == (scheme.name, token, None)
    assert (read.counter is not None) is counts
    assert read.uid == card.uid.hex().upper()


@pytest.mark.usefixtures("reader")
def test_a_tag_that_repeats_a_sun_message_on_a_reader_is_a_faulty_ntag424(chip: Pn532, heard: Heard) -> None:
    tap = Recorder(badge(UID.hex()))
    reading(NTAG424, tap)
    ndef = next(said[:-2] for asked, said in tap.heard if asked[1] == 0xB0 and said)
    read = first_read(chip, heard, Type4Tag(UID, ndef))
    assert (read.scheme, read.fault, read.token) == ("ntag424", CardFault.BROKEN, UID.hex().upper())


@pytest.mark.usefixtures("reader")
def test_the_certificate_of_another_card_on_a_reader_is_a_faulty_piv(chip: Pn532, heard: Heard) -> None:
    read = first_read(chip, heard, PivCard(UID, shown=PivCard().shown))
    assert (read.scheme, read.fault, read.token) == ("piv", CardFault.WRONG_KEY, UID.hex().upper())


@pytest.mark.usefixtures("reader")
def test_a_blank_card_on_a_reader_is_its_number_and_nothing_more(chip: Pn532, heard: Heard) -> None:
    read = first_read(chip, heard, Ntag424(UID))
    assert (read.scheme, read.token, read.fault) == ("uid", UID.hex().upper(), None)


def test_a_badge_torn_away_at_the_desk_is_made_at_the_second_attempt(
    chip: Pn532, heard: Heard, reader: NfcReader
) -> None:
    card = Ntag424(UID)
    with pytest.raises(CardGoneError):
        making(NTAG424, Torn(card, 12))
    reader.personalise(NTAG424, monotonic() + 60)
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(card))
    assert heard.wait_kind(BadgeMade)
    (made,) = heard.of(BadgeMade)
    assert made == BadgeMade(DOOR, "ntag424", reading(NTAG424, card).token, UID.hex().upper())
