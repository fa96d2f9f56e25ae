"""What the console is told at its start. Rule: the relying party is a name; an address is refused."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from controller.errors import ConfigError

LOCAL = "localhost"
DEMO_ONLY = "plain http is for http://localhost on loopback alone; give --certificate and --key"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the console listens and what it may read. ``origin`` is what the browser's address bar shows."""

    socket: Path
    log: Path
    origin: str
    host: str = "127.0.0.1"
    port: int = 8443
    certificate: Path | None = None
    key: Path | None = None
    streams: int = 64
    patience_s: float = 6.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.origin)
        name = parts.hostname or ""
        if self.origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in ("https", "http"):
            raise ConfigError(f"--origin {self.origin}: say it like https://console.vault.lan")
        if not name or _is_address(name):
            raise ConfigError(
                f"--origin {self.origin}: passkeys take a name, not an address (WebAuthn § 5.1.2)"
            )
        if self.is_secure == (self.certificate is None or self.key is None):
            raise ConfigError(f"--origin {self.origin}: {DEMO_ONLY}")
        if not self.is_secure and (name != LOCAL or not _is_loopback(self.host)):
            raise ConfigError(f"--origin {self.origin}: {DEMO_ONLY}")

    @property
    def is_secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.origin.startswith("https://")

    @property
    def prefix(self) -> str:
        """What cookies' names begin with (RFC 6265bis § 4.1.3.2); browsers take it over TLS only."""
        return "__Host-" if self.is_secure else ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return name.replace(".", "").isdigit()
    return True


def _is_loopback(host: str) -> bool:
    try:
        return host == LOCAL or ip_address(host).is_loopback
    except ValueError:
        return False
