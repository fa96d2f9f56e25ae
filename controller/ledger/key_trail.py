"""Which keys signed the log, as its own entries tell. Rule: a new key counts only with the old one's word.

kind log_key       vkey: the key that signs from the beginning on
kind key_rotated   old, new: verifier keys; signature_old, signature_new: base64 of both keys'
Ed25519 signatures over this statement, every line ended by a newline:

ironroom log key rotation 1
bank.example/vault-1
bank.example/vault-1+530bd27f+AeBy...      the old key
bank.example/vault-1+7d2ab001+ASkj...      the new one
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.errors import FormatRefused, LogDamaged
from controller.ledger.formats.signer import Signer
from controller.ledger.formats.verifier_key import ED25519, VerifierKey

BEGAN, ROTATED = "log_key", "key_rotated"
KEY_KINDS = (BEGAN, ROTATED)


def statement(old: VerifierKey, new: VerifierKey) -> bytes:
    """What both keys sign at a rotation."""
    return f"ironroom log key rotation 1\n{new.name}\n{old}\n{new}\n".encode()


def rotation(old: Signer, new: Signer) -> dict[str, str]:
    """The fields of a key_rotated Entry."""
    said = statement(old.vkey, new.vkey)
    return {
        "old": str(old.vkey),
        "new": str(new.vkey),
        "signature_old": b64encode(old.sign(said)).decode(),
        "signature_new": b64encode(new.sign(said)).decode(),
    }


class KeyEntry(NamedTuple):
    """From entry `n` on `key` signs, and before it `old` did ("" where the log began with it)."""

    n: int
    old: str
    key: str


def key_of(file: Path, n: int, entry: dict[str, object]) -> KeyEntry:
    """The key that entry `n` names; raises LogDamaged for a rotation that either key did not sign."""
    if entry["kind"] == BEGAN:
        return KeyEntry(n, "", str(entry.get("vkey", "")))
    try:
        old, new = (VerifierKey.parse(str(entry.get(name))) for name in ("old", "new"))
        for vkey, name in ((old, "signature_old"), (new, "signature_new")):
            _check(vkey, statement(old, new), b64decode(str(entry.get(name)), validate=True))
    except (FormatRefused, InvalidSignature, ValueError):
        wrong = f"the change of the log's key in entry {n} is not signed by both keys"
        raise LogDamaged(file, wrong, entry=n) from None
    if old.name != new.name:
        raise LogDamaged(file, f"the change of the log's key in entry {n} changes the log's name", entry=n)
    return KeyEntry(n, str(old), str(new))


def require_trail(file: Path, trail: Sequence[KeyEntry]) -> None:
    """Raise LogDamaged unless there is one first key, and every rotation is of the key in use."""
    last = ""
    for n, old, key in trail:
        if old != last:
            raise LogDamaged(file, f"entry {n} changes the log's key, but not from the one in use", entry=n)
        last = key


def _check(vkey: VerifierKey, message: bytes, signature: bytes) -> None:
    if vkey.algorithm != ED25519:
        raise FormatRefused(f"{vkey.name}: a log signs with Ed25519")
    Ed25519PublicKey.from_public_bytes(vkey.key).verify(signature, message)
