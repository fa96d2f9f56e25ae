"""AES-CMAC and the padding of cards, against published vectors and a second implementation."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.aes import (
    ZERO_IV,
    chained_cmac,
    cmac,
    padded,
    rotated,
    same,
    subkeys,
    truncated,
    unpadded,
)

WYCHEPROOF = json.loads((Path(__file__).parent / "vectors" / "wycheproof_aes_cmac.json").read_text())["cases"]

# RFC 4493, section 4, and the same in NIST SP 800-38B, appendix D.1.
RFC_KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
RFC_TEXT = bytes.fromhex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
)
RFC = [
    (0, "bb1d6929e95937287fa37d129b756746"),
    (16, "070a16b46b4d4144f79bdd9dd04a287c"),
    (40, "dfa66747de9ae63030ca32611497c827"),
    (64, "51f0bebf7e3b9d92fc49741779363cfe"),
]


@pytest.mark.parametrize(("length", "mac"), RFC)
def test_cmac_is_that_of_rfc_4493_with_and_without_a_chain(length: int, mac: str) -> None:
    assert cmac(RFC_KEY, RFC_TEXT[:length]).hex() == mac
    assert chained_cmac(RFC_KEY, RFC_TEXT[:length], ZERO_IV).hex() == mac


def test_the_subkeys_are_those_of_rfc_4493() -> None:
    assert [key.hex() for key in subkeys(RFC_KEY)] == [
        "fbeed618357133667c85e08f7236a8de",
        "f7ddac306ae266ccf90bc11ee46d513b",
    ]


@pytest.mark.parametrize(("_", "key", "message", "tag", "result"), WYCHEPROOF)
def test_every_tag_of_wycheproof_is_judged_as_published(
    _: int, key: str, message: str, tag: str, result: str
) -> None:
    one = cmac(bytes.fromhex(key), bytes.fromhex(message))
    other = chained_cmac(bytes.fromhex(key), bytes.fromhex(message), ZERO_IV)
    assert same(one, bytes.fromhex(tag)) == same(other, bytes.fromhex(tag)) == (result == "valid")


@given(st.binary(min_size=16, max_size=16), st.binary(max_size=80))
def test_a_chain_begun_with_zeros_is_the_cmac_of_the_library(key: bytes, message: bytes) -> None:
    assert chained_cmac(key, message, ZERO_IV) == cmac(key, message)


@given(
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=16, max_size=80),
    st.binary(min_size=16, max_size=16),
)
def test_the_chain_is_mixed_into_the_first_block(key: bytes, message: bytes, iv: bytes) -> None:
    first = bytes(a ^ b for a, b in zip(message[:16], iv, strict=True))
    assert chained_cmac(key, message, iv) == cmac(key, first + message[16:])


@given(st.binary(max_size=80))
def test_what_was_padded_is_found_again(text: bytes) -> None:
    assert len(padded(text)) % 16 == 0
    assert unpadded(padded(text)) == text


@pytest.mark.parametrize("text", ["", "00" * 16, "80" + "00" * 31, "41" * 16, "41" * 15 + "81", "4180"])
def test_no_other_padding_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match="padding"):
        unpadded(bytes.fromhex(text))


def test_a_truncated_mac_is_every_second_byte() -> None:
    # AN12196 rev. 2.0, table 7, steps 8 and 9.
    mac = bytes.fromhex("B565AC978FA46D5784C845CD1444102C")
    assert truncated(mac).hex().upper() == "6597A457C8CD442C"


def test_a_random_number_comes_back_rotated_by_a_byte() -> None:
    # AN12196 rev. 2.0, table 14, step 10.
    number = bytes.fromhex("B9E2FC789B64BF237CCCAA20EC7E6E48")
    assert rotated(number).hex().upper() == "E2FC789B64BF237CCCAA20EC7E6E48B9"
