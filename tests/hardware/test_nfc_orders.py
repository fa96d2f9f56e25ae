import threading
from time import monotonic

from firmware_shims.cards import iso_dep
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials.exchange import Exchange, Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.nfc_reader import TAKEN_BACK
from hardware.signals import BadgeMade, BadgeNotMade, CardRead, DeviceLost
from tests.hardware.paper_badges import (
    DOOR,
    LONG_S,
    PAPER,
    SOON_S,
    UID_HEX,
    Blank,
    Start,
    answers,
    make,
    read,
    refusal,
)


def test_a_card_that_lies_there_when_the_order_comes_is_lifted_first(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert chip.wait_scans(5)
    assert not answers(heard)
    assert blank.number == b""
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)


def test_a_sticker_hidden_under_the_reader_becomes_no_badge_and_is_told_of(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    sticker, card = Blank(), Blank(b"\x11\x22\x33\x44")
    reader = desk()
    chip.put(iso_dep.card(sticker))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() + 3 * SOON_S)
    chip.put_together(iso_dep.card(sticker), iso_dep.card(card))
    assert chip.wait_scans(3)
    chip.take(card.uid.hex())
    assert "lay on the reader from the beginning" in refusal(heard)
    assert sticker.number == card.number == b""


def test_a_card_that_one_sense_misses_was_not_lifted(chip: Pn532, heard: Heard, desk: Start) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() + LONG_S)
    chip.cut_next_scan(0)
    assert chip.wait_scans(6)
    assert not answers(heard)
    assert blank.number == b""


def test_an_order_that_no_card_comes_to_expires(chip: Pn532, heard: Heard, desk: Start) -> None:
    desk().personalise(PAPER, monotonic() + SOON_S)
    assert "no card came in time" in refusal(heard)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(CardRead)
    assert len(answers(heard)) == 1


def test_an_order_that_is_over_when_it_comes_makes_nothing_of_a_card_that_lies_there(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    blank = Blank()
    reader = desk()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(CardRead)
    reader.personalise(PAPER, monotonic() - 1)
    assert "lay on the reader" in refusal(heard)
    assert blank.number == b""


def test_an_order_at_a_lost_reader_expires_too(chip: Pn532, heard: Heard, desk: Start) -> None:
    reader = desk()
    chip.vanish()
    assert heard.wait_kind(DeviceLost)
    reader.personalise(PAPER, monotonic() + SOON_S)
    assert "no card came in time" in refusal(heard)


def test_a_second_order_is_refused_at_once_and_the_first_goes_on(
    chip: Pn532, heard: Heard, desk: Start
) -> None:
    reader = desk()
    reader.personalise(PAPER, monotonic() + LONG_S)
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert refusal(heard) == "this reader is making another badge"
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(BadgeMade)
    reader.personalise(PAPER, monotonic() + LONG_S)
    chip.take()
    assert chip.wait_scans(3)
    chip.put(iso_dep.card(Blank()))
    assert heard.wait_kind(BadgeMade, 2)


def test_of_many_orders_at_once_exactly_one_is_taken(heard: Heard, desk: Start) -> None:
    reader = desk()
    gate = threading.Barrier(8)

    def order() -> None:
        gate.wait()
        reader.personalise(PAPER, monotonic() + LONG_S)

    threads = [threading.Thread(target=order) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers(heard)) == 7
    reader.stop()
    assert answers(heard)[7:] == [BadgeNotMade(DOOR, "the reader has stopped")]
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert answers(heard)[8:] == [BadgeNotMade(DOOR, "this reader has stopped")]


def test_an_order_that_is_taken_back_is_answered_once_and_the_card_that_comes_then_is_read(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    blank = Blank()
    reader = order()
    reader.withdraw()
    reader.withdraw()
    assert refusal(heard) == TAKEN_BACK
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, UID_HEX, "uid", uid=UID_HEX))
    assert blank.number == b""
    chip.take()
    reader.personalise(PAPER, monotonic() + LONG_S)
    assert chip.wait_scans(4)
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)


def test_a_card_that_is_being_made_when_it_is_taken_back_becomes_a_badge(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    taken_back = threading.Event()

    def slowly(uid: bytes, keys: SiteKeys | None) -> Exchange:
        reader.withdraw()
        taken_back.set()
        return (yield from make(uid, keys))

    blank = Blank()
    reader = order(Scheme("paper", "paper", keyed=False, read=read, make=slowly))
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)
    assert taken_back.is_set()
    assert answers(heard) == [BadgeMade(DOOR, "paper", blank.number.hex().upper(), UID_HEX)]
