"""The first sentence of the proof says what was looked at, and no more."""

from __future__ import annotations

import pytest

from controller.ledger.custody_log import CustodyLog
from controller.ledger.sqlite import sqlite3
from tests.web.conftest import Console
from tests.web.peer import Peer
from web.review.proof_state import Heads
from web.review.verdict import verdict
from web.review.verifying import Checked, Verified

AT = "2026-03-02 14:02:00 UTC+0800"


def checked(first: int, last: int, wrong: str = "") -> Checked:
    return Checked(AT, Verified(first, last, 1, wrong))


@pytest.mark.parametrize(
    ("heads", "found", "troubles", "tone", "said"),
    [
        (Heads(), checked(0, 8), (), "good", f"verified at {AT}, all 9 entries."),
        (Heads(), checked(4, 6), (), "good", "its newest entries, 4 to 6. Written since then: 2."),
        (Heads(), None, (), "none", "Nobody has verified"),
        (Heads(), checked(0, 8), ("log_unwitnessed",), "warn", "log_unwitnessed"),
        (Heads(wrong="no right to read it"), checked(0, 8), (), "warn", "no right to read it"),
        (Heads(wrong="another history", damaged=True), checked(0, 8), (), "alarm", "another history"),
        (Heads(), checked(0, 8, "entry 5 has another hash"), ("x",), "alarm", "entry 5 has another hash"),
        (Heads(), checked(0, 9), (), "alarm", "it had 10 entries when it was verified, and has fewer now"),
    ],
)
def test_a_log_is_whole_only_as_far_as_it_was_verified(
    heads: Heads, found: Checked | None, troubles: tuple[str, ...], tone: str, said: str
) -> None:
    made = verdict(heads, 9, found, troubles)
    assert made.tone == tone
    assert said in made.sentence
    assert ("is whole" in made.sentence) == (tone == "good")


def test_the_page_begins_with_it_and_keeps_it_until_the_log_says_otherwise(
    written: CustodyLog, console: Console, peer: Peer
) -> None:
    assert "Not verified" in console.get("/proof").text
    text = console.post("/proof/verify", {}).text
    assert "The log is whole: verified at 2026-03-02 09:01:00 UTC+0800" in text
    assert text.index("The log is whole") < text.index("Signed head")
    assert "The log is whole" in console.get("/proof").text
    with sqlite3.connect(written.file) as db:
        db.execute(
            "UPDATE entry SET body=CAST(replace(CAST(body AS TEXT), 'forced', 'tamper') AS blob) WHERE n=5"
        )
    assert "badge alarm" in console.post("/proof/verify", {}).text
    assert "The log is not as it was written" in console.get("/proof").text
