"""A text signed by one or more keys. Rule: text and signatures; what the text means is not known here.

Specification: C2SP signed-note v1.0.0, sections "Format" and "Signatures":

    Ognuno sta solo sul cuor della terra
    trafitto da un raggio di sole:

    ed è subito sera.

    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKON...

The text ends in a newline; the last empty line parts it from the signatures. A signature line is
em dash, space, key name, space, base64(4 bytes key ID || signature). Signatures by unknown keys are
ignored, as the specification demands; one by a known key that does not verify refuses the whole note.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.errors import FormatRefused
from controller.ledger.formats.cosignature import check_cosignature
from controller.ledger.formats.spelling import from_base64, to_base64, to_text
from controller.ledger.formats.verifier_key import ED25519, VerifierKey, key_id, require_name

__all__ = [
    "NOTE_BYTES",
    "SIGNATURES",
    "Signature",
    "SignedNote",
    "VerifierKey",
    "key_id",
    "signature_lines",
    "verify",
]

NOTE_BYTES = 512 * 1024
"""A longer note is not read: room for the signatures below, the largest post-quantum ones included."""

SIGNATURES = 64
"""More signatures are not read; signed-note demands that at least 16 are."""

_DASH = "— "
_KEY_ID_BYTES = 4


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's `name` and `key_id` (4 bytes), and `signature`, one byte or more."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.key_id) != _KEY_ID_BYTES or not self.signature:
            raise FormatRefused(f"{self.name}: a signature is a key ID of 4 bytes and at least one more")

    @classmethod
    def by(cls, vkey: VerifierKey, signature: bytes) -> Self:
        """The line that says: this key made this signature."""
        return cls(vkey.name, vkey.key_id, signature)

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a signature line, given without its newline; raises FormatRefused for any other spelling."""
        parts = line.removeprefix(_DASH).split(" ")
        if not line.startswith(_DASH) or len(parts) != 2:
            raise FormatRefused(f"{line[:60]!r} is not a signature line: em dash, name, base64")
        octets = from_base64(parts[1])
        return cls(parts[0], octets[:_KEY_ID_BYTES], octets[_KEY_ID_BYTES:])

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}"


def signature_lines(text: str) -> tuple[Signature, ...]:
    """Read 1 to 64 signature lines, each ended by a newline; raises FormatRefused for anything else."""
    *lines, rest = text.split("\n")
    if rest or not 0 < len(lines) <= SIGNATURES:
        raise FormatRefused(f"not 1 to {SIGNATURES} signature lines, each ended by a newline")
    return tuple(Signature.parse(line) for line in lines)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A `text`, ended by a newline, with its `signatures` in the order of their lines (1 to 64).

    Raises FormatRefused for a text that no note could carry and for another number of signatures.
    Nothing is verified: that is `verify`, and until then the text MUST be ignored.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or not 0 < len(self.signatures) <= SIGNATURES:
            raise FormatRefused(f"a note is a text ended by a newline and 1 to {SIGNATURES} signatures")
        try:
            to_text(self.to_bytes(), NOTE_BYTES, "a note")
        except UnicodeEncodeError:
            raise FormatRefused("a note cannot be spelled in UTF-8") from None

    @classmethod
    def parse(cls, octets: bytes) -> Self:
        """Read `to_bytes` back; raises FormatRefused for any other bytes, or more than 512 KiB."""
        text, parted, lines = to_text(octets, NOTE_BYTES, "a note").rpartition("\n\n")
        if not parted:
            raise FormatRefused("a note has an empty line before its signatures")
        return cls(text + "\n", signature_lines(lines))

    def to_bytes(self) -> bytes:
        """The whole note in UTF-8."""
        return "".join([self.text, "\n", *(f"{line}\n" for line in self.signatures)]).encode()

    def joined(self, signatures: Iterable[Signature]) -> Self:
        """The same text with more signatures behind it; a key that signed already keeps its first one.

        Give only signatures that verified: a false one by a known key spoils the whole note.
        """
        first: dict[tuple[str, bytes], Signature] = {}
        for signature in (*self.signatures, *signatures):
            first.setdefault((signature.name, signature.key_id), signature)
        return type(self)(self.text, tuple(first.values()))


def verify(note: SignedNote, vkeys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """Check every signature by one of these keys and answer which keys signed, in the order of the lines.

    Raises FormatRefused when none of them did, when one of their signatures does not hold over the
    text, when one signed twice, and when two of the given keys share name and key ID.
    """
    known = _by_identity(vkeys)
    signed: list[VerifierKey] = []
    for signature in note.signatures:
        vkey = known.get((signature.name, signature.key_id))
        if vkey is None:
            continue
        if vkey in signed:
            raise FormatRefused(f"{vkey.name}: the same key signed the note twice")
        _check(vkey, note.text.encode(), signature.signature)
        signed.append(vkey)
    if not signed:
        raise FormatRefused("no known key signed the note")
    return signed


def _by_identity(vkeys: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for vkey in vkeys:
        if known.setdefault((vkey.name, vkey.key_id), vkey) != vkey:
            raise FormatRefused(f"two known keys are called {vkey.name}+{vkey.key_id.hex()}")
    return known


def _check(vkey: VerifierKey, message: bytes, signature: bytes) -> None:
    if vkey.algorithm != ED25519:
        check_cosignature(vkey, message, signature)
        return
    try:
        Ed25519PublicKey.from_public_bytes(vkey.key).verify(signature, message)
    except InvalidSignature:
        raise FormatRefused(f"{vkey.name}: the signature is not by this key over this text") from None
