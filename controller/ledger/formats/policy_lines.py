"""The lines of a policy: what each defines, and in which order. Rule: words only; keys are read, not used.

Specification: C2SP tlog-policy, sections "Structure", "Defining ..." and "Character set".

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none
"""

import re
from dataclasses import dataclass, field

from controller.errors import FormatRefused
from controller.ledger.formats.spelling import to_number
from controller.ledger.formats.verifier_key import VerifierKey

NONE = "none"
"""The quorum that needs no log witness; no name of a policy's own."""

POLICY_BYTES = 2 * 1024 * 1024
"""A longer policy is not read; an ML-DSA-44 key takes 1.8 kB of it."""

_forbidden = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]").search
_is_word = re.compile(r"[^\x00-\x20\x7f]+").fullmatch


@dataclass(frozen=True, slots=True)
class PolicyLog:
    """A log that is trusted to sign: its key, named like its origin, and perhaps its address."""

    vkey: VerifierKey
    url: str | None = None

    def __post_init__(self) -> None:
        _require_words(self.url)


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A log witness: the `name` it has in this policy alone, its cosigning key, perhaps its address."""

    name: str
    vkey: VerifierKey
    url: str | None = None

    def __post_init__(self) -> None:
        _require_words(self.name, self.url)


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """A group that witnessed when at least `threshold` of its `members` did."""

    name: str
    threshold: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_words(self.name, *self.members)
        if not 1 <= self.threshold <= len(self.members):
            raise FormatRefused(f"the group {self.name} needs {self.threshold} of {len(self.members)}")


Line = PolicyLog | PolicyWitness | PolicyGroup


@dataclass(slots=True)
class Definitions:
    """The names defined so far, and which of them stand in a group already."""

    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def add(self, name: str) -> None:
        """Define a name; raises FormatRefused when it is taken, or `none`."""
        if name == NONE or name in self.names:
            raise FormatRefused(f"the name {name} is defined twice, or predefined")
        self.names.add(name)

    def add_group(self, group: PolicyGroup) -> None:
        """Define a group; its members must be defined before it, and each stands in one group only."""
        for member in group.members:
            if member not in self.names or member in self.members:
                raise FormatRefused(f"{member} in {group.name} is not defined before it, or a member twice")
            self.members.add(member)
        self.add(group.name)

    def require_quorum(self, name: str) -> None:
        """Raise FormatRefused unless the quorum is `none` or a name that is defined."""
        if name != NONE and name not in self.names:
            raise FormatRefused(f"the quorum {name} is not defined before it")


Lines = tuple[tuple[PolicyLog, ...], tuple[PolicyWitness, ...], tuple[PolicyGroup, ...], str]


def read_lines(octets: bytes) -> Lines:
    """Logs, log witnesses, groups and the quorum's name, each in the order of their lines.

    Raises FormatRefused for lines of another form and for names used before their definition.
    """
    logs: list[PolicyLog] = []
    witnesses: list[PolicyWitness] = []
    groups: list[PolicyGroup] = []
    quorums: list[str] = []
    defined = Definitions()
    for items in _items_of_lines(octets):
        match items:
            case ["log", vkey, *url] if len(url) <= 1:
                logs.append(PolicyLog(VerifierKey.parse(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                witnesses.append(PolicyWitness(name, VerifierKey.parse(vkey), *url))
                defined.add(name)
            case ["group", name, count, *members] if members:
                groups.append(PolicyGroup(name, _threshold(count, len(members)), tuple(members)))
                defined.add_group(groups[-1])
            case ["quorum", name]:
                defined.require_quorum(name)
                quorums.append(name)
            case _:
                raise FormatRefused(f"not a line of a policy: {' '.join(items)[:80]!r}")
    if len(quorums) != 1:
        raise FormatRefused(f"a policy has one quorum line, not {len(quorums)}")
    return tuple(logs), tuple(witnesses), tuple(groups), quorums[0]


def spell_line(line: Line) -> str:
    """One line without its newline; a threshold is written as a number."""
    match line:
        case PolicyLog(vkey, url):
            return " ".join(["log", str(vkey), *([url] if url else [])])
        case PolicyWitness(name, vkey, url):
            return " ".join(["witness", name, str(vkey), *([url] if url else [])])
        case PolicyGroup(name, threshold, members):
            return " ".join(["group", name, str(threshold), *members])


def _items_of_lines(octets: bytes) -> list[list[str]]:
    if len(octets) > POLICY_BYTES:
        raise FormatRefused(f"a policy has {len(octets)} bytes, at most {POLICY_BYTES} are read")
    if _forbidden(octets) or not octets.endswith(b"\n"):
        raise FormatRefused("a policy holds a control character, or its last line is not ended")
    lines = octets.decode(errors="surrogateescape").split("\n")
    listed = ([item for item in re.split("[ \t]+", line) if item] for line in lines)
    return [items for items in listed if items and not items[0].startswith("#")]


def _threshold(count: str, members: int) -> int:
    return {"all": members, "any": 1}[count] if count in ("all", "any") else to_number(count)


def _require_words(*words: str | None) -> None:
    for word in words:
        if word is not None and not (_is_word(word) and _survives(word)):
            raise FormatRefused(f"{word[:60]!r} is not a word of a policy")


def _survives(word: str) -> bool:
    """Whether the word comes back when its octets are read: half surrogate pairs do not."""
    try:
        return word.encode(errors="surrogateescape").decode(errors="surrogateescape") == word
    except UnicodeEncodeError:
        return False
