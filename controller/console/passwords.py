"""Passwords, the fallback beside passkeys: Argon2id hashes, and what may not be a password.

Rule 1: length alone counts, 15 to 128 characters, no composition and no expiry (ASVS 5.0, 6.2.1 to 6.2.10);
what everybody tries first is refused. Rule 2: a name that nobody has takes as long as a wrong password.
"""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from controller.console.store import Store

SHORTEST, LONGEST = 15, 128
COMMON = Path(__file__).with_name("common_passwords.txt.gz")
_TWINS = str.maketrans("01345@$!", "oleasasi")
_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)  # RFC 9106 section 4, second choice
_AT_ONCE = Semaphore(2)
"""64 MiB each: a flood of sign-ins must not take the memory that the room needs."""


@cache
def common() -> frozenset[str]:
    """Passwords that everybody tries first, as ``bare`` spells them."""
    return frozenset(gzip.decompress(COMMON.read_bytes()).decode().split("\n"))


def bare(password: str) -> str:
    """A password without what people add to make it look strong: case, spaces and signs."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _cores(password: str) -> set[str]:
    """What is left of a password when what people add to it is taken away: years, and digits for letters."""
    plain = bare(password)
    found = {plain, plain.strip("0123456789"), bare(password.casefold().translate(_TWINS))}
    return found | {bare(password.casefold().strip("0123456789!.?*").translate(_TWINS))}


def fault_of(password: str, *about: str) -> str:
    """Why this may be nobody's password, "" when it may. ``about``: names that must not be all of it."""
    if len(password) < SHORTEST:
        return f"at least {SHORTEST} characters; a sentence is easily remembered"
    if len(password) > LONGEST:
        return f"at most {LONGEST} characters"
    cores = _cores(password)
    if any(core in common() or len(set(core)) < 5 or _runs(core) for core in cores):
        return "one that is not among those that everybody tries first"
    names = [bare(name) for name in about if len(bare(name)) > 2]
    if any(core == name or not core.replace(name, "") for core in cores for name in names):
        return "one that is more than a name"
    return ""


def _runs(core: str) -> bool:
    """Tell whether it is one short piece again and again, or one row of neighbours."""
    half = len(core) // 2
    again = any(core == (core[:size] * len(core))[: len(core)] for size in range(1, min(half, 5) + 1))
    steps = {ord(b) - ord(a) for a, b in pairwise(core)}
    return bool(core) and (again or steps in ({1}, {-1}))


class Passwords:
    """Everybody's passwords."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._nobody = _HASHER.hash("nobody has this password")

    def has(self, person: str) -> bool:
        """Tell whether somebody has one."""
        return self._store.one("SELECT 1 FROM password WHERE person = ?", person) is not None

    def set(self, person: str, password: str) -> None:
        """Take a password that has no fault."""
        with _AT_ONCE:
            hashed = _HASHER.hash(_normal(password))
        self._store.do("INSERT OR REPLACE INTO password (person, hash) VALUES (?, ?)", person, hashed)

    def right(self, person: str, password: str) -> bool:
        """Tell whether it is somebody's password; the work is the same for whoever has none (ASVS 6.3.8)."""
        row = self._store.one("SELECT hash FROM password WHERE person = ?", person)
        try:
            with _AT_ONCE:
                _HASHER.verify(row[0] if row else self._nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return row is not None


def _normal(password: str) -> bytes:
    """The same characters however a keyboard composes them (RFC 8265 section 4.2)."""
    return unicodedata.normalize("NFC", password[:1_000]).encode("utf-8", "replace")
