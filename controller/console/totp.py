"""One-time codes of an authenticator app: RFC 6238, SHA-1, six digits, thirty seconds.

Rule: each code counts once (ASVS 5.0, 6.5.1), one step early or late is taken, and nothing else.
"""

from __future__ import annotations

import hmac

import pyotp

from controller.console.store import Store

STEP_S = 30
DRIFT = 1
ISSUER = "Ironroom"
NEVER = -1


def fresh_secret() -> str:
    """A secret of 160 bits (RFC 4226 section 4, R6) in base32."""
    return pyotp.random_base32()


def uri_of(secret: str, person: str, site: str) -> str:
    """What an authenticator app reads as a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=f"{person}@{site}", issuer_name=ISSUER)


def step_of(secret: str, code: str, wall_ms: int) -> int | None:
    """The time step that a code is of, None when it is of none that counts now."""
    typed = "".join(code.split())
    now, otp = wall_ms // 1000 // STEP_S, pyotp.TOTP(secret)
    steps = range(now - DRIFT, now + DRIFT + 1)
    fits = [step for step in steps if hmac.compare_digest(otp.generate_otp(step).encode(), typed.encode())]
    return fits[0] if fits else None


class Codes:
    """Everybody's one-time codes."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def has(self, person: str) -> bool:
        """Tell whether somebody has set them up."""
        return self._store.one("SELECT 1 FROM totp WHERE person = ?", person) is not None

    def keep(self, person: str, secret: str, step: int) -> None:
        """Take a secret whose code of ``step`` was just typed."""
        self._store.do(
            "INSERT OR REPLACE INTO totp (person, secret, step) VALUES (?, ?, ?)", person, secret, step
        )

    def spend(self, person: str, code: str, wall_ms: int) -> bool:
        """Tell whether a code is right and was not used yet; it is used up by that."""
        row = self._store.one("SELECT secret FROM totp WHERE person = ?", person)
        secret = row[0] if row else fresh_secret()  # the same work for somebody who has none
        step = step_of(secret, code, wall_ms)
        if row is None or step is None:
            return False
        used = self._store.do("UPDATE totp SET step = ? WHERE person = ? AND step < ?", step, person, step)
        return used == 1
