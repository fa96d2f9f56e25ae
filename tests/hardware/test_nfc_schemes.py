import os
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.type_a import ISO_DEP
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Card, Pn532
from hardware.credentials.exchange import CardRefusedError, Exchange, NotThisCardError, Proof, Scheme
from hardware.credentials.running import Bounds
from hardware.credentials.site_keys import SiteKeys
from hardware.credentials.uid import UID
from hardware.nfc_reader import NfcReader
from hardware.signals import CardFault, CardRead, DeviceBack, DeviceLost, Signal

DOOR = "main.in"
UID_HEX = "04A1B2C3D4E5F6"
NUMBER = "00112233445566778899AABBCCDDEEFF"
PATIENT = Bounds(quickest_ms=2000, each_ms=5000, whole_ms=20000)
"""For a busy machine, where no time is being judged."""
Open = Callable[..., NfcReader]


@dataclass
class Tag:
    """Tells its kind, its number and what it was asked, if it was told a kind at all."""

    kind: bytes = b"lead"
    uid: bytes = bytes.fromhex(UID_HEX)
    heard: list[bytes] = field(default_factory=list)

    def answer(self, apdu: bytes) -> bytes:
        self.heard.append(apdu)
        if apdu[:1] == b"?":
            return (b"\x90\x00" if apdu[1:] == self.kind else b"\x6a\x82") + b"\x00"
        return bytes.fromhex(NUMBER) + apdu + b"\x90\x00"


def scheme(kind: str, *, keyed: bool = False) -> Scheme:
    def read(_: bytes, __: SiteKeys | None) -> Exchange:
        known = yield b"?" + kind.encode()
        if known[:2] == b"\x6a\x82":
            raise NotThisCardError(kind)
        asked = b"!" + os.urandom(299)
        told = yield asked
        if told[16:-2] != asked:
            raise CardRefusedError(CardFault.WRONG_KEY, "it does not know what it was asked")
        yield b"!" + os.urandom(7)
        return Proof(told[:16].hex().upper(), counter=7)

    return Scheme(kind, kind, keyed=keyed, read=read)


LEAD, GOLD, KEYED = scheme("lead"), scheme("gold"), scheme("lead", keyed=True)
PROVED = CardRead(DOOR, NUMBER, "lead", uid=UID_HEX, counter=7)
PLAIN = CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX)


def faulty(fault: CardFault, name: str = "lead") -> CardRead:
    return CardRead(DOOR, UID_HEX, name, uid=UID_HEX, fault=fault)


@pytest.fixture
def start(chip: Pn532, heard: Heard, open_reader: Open) -> Callable[..., NfcReader]:
    def open_one(*schemes: Scheme, keys: SiteKeys | None = None, bounds: Bounds = PATIENT) -> NfcReader:
        return open_reader(chip.port, heard, schemes=schemes, keys=lambda: keys, bounds=bounds)

    return open_one


def reads(heard: Heard) -> list[Signal]:
    return heard.of(CardRead)


def test_a_card_proves_its_number_by_the_scheme_it_speaks(chip: Pn532, heard: Heard, start: Open) -> None:
    start(GOLD, LEAD, UID)
    chip.put(iso_dep.card(Tag()))
    assert heard.wait(PROVED)
    assert chip.wait_scans(4)
    assert heard.all == [DeviceBack(DOOR), PROVED]


def test_a_telephone_with_a_new_uid_at_every_sense_proves_itself_once(
    chip: Pn532, heard: Heard, start: Open
) -> None:
    start(LEAD, UID)
    dep = iso_dep.IsoDep(Tag())
    chip.put(Card(b"\x08\x01\x02\x03", talk=dep, reset=dep.reset, random_uid=True))
    assert heard.wait_kind(CardRead)
    assert chip.wait_scans(4)
    (said,) = reads(heard)
    assert isinstance(said, CardRead)
    assert (said.token, said.scheme, said.uid[:2]) == (NUMBER, "lead", "08")


def test_the_first_proof_wins(chip: Pn532, heard: Heard, start: Open) -> None:
    tag = Tag()
    start(UID, LEAD)
    chip.put(iso_dep.card(tag))
    assert heard.wait(PLAIN)
    assert chip.wait_scans(3)
    assert reads(heard) == [PLAIN]
    assert tag.heard == []


@pytest.mark.parametrize("schemes", [(GOLD,), (GOLD, UID)])
def test_a_card_that_fits_no_scheme_is_its_uid(
    chip: Pn532, heard: Heard, start: Open, schemes: tuple[Scheme, ...]
) -> None:
    start(*schemes)
    chip.put(iso_dep.card(Tag()))
    assert heard.wait(PLAIN)


def test_a_copied_uid_on_a_storage_card_is_a_uid_and_no_word_is_said_to_it(
    chip: Pn532, heard: Heard, start: Open
) -> None:
    start(KEYED)
    chip.put(UID_HEX)
    assert heard.wait(PLAIN)
    assert chip.field.spoken == 0


@pytest.mark.usefixtures("reader")
def test_where_the_uid_is_enough_no_byte_is_sent_to_a_card(chip: Pn532, heard: Heard) -> None:
    chip.put(iso_dep.card(Tag()))
    assert heard.wait(PLAIN)
    assert chip.field.spoken == 0


def test_a_scheme_that_refuses_a_card_ends_the_reading(chip: Pn532, heard: Heard, start: Open) -> None:
    class Liar(Tag):
        def answer(self, apdu: bytes) -> bytes:
            return b"\x90\x00" + bytes(16) + apdu[:0]

    start(LEAD, GOLD, UID)
    chip.put(iso_dep.card(Liar()))
    assert heard.wait(faulty(CardFault.WRONG_KEY))
    assert chip.wait_scans(3)
    assert len(reads(heard)) == 1


@pytest.mark.parametrize("after", range(8))
def test_a_card_torn_away_in_the_middle_is_silence_and_is_read_when_it_comes_back(
    chip: Pn532, heard: Heard, start: Open, after: int
) -> None:
    start(LEAD, UID)
    assert heard.wait(DeviceBack(DOOR))
    card = iso_dep.card(Tag())
    chip.tear(after)
    chip.put(card)
    assert chip.wait_gone()
    assert chip.wait_scans(2)
    assert heard.all == [DeviceBack(DOOR)]
    chip.put(card)
    assert heard.wait(PROVED)
    chip.take()
    assert chip.wait_scans(3)
    chip.put(card)
    assert heard.wait(PROVED, count=2)
    assert not heard.of(DeviceLost)


def test_a_card_that_promises_to_talk_and_never_does_is_faulty_once(
    chip: Pn532, heard: Heard, start: Open
) -> None:
    start(LEAD, UID)
    chip.put(Card(bytes.fromhex(UID_HEX), sak=ISO_DEP))
    assert heard.wait(faulty(CardFault.BROKEN))
    assert chip.wait_scans(4)
    assert len(reads(heard)) == 1


def test_a_badge_that_falls_silent_in_the_middle_three_times_is_broken_and_no_copy(
    chip: Pn532, heard: Heard, start: Open
) -> None:
    card = iso_dep.card(Tag())
    talk = card.talk
    start(LEAD, UID)
    chip.put(Card(card.uid, talk=lambda frame: talk(frame) if frame[0] == 0xE0 else None, reset=card.reset))
    assert heard.wait(faulty(CardFault.BROKEN))
    assert chip.wait_scans(4)
    assert len(reads(heard)) == 1


@pytest.mark.parametrize("ats", ["00", "0578", "067577", "ff" * 20, "0385"])
def test_an_answer_to_select_that_is_garbage_is_a_faulty_card(
    chip: Pn532, heard: Heard, start: Open, ats: str
) -> None:
    start(LEAD, UID)
    chip.put(iso_dep.card(Tag(), ats=bytes.fromhex(ats)))
    assert heard.wait(faulty(CardFault.BROKEN))
    chip.swap("0A0B0C0D")
    assert heard.wait(CardRead(DOOR, "0A0B0C0D", "uid", uid="0A0B0C0D"))


@pytest.mark.parametrize(
    ("delay_s", "fault"), [(0.06, CardFault.SLOW), (0.15, CardFault.SLOW), (1.0, CardFault.BROKEN)]
)
def test_what_a_relay_adds_to_every_answer_gives_it_away_and_one_that_is_too_late_is_no_answer(
    chip: Pn532, heard: Heard, start: Open, delay_s: float, fault: CardFault
) -> None:
    start(LEAD, UID, bounds=Bounds())
    assert heard.wait(DeviceBack(DOOR))
    card = iso_dep.card(Tag())
    # A relay answers the activation itself, which would give it away at once.
    dep = card.talk

    def relayed(frame: bytes) -> bytes | None:
        chip.field.delay_s = 0.0 if frame[0] == 0xE0 else delay_s
        return dep(frame)

    chip.put(Card(card.uid, talk=relayed, reset=card.reset))
    assert heard.wait(faulty(fault))
    assert chip.wait_scans(3)
    assert len(reads(heard)) == 1
    chip.relay(0)
    chip.swap("0A0B0C0D")
    assert heard.wait(CardRead(DOOR, "0A0B0C0D", "uid", uid="0A0B0C0D"))


def test_a_relay_that_pleads_for_time_is_slow(chip: Pn532, heard: Heard, start: Open) -> None:
    start(LEAD, UID, bounds=Bounds())
    chip.put(iso_dep.card(Tag(), pleas=10**9))
    assert heard.wait(faulty(CardFault.SLOW))


def test_a_card_may_plead_for_time_now_and_then(chip: Pn532, heard: Heard, start: Open) -> None:
    start(LEAD, UID)
    chip.put(iso_dep.card(Tag(), pleas=2))
    assert heard.wait(PROVED)


def test_how_long_a_card_took_counts_from_the_sense_that_found_it(chip: Pn532, open_reader: Open) -> None:
    heard = Heard()
    open_reader(chip.port, heard, schemes=(LEAD,))
    assert heard.wait(DeviceBack(DOOR))
    chip.relay(0.025)
    chip.put(iso_dep.card(Tag()))
    assert heard.wait_kind(CardRead)
    (read,) = heard.of(CardRead)
    # The answer to select and at least three answers were held up.
    assert isinstance(read, CardRead)
    assert read.took_ms >= 4 * 25
