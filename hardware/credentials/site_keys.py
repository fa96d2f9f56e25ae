"""The site key and what is derived from it. No I/O: where the key is kept is the controller's affair.

Rule 1: no card holds a key that another card holds: every card key is diversified by the card's UID.
Rule 2: a key is never printed; a key is told by its check value alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SITE_KEY_BYTES = 32
CHECK_BYTES = 4


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """All badge keys of a site, from one secret of 32 bytes. Raises ValueError for any other length."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SITE_KEY_BYTES:
            raise ValueError(f"a site key has {SITE_KEY_BYTES} bytes, not {len(self.secret)}")

    def master(self, purpose: str) -> bytes:
        """AES-128 master key of one purpose, such as ``desfire application 0`` (HKDF-SHA-256, RFC 5869)."""
        return self._derived(f"ironroom badge {purpose}", 16)

    @property
    def check_value(self) -> str:
        """Eight hex digits by which people and the log tell the key; they give nothing of it away."""
        return self._derived("ironroom site key check value", CHECK_BYTES).hex().upper()

    def _derived(self, info: str, length: int) -> bytes:
        return HKDF(SHA256(), length, None, info.encode()).derive(self.secret)
