"""Texts in two languages: English stands in the source, Chinese in translations/zh/<page>.po.

Rule: one file a page; the test finds what is missing and what nobody says any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import has_request_context

from controller.core import sentences, sentences_zh, unseen
from web.seat import language

FOLDER = Path(__file__).parent / "translations" / "zh"
_WORDS: dict[str, tuple[Mapping[Any, str], ...]] = {
    "en": (
        *(sentences.KIND_SENTENCES, sentences.NEEDS, sentences.ALARM_SENTENCES),
        *(sentences.LEVEL_SENTENCES, unseen.UNSEEN),
    ),
    "zh": (
        *(sentences_zh.KIND_SENTENCES_ZH, sentences_zh.NEEDS_ZH, sentences_zh.ALARM_SENTENCES_ZH),
        *(sentences_zh.LEVEL_SENTENCES_ZH, unseen.UNSEEN_ZH),
    ),
}
_KINDS, _NEEDS, _ALARMS, _LEVELS, _UNSEEN = range(5)


@cache
def catalogue() -> dict[str, str]:
    """English text → Chinese text, of all pages."""
    texts: dict[str, str] = {}
    for file in sorted(FOLDER.glob("*.po")):
        with file.open("rb") as text:
            for message in read_po(text, locale="zh"):
                texts.update(_told(message))
    return texts


def _told(message: Message) -> Iterator[tuple[str, str]]:
    """Every English form of a message with the Chinese one: Chinese has no plural."""
    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    found = str(strings[0] or "")
    return ((str(one), found) for one in ids if one and found)


def translated(text: str) -> str:
    """The text in the language of this request; the English where there is none."""
    if has_request_context() and language() == "zh":
        return catalogue().get(text, text)
    return text


def _(text: str, **values: object) -> str:
    """The text in the language of this request, with ``%(name)s`` replaced by ``values``."""
    found = translated(text)
    return found % values if values else found


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for: to be translated where it is shown
    """Mark a text for translation, and leave it."""
    return text


def kind_sentence(word: str) -> str:
    """What a kind of Entry records, in the language of this request; marks of code are for printed pages."""
    return _sentence(_KINDS, word).replace("`", "")


def need_sentence(word: str) -> str:
    """What a refusal would have needed, in the language of this request."""
    return _sentence(_NEEDS, word)


def alarm_sentence(word: str) -> str:
    """What an alarm means, in the language of this request."""
    return _sentence(_ALARMS, word)


def level_sentence(word: str) -> str:
    """What a level of a supervised input means, in the language of this request."""
    return _sentence(_LEVELS, word)


def unseen_sentence(word: str) -> str:
    """Why a picture is not there, in the language of this request."""
    return _sentence(_UNSEEN, word)


def _sentence(table: int, word: str) -> str:
    return _WORDS[language()][table].get(word, word)
