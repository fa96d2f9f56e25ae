"""What the index keeps of an entry, and how a question is put to it. Rule: the two halves stay together here.

Tokens of one entry, all in the one column of table `token` (schema.py), `#` being a short digest:

    +k# +r# +a#   its kind, reason, alarm      +p#  each person       +l#  its place
    +c#           each carrier                 +w#  person and place   +x#  kind and place
    +d            that something personal is disclosed (table `personal`)
    li  李  李伟   words, see Words.tokens       -li  _liwei  .lw   their pinyin, see pinyin.py

A digest that two names share, and everything else that says too much, is put right by Question.matches.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

from controller.ledger.search.question import (
    Entry,
    Question,
    Vocabulary,
    carriers,
    codes,
    disclosed,
    names,
    texts,
)
from controller.ledger.search.words import Wanted, Words

Code = tuple[str, str]
"""The name a stable word stands under, and the word: ("kind", "granted")."""


DISCLOSED = "+d"
"""The token of entries that have rows in table `personal`; few have."""


@lru_cache(maxsize=50_000)
def token(sort: str, *of: str) -> str:
    """The token of a thing of this sort."""
    spelt = "".join(f"{len(one)}:{one}" for one in of)
    return f"+{sort}{blake2b(spelt.encode(), digest_size=5).hexdigest()}"


def entry_tokens(entry: Entry) -> str:
    """The tokens of an entry, with spaces between them; nothing personal is in it."""
    found = Words.of(texts(entry)).tokens()
    found.update(token(name[0], code) for name, code in codes(entry))
    found.update(token("c", carrier) for carrier in carriers(entry))
    if any(disclosed(entry)):
        found.add(DISCLOSED)
    people, place, kind = names(entry, "who"), entry.get("place"), entry.get("kind")
    found.update(token("p", person) for person in people)
    if isinstance(place, str):
        found |= {token("l", place), token("x", str(kind), place)}
        found.update(token("w", person, place) for person in people)
    return " ".join(found)


def personal_tokens(entry: Entry) -> set[tuple[str, str]]:
    """Token and subject for every word of what the entry discloses about people."""
    return {(one, subject) for subject, text in disclosed(entry) for one in Words.of([text]).tokens()}


def things_expression(question: Question) -> str:
    """The FTS5 expression for the person, places, kinds and carrier that are asked for; may be empty."""
    who, places, kinds = question.who, sorted(question.places), sorted(question.kinds)
    parts = []
    if who is not None:
        parts.append([token("w", who, place) for place in places] or [token("p", who)])
    elif places:
        parts.append([token("x", kind, place) for kind in kinds for place in places] or _all("l", places))
    if kinds and (who is not None or not places):
        parts.append(_all("k", kinds))
    if question.carrier is not None:
        parts.append([token("c", question.carrier)])
    return both(*(_either(f'"{one}"' for one in part) for part in parts))


def word_expressions(question: Question, known: Sequence[Code], vocabulary: Vocabulary) -> list[str]:
    """For each word, the FTS5 expression its entries meet, unless it is in what is personal."""
    return [_either([*one.expressions(), *_coded(one, known, vocabulary)]) for one in question.wanted]


def both(*expressions: str) -> str:
    """The FTS5 expression for all of these, of which some may be empty."""
    return " AND ".join(part for part in expressions if part)


def _coded(one: Wanted, known: Sequence[Code], vocabulary: Vocabulary) -> list[str]:
    found = [code for code in known if one.is_in(vocabulary.words(code[1]))]
    return [f'"{token(name[0], code)}"' for name, code in found]


def _all(sort: str, these: Iterable[str]) -> list[str]:
    return [token(sort, one) for one in these]


def _either(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"
