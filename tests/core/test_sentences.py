"""Every stable word has a sentence in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import pytest

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, LEVEL_SENTENCES, NEEDS
from controller.core.sentences_zh import (
    ALARM_SENTENCES_ZH,
    KIND_SENTENCES_ZH,
    LEVEL_SENTENCES_ZH,
    NEEDS_ZH,
)
from controller.core.unseen import UNSEEN, UNSEEN_ZH, Unseen
from controller.core.words import AlarmKind, Kind, Reason
from controller.device_urls import LEVELS
from controller.ledger.copyable import LEGACY, LEGACY_ZH
from controller.search_texts import search_texts


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (Kind, KIND_SENTENCES, KIND_SENTENCES_ZH),
        (Reason, NEEDS, NEEDS_ZH),
        (AlarmKind, ALARM_SENTENCES, ALARM_SENTENCES_ZH),
        (Unseen, UNSEEN, UNSEEN_ZH),
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


def test_every_level_is_told_in_both_languages_and_the_one_that_may_be_copied_by_its_own_words() -> None:
    assert tuple(LEVEL_SENTENCES) == tuple(LEVEL_SENTENCES_ZH) == LEVELS
    assert LEVEL_SENTENCES["uid"].startswith(LEGACY)
    assert LEVEL_SENTENCES_ZH["uid"].startswith(LEGACY_ZH)
