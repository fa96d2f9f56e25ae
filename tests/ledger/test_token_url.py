"""The address of a key in a token: RFC 7512, as much of it as is used, and never a PIN."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.token_url import TokenUrl, parse_place

ROOT = Path(__file__).parents[2]
HOW = "?module-path=/usr/lib/hsm.so&pin-source=file:/etc/ironroom/pin"
FULL = f"pkcs11:token=The%20vault;serial=DECC;object=log;id=%00a%ff;type=private{HOW}"

printable = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=20).filter(
    str.isprintable
)


def test_an_address_names_token_key_library_and_the_file_of_the_pin() -> None:
    url = TokenUrl.parse(FULL)
    assert url == TokenUrl(
        "The vault", "DECC", "log", b"\x00a\xff", Path("/usr/lib/hsm.so"), Path("/etc/ironroom/pin")
    )
    assert url.name == "The vault DECC"


@given(printable, printable, printable, st.binary(max_size=64), printable, printable)
def test_what_is_written_is_read_back(
    token: str, serial: str, label: str, key_id: bytes, module: str, pin: str
) -> None:
    files = (Path("/m" + module.replace("/", "")), Path("/p" + pin.replace("/", "")))
    url = TokenUrl(token, serial, label, key_id, *files)
    if len(str(url)) <= 1024:
        assert TokenUrl.parse(str(url)) == url


@pytest.mark.parametrize("source", ["file:/etc/ironroom/pin", "file:///etc/ironroom/pin"])
def test_both_spellings_of_a_file_url_are_read(source: str) -> None:
    url = TokenUrl.parse(f"pkcs11:token=v?module-path=/m.so&pin-source={source}")
    assert url.pin_file == Path("/etc/ironroom/pin")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no address"),
        ("file", "no address"),
        ("PKCS11:token=v" + HOW, "no address"),
        ("pkcs11:" + HOW, "names no token"),
        ("pkcs11:object=log" + HOW, "names no token"),
        ("pkcs11:token=" + HOW, "once each"),
        ("pkcs11:token=v;token=w" + HOW, "once each"),
        ("pkcs11:token=v;colour=red" + HOW, "once each"),
        ("pkcs11:token=v;" + HOW, "once each"),
        ("pkcs11:token=a b" + HOW, "once each"),
        ("pkcs11:token=%zz" + HOW, "once each"),
        ("pkcs11:token=%ff" + HOW, "no UTF-8"),
        ("pkcs11:token=%0a" + HOW, "cannot be printed"),
        ("pkcs11:token=v;type=public" + HOW, "leave out type="),
        ("pkcs11:token=v;id=" + "a" * 65 + HOW, "at most 64 bytes"),
        ("pkcs11:token=v", "say where the token's PKCS#11 library is"),
        ("pkcs11:token=v?pin-source=file:/pin", "say where the token's PKCS#11 library is"),
        ("pkcs11:token=v?module-path=/m.so", "say where the PIN is"),
        ("pkcs11:token=v?module-path=m.so&pin-source=file:/pin", "say where the token's PKCS#11 library is"),
        ("pkcs11:token=v?module-path=/a/../m.so&pin-source=file:/pin", "say where the token's"),
        ("pkcs11:token=v?module-path=/m.so&pin-source=file://host/pin", "say where the PIN is"),
        ("pkcs11:token=v?module-path=/m.so&pin-source=https://host/pin", "say where the PIN is"),
        ("pkcs11:token=v?module-path=/m.so&pin-source=|cat%20/pin", "once each"),
        ("pkcs11:token=" + "v" * 1024 + HOW, "no address"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(FormatRefused, match=told):
        TokenUrl.parse(text)


@pytest.mark.parametrize(
    "where", ["{}&pin-value=918273", "{};pin-value=918273", "pkcs11:token=v?pin-value=918273"]
)
def test_a_pin_in_an_address_is_refused_and_not_repeated(where: str) -> None:
    with pytest.raises(FormatRefused) as told:
        TokenUrl.parse(where.format("pkcs11:token=v" + HOW))
    assert "918273" not in str(told.value)


def test_the_manual_shows_an_address_that_is_right() -> None:
    manual = (ROOT / "docs" / "keys.md").read_text(encoding="utf-8")
    shown = re.findall(r'^key = "(pkcs11:[^"]*)"$', manual, re.MULTILINE)
    assert len(shown) == 1
    assert parse_place(shown[0]).name == "vault"


def test_a_place_for_keys_names_none() -> None:
    assert parse_place(FULL.replace("id=%00a%ff;type=private", "type=private")).key_id == b""
    with pytest.raises(FormatRefused, match="leave out id="):
        parse_place(FULL)
