from firmware_shims.cards import iso_dep
from firmware_shims.cards.type_a import Card
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials.uid import UID
from hardware.signals import BadgeMade, CardRead
from tests.hardware.paper_badges import DOOR, KEYED, PAPER, UID_HEX, Blank, Start, answers, refusal


def test_the_next_card_becomes_a_badge_that_proves_itself_and_is_no_presentation(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    blank = Blank()
    order()
    chip.put(iso_dep.card(blank))
    assert heard.wait_kind(BadgeMade)
    token = blank.number.hex().upper()
    assert answers(heard) == [BadgeMade(DOOR, "paper", token, UID_HEX)]
    assert chip.wait_scans(3)
    assert not heard.of(CardRead)
    chip.take()
    assert chip.wait_scans(12)  # on a busy machine scans are close together, and the card is not yet gone
    chip.put(iso_dep.card(blank))
    assert heard.wait(CardRead(DOOR, token, "paper", uid=UID_HEX))


def test_a_blank_that_shows_the_number_of_a_badge_is_told_nothing(
    chip: Pn532, heard: Heard, order: Start
) -> None:
    dep = iso_dep.IsoDep(Blank())
    order(PAPER, frozenset({UID_HEX}))
    chip.put(Card(bytes.fromhex(UID_HEX), talk=dep, reset=dep.reset))
    assert "already" in refusal(heard)
    assert not dep.apdus


def test_two_cards_make_no_badge_and_the_one_that_stays_does(chip: Pn532, heard: Heard, order: Start) -> None:
    first, second = Blank(), Blank(b"\x11\x22\x33\x44")
    order()
    chip.put_together(iso_dep.card(first), iso_dep.card(second))
    assert chip.wait_scans(3)
    assert not answers(heard)
    assert first.number == second.number == b""
    chip.take(second.uid.hex())
    assert heard.wait_kind(BadgeMade)
    assert first.number != b""


def test_a_card_that_keeps_another_number_is_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    order()
    chip.put(iso_dep.card(Blank(worn=True)))
    assert refusal(heard) == "the card shows another number than it was given"


def test_a_card_with_a_random_uid_is_told_nothing(chip: Pn532, heard: Heard, order: Start) -> None:
    blank = Blank(b"\x08\x01\x02\x03")
    order()
    chip.put(iso_dep.card(blank))
    assert "a random number" in refusal(heard)
    assert blank.number == b""


def test_a_storage_card_becomes_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    order()
    chip.put(UID_HEX)
    assert "cannot become a badge of level paper" in refusal(heard)


def test_a_level_that_is_made_elsewhere_is_not_made_here(chip: Pn532, heard: Heard, order: Start) -> None:
    order(UID)
    chip.put(iso_dep.card(Blank()))
    assert refusal(heard) == "a badge of level uid is not made here"


def test_without_a_site_key_nothing_keyed_is_made(chip: Pn532, heard: Heard, order: Start) -> None:
    blank = Blank()
    order(KEYED)
    chip.put(iso_dep.card(blank))
    assert refusal(heard) == "this box has no site key yet"
    assert blank.number == b""
