import pytest

from firmware_shims.cards import iso_dep
from firmware_shims.cards.type_a import Card
from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware.credentials.exchange import Scheme
from hardware.credentials.site_keys import SiteKeys
from hardware.signals import BadgeMade, BadgeNotMade
from tests.hardware.paper_badges import KEYED, PAPER, UID_HEX, Blank, Start, answers, refusal

SITE = SiteKeys(bytes(range(32)))


@pytest.mark.parametrize("scheme", [PAPER, KEYED])
def test_a_card_that_was_spoken_to_in_a_keyed_making_is_named_when_it_fails(
    chip: Pn532, heard: Heard, order: Start, scheme: Scheme
) -> None:
    order(scheme, keys=SITE)
    chip.put(iso_dep.card(Blank(worn=True)))
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == (UID_HEX if scheme is KEYED else "")


@pytest.mark.parametrize("after", range(1, 9))
def test_a_card_torn_away_in_a_keyed_making_is_named_once_it_was_spoken_to(
    chip: Pn532, heard: Heard, order: Start, after: int
) -> None:
    order(KEYED, keys=SITE)
    chip.tear(after - 1)
    chip.put(iso_dep.card(Blank()))
    if after > 7:
        assert heard.wait_kind(BadgeMade)
        return
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == (UID_HEX if after > 1 else "")


@pytest.mark.parametrize("card", [UID_HEX, iso_dep.card(Blank(b"\x08\x01\x02\x03"))])
def test_a_card_that_was_not_spoken_to_is_not_named(
    chip: Pn532, heard: Heard, order: Start, card: str | Card
) -> None:
    order(KEYED, keys=SITE)
    chip.put(card)
    assert heard.wait_kind(BadgeNotMade)
    (said,) = answers(heard)
    assert isinstance(said, BadgeNotMade)
    assert said.uid == ""


@pytest.mark.parametrize("after", range(1, 9))
def test_a_card_torn_away_while_it_is_made_is_no_badge(
    chip: Pn532, heard: Heard, order: Start, after: int
) -> None:
    order()
    chip.tear(after - 1)
    chip.put(iso_dep.card(Blank()))
    # Activation and four steps; activation and one step to prove itself.
    if after > 7:
        assert heard.wait_kind(BadgeMade)
    else:
        assert refusal(heard) == "the card was taken away before it was done"
    assert len(answers(heard)) == 1


def test_a_chip_that_fails_in_the_middle_makes_no_badge(chip: Pn532, heard: Heard, order: Start) -> None:
    class Failing(Blank):
        def answer(self, apdu: bytes) -> bytes:
            chip.stall()
            return super().answer(apdu)

    order()
    chip.mangle = None
    chip.put(iso_dep.card(Failing()))
    # The answer that was being given still comes; the next question meets a dead chip.
    assert refusal(heard) == "the reader failed while the badge was made"
