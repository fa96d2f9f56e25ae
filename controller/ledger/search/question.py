"""What is asked of the log, and whether one entry answers it. Rule: this file alone says what matches.

The index only proposes entries; every one of them is compared here before anybody sees it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from controller.errors import UserMistake
from controller.ledger.entry import utc_millis
from controller.ledger.search.words import Wanted, Words, wanted

Entry = Mapping[str, object]

CODED = ("kind", "reason", "alarm")
"""Names whose values are stable words, found by their sentences too."""

_TECHNICAL = frozenset(
    {*CODED, "n", "at", "time", "clock", "policy", "sealed", "personal", "level", "erases"}
)


class Vocabulary:
    """The sentences of the stable words, in every language there is, as words to be found by."""

    def __init__(self, sentences: Mapping[str, Sequence[str]]) -> None:
        """Take, for each stable word, the texts that say what it means."""
        self._sentences = sentences
        self._known: dict[str, Words] = {}

    def words(self, code: str) -> Words:
        """The words by which a stable word is found: its own and those of its sentences."""
        if code not in self._known:
            if len(self._known) > 10_000:  # kinds are few; what damaged entries hold is not kept for ever
                self._known.clear()
            self._known[code] = Words.of((code, *self._sentences.get(code, ())))
        return self._known[code]


@dataclass(frozen=True)
class Question:
    """Entries that are all of this; what is left out is not asked for.

    who      one of the people concerned
    places   at one of these: a door, or all places of a room
    kinds    of one of these kinds
    carrier  concerning this carrier
    since    not earlier, milliseconds since 1970 UTC by the clock of the entries
    until    earlier than this, likewise
    words    every one of these words, see words.py; raises UserMistake for what cannot be searched
    """

    who: str | None = None
    places: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    carrier: str | None = None
    since: int | None = None
    until: int | None = None
    words: str = ""
    wanted: tuple[Wanted, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wanted", wanted(self.words))
        for name in (self.who or "", self.carrier or "", *self.places, *self.kinds):
            if not name.isascii() and any("\ud800" <= sign <= "\udfff" for sign in name):
                raise UserMistake(f"{name!r} holds half a surrogate pair, which is no character")

    @cached_property
    def asks_for_content(self) -> bool:
        """Whether an entry's being in the answer says anything about what it holds."""
        return bool(
            self.wanted
            or self.places
            or self.kinds
            or any(one is not None for one in (self.who, self.carrier, self.since, self.until))
        )

    def matches(self, entry: Entry, vocabulary: Vocabulary) -> bool:
        """Whether the entry, as a reader with every right has it, answers the question."""
        if is_pruned(entry):
            return not self.asks_for_content
        return (
            (self.who is None or self.who in names(entry, "who"))
            and (not self.places or entry.get("place") in self.places)
            and (not self.kinds or entry.get("kind") in self.kinds)
            and (self.carrier is None or self.carrier in carriers(entry))
            and self._is_in_time(entry)
            and (not self.wanted or self._has_words(entry, vocabulary))
        )

    def _is_in_time(self, entry: Entry) -> bool:
        if self.since is None and self.until is None:
            return True
        time = utc_millis(entry.get("time"))
        return (self.since is None or time >= self.since) and (self.until is None or time < self.until)

    def _has_words(self, entry: Entry, vocabulary: Vocabulary) -> bool:
        own = Words.of((*texts(entry), *(text for _, text in disclosed(entry))))
        every = [own, *(vocabulary.words(code) for _, code in codes(entry))]
        return all(any(one.is_in(words) for words in every) for one in self.wanted)


def is_pruned(entry: Entry) -> bool:
    """Whether a reader found of this entry only that it was there."""
    return "pruned" in entry and "kind" not in entry


def names(entry: Entry, name: str) -> list[str]:
    """The strings in a list of an entry, none where there is no such list."""
    value = entry.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def carriers(entry: Entry) -> list[str]:
    """The carriers an entry concerns: `carrier`, and the list `carriers`."""
    one = entry.get("carrier")
    return [*([one] if isinstance(one, str) else []), *names(entry, "carriers")]


def codes(entry: Entry) -> list[tuple[str, str]]:
    """The stable words of an entry, with the name each stands under."""
    return [(name, value) for name in CODED if isinstance(value := entry.get(name), str)]


def texts(entry: Entry) -> Iterator[str]:
    """Every text of an entry that is not a stable word, a measure, or personal."""
    for name, value in entry.items():
        if name not in _TECHNICAL:
            yield from _strings(value)


def disclosed(entry: Entry) -> Iterator[tuple[str, str]]:
    """Subject and text of every personal claim of an entry that has not been erased."""
    personal = entry.get("personal")
    for subject, claims in personal.items() if isinstance(personal, dict) else ():
        for claim, value in claims.items() if isinstance(claims, dict) else ():
            if not claim.startswith("_"):  # `_sd` and `_erased` say that something is or was there
                yield from ((subject, text) for text in _strings(value))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
