"""Who is trusted, as a text file. Rule: keys and a quorum; where the file comes from is not known here.

Specification: C2SP tlog-policy. A checkpoint is valid when one of the logs signed it and log witnesses
cosigned it as the quorum says:

    log example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx
    witness office <vkey>
    witness vault <vkey> https://vault.example/w1
    group both 2 office vault
    quorum both

A log's key name is its origin. Items are parted by spaces and tabs, empty lines and lines starting with #
are ignored, a name must be defined on a line before. Names are octets, compared byte by byte: here text
with `surrogateescape`. The specification itself allows many spellings and all are read; `to_bytes` writes
the one above: logs, log witnesses, groups, quorum, thresholds as numbers.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Self

from controller.errors import FormatRefused
from controller.ledger.formats.checkpoint import Checkpoint
from controller.ledger.formats.note import SignedNote, verify
from controller.ledger.formats.policy_lines import (
    NONE,
    Definitions,
    Line,
    PolicyGroup,
    PolicyLog,
    PolicyWitness,
    read_lines,
    spell_line,
)
from controller.ledger.formats.verifier_key import ED25519

__all__ = ["NONE", "Policy", "PolicyGroup", "PolicyLog", "PolicyWitness", "satisfied"]

PARTS = 256
"""More logs, log witnesses or groups are not read; tlog-policy asks for at least 32 of each."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The trusted `logs`, the known `witnesses`, their `groups`, and the name that is the `quorum`.

    Raises FormatRefused when a public key or name occurs twice, a log witness has no cosigning key or that
    of a log, a
    name is used before it is defined or in two groups, a threshold is not from 1 to the number of
    members, or there are more than 256 of a kind.
    """

    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: tuple[PolicyGroup, ...]
    quorum: str

    def __post_init__(self) -> None:
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > PARTS:
            raise FormatRefused(f"a policy has at most {PARTS} logs, {PARTS} log witnesses, {PARTS} groups")
        _require_unique((log.vkey.key for log in self.logs), "two logs have the same public key")
        _require_unique(
            (one.vkey.key for one in self.witnesses), "two log witnesses have the same public key"
        )
        if {log.vkey.key for log in self.logs} & {one.vkey.key for one in self.witnesses}:
            raise FormatRefused("a log cannot be its own log witness: they have the same public key")
        if any(one.vkey.algorithm == ED25519 for one in self.witnesses):
            raise FormatRefused("the key of a log witness is of type 0x04 or 0x06")
        defined = Definitions()
        for witness in self.witnesses:
            defined.add(witness.name)
        for group in self.groups:
            defined.add_group(group)
        defined.require_quorum(self.quorum)

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read a policy in any spelling of tlog-policy; raises FormatRefused for everything else."""
        return cls(*read_lines(octets))

    def to_bytes(self) -> bytes:
        """The spelling in this file's first lines; `parse` reads it back to an equal policy."""
        lines: list[Line] = [*self.logs, *self.witnesses, *self.groups]
        text = "".join(f"{spell_line(line)}\n" for line in lines)
        return f"{text}quorum {self.quorum}\n".encode(errors="surrogateescape")

    def is_quorum(self, cosigned: Iterable[str]) -> bool:
        """Whether these log witnesses, by their names here, are enough."""
        witnessed = {NONE, *cosigned}
        for group in self.groups:  # members stand before their group
            if sum(member in witnessed for member in group.members) >= group.threshold:
                witnessed.add(group.name)
        return self.quorum in witnessed


def satisfied(policy: Policy, note: SignedNote) -> Checkpoint:
    """Check a signed checkpoint against a policy and answer the head that may now be trusted.

    Raises FormatRefused when no listed log of that origin signed it, when any signature by a listed key
    does not hold, and when the cosignatures are not a quorum.
    """
    checkpoint = Checkpoint.parse(note.text)
    of_origin = {log.vkey for log in policy.logs if log.vkey.name == checkpoint.origin}
    signed = verify(note, chain(of_origin, (one.vkey for one in policy.witnesses)))
    if of_origin.isdisjoint(signed):
        raise FormatRefused(f"no listed log of the origin {checkpoint.origin} signed the checkpoint")
    cosigned = [one.name for one in policy.witnesses if one.vkey in signed]
    if not policy.is_quorum(cosigned):
        raise FormatRefused(f"cosigned by {', '.join(cosigned) or 'nobody'}: not the quorum {policy.quorum}")
    return checkpoint


def _require_unique(values: Iterable[Hashable], otherwise: str) -> None:
    listed = list(values)
    if len(set(listed)) != len(listed):
        raise FormatRefused(otherwise)
