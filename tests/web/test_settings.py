"""What the console refuses to start with."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.errors import ConfigError
from web.settings import Settings

HERE = Path()


@pytest.mark.parametrize(
    "origin",
    [
        *("", "console.vault.lan", "https://", "https://127.0.0.1", "https://[::1]:8443", "https://10.1.2.3"),
        *(
            "https://console.vault.lan/",
            "https://console.vault.lan/x",
            "ftp://console.vault.lan",
            "https://1.2",
        ),
    ],
)
def test_the_relying_party_is_a_name(origin: str) -> None:
    with pytest.raises(ConfigError):
        Settings(HERE, HERE, origin, certificate=HERE, key=HERE)


@pytest.mark.parametrize(
    ("origin", "host", "certificate", "key"),
    [
        ("http://console.vault.lan", "127.0.0.1", None, None),
        ("http://localhost:8080", "0.0.0.0", None, None),  # noqa: S104 - refused
        ("http://localhost:8080", "192.0.2.1", None, None),
        ("http://localhost:8080", "127.0.0.1", HERE, HERE),
        ("https://console.vault.lan", "127.0.0.1", None, None),
        ("https://console.vault.lan", "127.0.0.1", HERE, None),
    ],
)
def test_plain_http_stays_on_this_computer(
    origin: str, host: str, certificate: Path | None, key: Path | None
) -> None:
    with pytest.raises(ConfigError, match="plain http"):
        Settings(HERE, HERE, origin, host, certificate=certificate, key=key)


def test_cookies_are_bound_to_host_and_tls_wherever_there_is_tls() -> None:
    assert (
        Settings(HERE, HERE, "https://console.vault.lan:8443", certificate=HERE, key=HERE).prefix == "__Host-"
    )
    assert Settings(HERE, HERE, "http://localhost:8080").prefix == ""
