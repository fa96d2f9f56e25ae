"""What the desk itself refuses, before anybody else is asked. Rule: no word tells which part was wrong."""

from __future__ import annotations

from typing import Any

from controller.core.sentences import NEEDS
from controller.core.words import Reason

Told = dict[str, Any]

DESK_NEEDS = {
    "signed_out": "signing in",
    "wrong": "a passkey that counts, or the right name, password and one-time code",
    "locked": "waiting, or a passkey",
    "not_fresh": "a proof that is not older than five minutes: passkey, or password and one-time code",
    "expired": "beginning anew: it was used, or its time is over",
    "weak": "another password",
    "no_answer": "a controller that answers; the log tells what became of it",
    "no_picture": "a picture that is there and that this person may see",
}
"""Words of the desk, beside the Reasons of the log, with what would be right."""


class NoError(Exception):
    """A refusal on its way out: ``answer`` is what is told."""

    def __init__(self, word: str | Reason, need: str = "", **more: Any) -> None:
        super().__init__(word)
        self.answer: Told = no(word, need, **more)


def no(word: str | Reason, need: str = "", **more: Any) -> Told:
    """A refusal as the line tells it."""
    sentence = NEEDS[word] if isinstance(word, Reason) else DESK_NEEDS[word]
    return {**more, "refused": str(word), "need": need or sentence}
