"""What the controller's desk refuses, in the reader's language. Rule: an unknown word is told as it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web.i18n import N_, _, need_sentence

# Words of the desk itself, beside the Reasons of the log.
DESK = {
    "signed_out": N_("Sign in first."),
    "wrong": N_("That did not fit. Check what you typed, or use another passkey."),
    "locked": N_("Too many attempts. Wait, or use a passkey."),
    "not_fresh": N_("Confirm first that it is you: sign in once more on this screen."),
    "expired": N_("It took too long, or it was used already. Begin again."),
    "weak": N_("Choose another password: this one is short or known."),
    "no_answer": N_("The controller did not answer in time. Look first whether it was done."),
    "not_understood": N_(
        "Something here does not fit. Check every field; if all are right, load the page anew."
    ),
    "no_picture": N_("There is no picture that you may see."),
}


def sentence_of(answer: Mapping[str, Any]) -> str:
    """What a refusal would have needed, as a sentence."""
    word = str(answer.get("refused", ""))
    if answer.get("wait_s"):
        return _("Too many attempts. Wait %(s)s seconds, then try again.", s=int(answer["wait_s"]))
    if word in DESK:
        return _(DESK[word])
    known = need_sentence(word)
    return _("This needs: %(need)s.", need=known if known != word else answer.get("need", word))
