"""Personal data beside the log: the leaf holds salted digests, an erasable table what they stand for.

Specification: RFC 9901 (SD-JWT) sections 4.2.1 (disclosures), 4.2.3 (their digests) and 4.2.4.1 (`_sd`):

    disclosure  base64url of ["_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möller"]: salt, claim, value
    digest      base64url of SHA-256 over the disclosure's ASCII characters
    in a draft  "personal": {"v17": {"name": "Anna", "document": "E 12"}}
    in a leaf   "personal": {"v17": {"_sd": [DIGEST, DIGEST]}}          in the order of their letters

Erasing a person removes the disclosures: the leaf stays as it was, and so does every proof; what a
digest stood for cannot be guessed, because each has a salt of 128 bits of its own. Behaviour 60.
Rule: knows no storage.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from controller.errors import EntryRefused

PERSONAL = "personal"
DIGESTS = "_sd"
ERASED = "_erased"
"""What stands in place of digests without a disclosure: their number."""

_SALT_BYTES = 16


class Disclosure(NamedTuple):
    """What a digest of entry `n` stands for: about whom, and the text that RFC 9901 calls disclosure."""

    digest: str
    subject: str
    n: int
    text: str


def conceal(personal: object, n: int) -> tuple[dict[str, object], list[Disclosure]]:
    """Turn {subject: {claim: value}} into what the leaf holds and the disclosures for the table.

    Raises EntryRefused for anything else, and for names of claims that RFC 9901 keeps for itself.
    """
    leaf: dict[str, object] = {}
    disclosures: list[Disclosure] = []
    if not isinstance(personal, Mapping):
        raise EntryRefused(f"an entry's `{PERSONAL}` is {personal!r}, it must be people with their claims")
    for subject, claims in personal.items():
        if not isinstance(subject, str) or not isinstance(claims, Mapping):
            raise EntryRefused(f"an entry's `{PERSONAL}` must be people with their claims")
        made = [_disclosure(str(subject), n, claim, value) for claim, value in claims.items()]
        leaf[str(subject)] = {DIGESTS: sorted(one.digest for one in made)}
        disclosures += made
    return leaf, disclosures


def digest_of(text: str) -> str:
    """The digest of a disclosure's text: 43 characters of base64url without padding."""
    return _letters(sha256(text.encode("ascii")).digest())


def digests_in(entry: Mapping[str, object]) -> Iterator[str]:
    """Yield the digests in an entry's leaf form."""
    personal = entry.get(PERSONAL)
    for claims in personal.values() if isinstance(personal, Mapping) else ():
        digests = claims.get(DIGESTS) if isinstance(claims, Mapping) else None
        yield from (one for one in digests if isinstance(one, str)) if isinstance(digests, list) else ()


def reveal(entry: dict[str, object], known: Mapping[str, str]) -> dict[str, object]:
    """The entry with the claims that `known` (digest to disclosure text) still discloses.

    What is no longer disclosed is counted under `_erased`. An entry without personal data is answered as
    it is. Texts that do not belong to their digest disclose nothing.
    """
    personal = entry.get(PERSONAL)
    if not isinstance(personal, Mapping):
        return entry
    return {**entry, PERSONAL: {subject: _revealed(claims, known) for subject, claims in personal.items()}}


def _revealed(claims: object, known: Mapping[str, str]) -> object:
    if not isinstance(claims, Mapping) or not isinstance(claims.get(DIGESTS), list):
        return claims
    shown: dict[str, object] = {}
    digests: Sequence[object] = claims[DIGESTS]
    for digest in digests:
        text = known.get(str(digest))
        if text is not None and (claimed := _claim(text, digest)):
            shown[claimed[0]] = claimed[1]
    erased = len(digests) - len(shown)
    return {**shown, ERASED: erased} if erased else shown


def _claim(text: str, digest: object) -> tuple[str, object] | None:
    """Name and value that a disclosure tells, None where it is not that of the digest, or is none."""
    try:
        if digest_of(text) != digest:
            return None
        _, claim, value = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, RecursionError):
        return None
    return (claim, value) if isinstance(claim, str) else None


def subjects(erases: object) -> list[str]:
    """Whom a draft's `erases` names; raises EntryRefused unless it is a list of names."""
    if not isinstance(erases, (list, tuple)) or not all(isinstance(one, str) for one in erases):
        raise EntryRefused(f"an entry's `erases` is {erases!r}, it must be a list of people")
    return [str(one) for one in erases]


def _disclosure(subject: str, n: int, claim: object, value: object) -> Disclosure:
    if not isinstance(claim, str) or claim.startswith("_") or claim == "...":
        raise EntryRefused(f"{claim!r} cannot be the name of a claim")
    salt = _letters(secrets.token_bytes(_SALT_BYTES))
    try:
        spelled = json.dumps([salt, str(claim), value], ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError):
        raise EntryRefused(f"the claim {claim} of {subject} is no plain value") from None
    text = _letters(spelled)
    return Disclosure(digest_of(text), subject, n, text)


def _letters(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
