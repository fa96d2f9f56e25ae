"""A console is known by a name, over TLS; what browsers would refuse is refused at the start."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from controller.console.place import place_of
from controller.errors import ConfigError

HERE = Path("/run/ironroom/console.sock")


@pytest.mark.parametrize(
    ("origin", "rp", "expected"),
    [
        ("https://console.vault.lan", "", "console.vault.lan"),
        ("https://console.vault.lan:8443", "", "console.vault.lan"),
        ("https://console.vault.lan", "vault.lan", "vault.lan"),
        ("http://localhost:8123", "", "localhost"),
        ("https://localhost", "", "localhost"),
    ],
)
def test_a_name_is_taken(origin: str, rp: str, expected: str) -> None:
    place = place_of(HERE, origin, rp)
    assert (place.origin, place.rp_id, place.path) == (origin, expected, HERE)


@pytest.mark.parametrize(
    "origin",
    [
        "https://192.0.2.7",
        "https://192.0.2.7:8443",
        "https://[2001:db8::1]",
        "https://3232235777",
        "http://console.vault.lan",
        "http://127.0.0.1:8123",
        "console.vault.lan",
        "https://",
        "https://console.vault.lan/",
        "https://console.vault.lan/path",
        "https://CONSOLE.vault.lan",
        "https://user@console.vault.lan",
        "https://console.vault.lan:port",
        "ftp://console.vault.lan",
        "",
    ],
)
def test_what_no_browser_gives_a_passkey_to_is_refused(origin: str) -> None:
    with pytest.raises(ConfigError, match="--console-origin"):
        place_of(HERE, origin)


@pytest.mark.parametrize(
    "rp", ["lan", "other.lan", "sole.vault.lan", "a-console.vault.lan", "a.console.vault.lan"]
)
def test_passkeys_of_another_name_are_refused(rp: str) -> None:
    with pytest.raises(ConfigError, match="--console-rp"):
        place_of(HERE, "https://console.vault.lan", rp)


def test_without_a_user_only_the_controllers_own_may_come() -> None:
    assert place_of(HERE, "https://console.vault.lan").uids == {os.geteuid()}
    assert place_of(HERE, "https://console.vault.lan", user=4242).uids == {os.geteuid(), 4242}
