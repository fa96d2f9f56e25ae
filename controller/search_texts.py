"""The sentences of the stable words, as the search of the log wants them. Rule: only puts together.

The ledger finds an entry by what its kind, reason and alarm mean, but does not know the core.
"""

from __future__ import annotations

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS
from controller.core.sentences_zh import ALARM_SENTENCES_ZH, KIND_SENTENCES_ZH, NEEDS_ZH
from controller.core.unseen import UNSEEN, UNSEEN_ZH

TABLES = (
    *(KIND_SENTENCES, KIND_SENTENCES_ZH),
    *(NEEDS, NEEDS_ZH),
    *(ALARM_SENTENCES, ALARM_SENTENCES_ZH),
    *(UNSEEN, UNSEEN_ZH),
)


def search_texts() -> dict[str, list[str]]:
    """For each stable word the sentences that say what it means, in English and Chinese."""
    texts: dict[str, list[str]] = {}
    for table in TABLES:
        for word, sentence in table.items():
            texts.setdefault(str(word), []).append(sentence)
    return texts
