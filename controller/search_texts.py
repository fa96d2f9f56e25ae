"""The sentences of the stable words, as the search of the log wants them. Rule: only puts together.

The ledger finds an entry by what its kind, reason and alarm mean, but does not know the core.
"""

from __future__ import annotations

from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, NEEDS


def search_texts() -> dict[str, list[str]]:
    """For each stable word the sentences that say what it means, in every language there is."""
    texts: dict[str, list[str]] = {}
    for table in (KIND_SENTENCES, NEEDS, ALARM_SENTENCES):
        for word, sentence in table.items():
            texts.setdefault(str(word), []).append(sentence)
    return texts
