"""Every stable word has a sentence in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.sentences_zh import ALARM_SENTENCES_ZH, KIND_SENTENCES_ZH, NEEDS_ZH
from controller.core.words import AlarmKind, Kind, Reason
from controller.search_texts import search_texts


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (Kind, KIND_SENTENCES, KIND_SENTENCES_ZH),
        (Reason, NEEDS, NEEDS_ZH),
        (AlarmKind, ALARM_SENTENCES, ALARM_SENTENCES_ZH),
    ],
)
def test_every_word_is_told_in_both_languages(
    words: type[StrEnum], english: Mapping[StrEnum, str], chinese: Mapping[StrEnum, str]
) -> None:
    assert list(english) == list(chinese) == list(words)
    assert all("\u4e00" <= sentence[0] <= "\u9fff" for sentence in chinese.values())
    assert len(set(chinese.values())) == len(chinese)


def test_the_search_knows_a_word_by_both() -> None:
    assert search_texts()["forced"][:2] == [KIND_SENTENCES[Kind.FORCED], KIND_SENTENCES_ZH[Kind.FORCED]]
