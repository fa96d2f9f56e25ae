"""Where the console comes in, and by which name browsers know it. Rule: a relying party is a name.

Browsers bind a passkey to a name and refuse addresses (WebAuthn level 2, section 5.1.2 and w3c/webauthn
1358), and they hand no passkey out over plain http, but for http://localhost.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from controller.errors import ConfigError

SOCKET = "console.sock"
LOCAL = "localhost"


@dataclass(frozen=True, slots=True)
class ConsolePlace:
    """The console's socket, the uid of its user where that is another one, and what the address bar shows.

    ``rp_id``: the relying party's name, the host of ``origin`` or a domain above it.
    """

    path: Path
    origin: str
    rp_id: str
    user: int | None = None

    @property
    def uids(self) -> frozenset[int]:
        """Users that may come in: we ourselves, and the console's."""
        return frozenset({os.geteuid(), os.geteuid() if self.user is None else self.user})


def place_of(path: Path, origin: str, rp_id: str = "", user: int | None = None) -> ConsolePlace:
    """The place of a console as its options say it; raises ConfigError with what would be right."""
    parts = urlsplit(origin)
    host = _host(origin)
    if parts.scheme not in {"https", "http"} or origin != f"{parts.scheme}://{parts.netloc}" or not host:
        raise ConfigError(f"--console-origin {origin}: say it like https://console.vault.lan")
    if _is_address(host):
        raise ConfigError(f"--console-origin {origin}: passkeys take a name, not an address")
    if parts.scheme == "http" and host != LOCAL:
        raise ConfigError(f"--console-origin {origin}: it takes https; http is for http://localhost alone")
    chosen = rp_id or host
    if chosen != host and not (host.endswith(f".{chosen}") and "." in chosen):
        raise ConfigError(f"--console-rp {chosen}: it is {host}, or a domain of two names or more above it")
    return ConsolePlace(path, origin, chosen, user)


def _host(origin: str) -> str:
    """Host of an origin as browsers spell it, "" where there is none or where it has a strange port."""
    parts = urlsplit(origin)
    try:
        _ = parts.port
    except ValueError:
        return ""
    host = parts.hostname or ""
    plain = parts.netloc in {host, f"{host}:{parts.port}"}  # no user, no password, lower case
    return host if plain else ("" if not _is_address(host) else host)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return host.replace(".", "").isdigit()
    return True
