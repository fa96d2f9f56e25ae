"""Diversified keys, against NXP's application notes and a foreign library."""

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from desfire.diversify import diversify_key
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.an10922 import diversified

KEYS = st.binary(min_size=16, max_size=16)


def plain_cmac(key: bytes, text: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(text)
    return mac.finalize()


def test_the_example_of_an10922_gives_its_key() -> None:
    # NXP AN10922, the example of AES-128; the same in libfreefare (test_mifare_key_deriver_an10922.c).
    key = diversified(
        bytes.fromhex("00112233445566778899AABBCCDDEEFF"),
        bytes.fromhex("04782E21801D80"),
        bytes.fromhex("3042F5"),
        bytes.fromhex("4E585020416275"),
    )
    assert key.hex().upper() == "A8DD63A3B89D54B37CA802473FDA9175"


def test_the_short_example_of_an10957_gives_its_key_which_is_no_plain_cmac() -> None:
    # NXP AN10957, the diversified key of a UID alone.
    master, uid = bytes.fromhex("F3F9377698707B688EAF84ABE39E3791"), bytes.fromhex("04DEADBEEFFEED")
    key = diversified(master, uid)
    assert key.hex().upper() == "0BB408BAFF98B6EE9F2E1585777F6A51"
    assert key != plain_cmac(master, b"\x01" + uid)


@given(KEYS, st.binary(min_size=1, max_size=31))
def test_a_foreign_library_diversifies_alike(master: bytes, told: bytes) -> None:
    assert bytes(diversify_key(list(master), [1, *told])) == diversified(master, told)


@given(KEYS, st.binary(min_size=16, max_size=31))
def test_over_more_than_one_block_it_is_a_plain_cmac(master: bytes, told: bytes) -> None:
    assert diversified(master, told) == plain_cmac(master, b"\x01" + told)


@given(KEYS, st.binary(min_size=7, max_size=7), st.integers(0, 6), st.integers(1, 255))
def test_another_uid_has_another_key(master: bytes, uid: bytes, at: int, change: int) -> None:
    other = uid[:at] + bytes([uid[at] ^ change]) + uid[at + 1 :]
    assert diversified(master, uid, b"AID") != diversified(master, other, b"AID")


@pytest.mark.parametrize("length", [0, 32, 33, 100])
def test_an_input_that_would_be_cut_or_is_empty_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="tell the cards apart"):
        diversified(bytes(16), bytes(length))


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="key size"):
        diversified(bytes(15), b"\x04")
