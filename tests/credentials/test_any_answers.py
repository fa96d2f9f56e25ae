"""Ten thousand answers that no badge gives: refused, or no such card, and never a proof."""

from __future__ import annotations

import random

from tests.fuzzing import cards

ANSWERS = 10_000


def test_ten_thousand_random_and_damaged_answers_are_a_refusal_or_another_card_and_no_proof() -> None:
    dice = random.Random(7816)  # noqa: S311 - the same noise every time
    cards.TALLY.answers = 0
    cards.TALLY.ends.clear()
    while cards.TALLY.answers < ANSWERS:
        cards.any_answers(dice.randbytes(dice.randrange(400)))
        cards.damaged_answers(dice.randbytes(dice.randrange(8)))
    assert {"CardRefusedError", "NotThisCardError", "proved"} <= cards.TALLY.ends.keys()
    assert cards.TALLY.ends["proved"] > 10  # badges that were not damaged
    assert "went on" not in cards.TALLY.ends


def test_ten_thousand_objects_of_any_bytes_are_some_or_are_refused() -> None:
    dice = random.Random(4210)  # noqa: S311 - the same noise every time
    for _ in range(ANSWERS):
        cards.objects(dice.randbytes(dice.randrange(120)))
