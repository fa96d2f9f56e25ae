"""Which keys signed the log, as its own entries tell. Rule: a new key counts only with the old one's word.

kind log_key       vkey: the key that signs from the beginning on, or after a restoration
kind restored      old_size: its own counter; the old key is lost, and the log goes on under a new name
                   (restored.py): the log_key after it counts only where somebody outside vouches for it
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
from controller.ledger.restored import follows

BEGAN, ROTATED, RESTORED = "log_key", "key_rotated", "restored"
_VOUCH = "Compare that key with the one that head office was told at the restoration, and give it as trusted"
KEY_KINDS = (BEGAN, ROTATED, RESTORED)


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
    """From entry `n` on `key` signs, and before it `old` did ("" where the log began with it).

    At a restoration `key` is "" and `head` is the old head's root, in hexadecimal digits.
    """

    n: int
    old: str
    key: str
    head: str = ""


def key_of(file: Path, n: int, entry: dict[str, object]) -> KeyEntry:
    """The key that entry `n` names; raises LogDamaged for a rotation that either key did not sign."""
    if entry["kind"] == BEGAN:
        return KeyEntry(n, "", str(entry.get("vkey", "")))
    if entry["kind"] == RESTORED:
        if entry.get("old_size") != n:
            raise LogDamaged(file, f"the restoration in entry {n} is of another log", entry=n)
        return KeyEntry(n, "", "", str(entry.get("old_head")))
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


def require_trail(file: Path, trail: Sequence[KeyEntry], outside: Sequence[VerifierKey] = ()) -> None:
    """Raise LogDamaged unless there is one first key, and every rotation is of the key in use.

    A key that began after a restoration must be among those that were handed over `outside` the log.
    """
    last, lost = "", ""
    for n, old, key, head in trail:
        if head:
            last, lost = "", last
            continue
        if old != last:
            raise LogDamaged(file, f"entry {n} changes the log's key, but not from the one in use", entry=n)
        if lost:
            _require_vouched(file, n, lost, key, outside)
        last, lost = key, ""


def in_use(trail: Sequence[KeyEntry], size: int) -> str:
    """The key that must have signed a head of this size; "" where the log does not say."""
    return next((one.key for one in reversed(trail) if one.n < size), "")


def _require_vouched(file: Path, n: int, lost: str, key: str, outside: Sequence[VerifierKey]) -> None:
    if key not in {str(vkey) for vkey in outside}:
        wrong = (
            f"entry {n} begins a new key after a restoration, and nobody outside the log vouches for {key}"
        )
        raise LogDamaged(file, wrong, _VOUCH, entry=n)
    if not follows(VerifierKey.parse(key).name, VerifierKey.parse(lost).name):
        raise LogDamaged(
            file, f"the restored log in entry {n} does not go on under a name of its own", entry=n
        )


def _check(vkey: VerifierKey, message: bytes, signature: bytes) -> None:
    if vkey.algorithm != ED25519:
        raise FormatRefused(f"{vkey.name}: a log signs with Ed25519")
    Ed25519PublicKey.from_public_bytes(vkey.key).verify(signature, message)
