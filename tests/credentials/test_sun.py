"""SUN messages: published examples, and one spelling only.

The examples: NXP AN12196 (tables 2 to 5 of rev. 2.0) and the tests of nfc-developer/sdm-backend
(tests/test_libsdm.py), which repeat them and add one with keys that are not zero and two plain ones.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware_shims.cards.ntag424_files import File, Mirror
from firmware_shims.cards.ntag424_files import factory as factory_files
from hardware.credentials.aes import encrypted
from hardware.credentials.exchange import CardRefusedError, NotThisCardError
from hardware.credentials.ntag424_making import sdm_settings
from hardware.credentials.sun import MAC_AT, PICCDATA_AT, TEMPLATE, Sun, mirrors, opened, sdm_mac, session_key
from hardware.signals import CardFault

ZERO = bytes(16)
META, FILE = (
    bytes.fromhex("42aff114f2cb3b6141be6dc95dfc5416"),
    bytes.fromhex("b62a9baf092439bd43c62aee96b970c5"),
)
UID = bytes.fromhex("04DE5F1EACC040")
PICCDATA, MAC = b"EF963FF7828658A599F3041510671E88", b"94EED9EE65337086"


def ndef(piccdata: bytes = PICCDATA, mac: bytes = MAC) -> bytes:
    head = b"\x00\x4b\xd1\x01\x47U\x00ironroom:badge/1?e="
    return head + piccdata + b"&m=" + mac


@pytest.mark.parametrize(
    ("piccdata", "keys", "uid", "counter", "covered", "mac"),
    [
        ("EF963FF7828658A599F3041510671E88", (ZERO, ZERO), "04DE5F1EACC040", 61, b"", "94EED9EE65337086"),
        (
            "FD91EC264309878BE6345CBE53BADF40",
            (ZERO, ZERO),
            "04958CAA5C5E80",
            8,
            b"CEE9A53E3E463EF1F459635736738962&cmac=",
            "ECC1E7F6C6C73BF6",
        ),
        (
            "8ACADDEF0A9B62CDAE39A16B83FC14DE",
            (META, FILE),
            "041D3C8A2D6B80",
            291,
            b"B8436E11F627BB7F543FCC0C1E0D1A89",
            "238B2543A8DEBAD8",
        ),
    ],
)
def test_published_sun_messages_verify(
    piccdata: str, keys: tuple[bytes, bytes], uid: str, counter: int, covered: bytes, mac: str
) -> None:
    sun = opened(bytes.fromhex(piccdata), keys[0])
    assert sun == Sun(bytes.fromhex(uid), counter)
    assert sdm_mac(keys[1], sun, covered).hex().upper() == mac


@pytest.mark.parametrize(
    ("key", "sun", "session"),
    [
        (ZERO, Sun(UID, 61), "3FB5F6E3A807A03D5E3570ACE393776F"),
        (ZERO, Sun(bytes.fromhex("04958CAA5C5E80"), 8), "3ED0920E5E6A0320D823D5987FEAFBB1"),
        (
            bytes.fromhex("5ACE7E50AB65D5D51FD5BF5A16B8205B"),
            Sun(bytes.fromhex("04C767F2066180"), 1),
            "3A3E8110E05311F7A3FCF0D969BF2B48",
        ),
    ],
)
def test_published_session_keys_come_out(key: bytes, sun: Sun, session: str) -> None:
    # AN12196, tables 1, 4 and 5; the third with a file read key that is not zero.
    assert session_key(key, sun).hex().upper() == session


def test_a_published_mac_of_a_plain_mirror_comes_out() -> None:
    mac = sdm_mac(ZERO, Sun(bytes.fromhex("041E3C8A2D6B80"), 6), b"")
    assert mac.hex().upper() == "4B00064004B0B3D3"


def test_the_published_message_in_our_file_verifies() -> None:
    assert mirrors(ndef()).verified(UID, ZERO, ZERO) == Sun(UID, 61)


def test_the_file_is_spelled_as_the_documentation_says() -> None:
    assert ndef(b"0" * 32, b"0" * 16) == TEMPLATE
    assert len(TEMPLATE) == 77


def test_the_offsets_that_go_to_the_card_are_those_the_reader_reads_at() -> None:
    # AN12196, table 18: options, access rights (least significant first), then three places.
    places = b"".join(at.to_bytes(3, "little") for at in (PICCDATA_AT, MAC_AT, MAC_AT))
    assert sdm_settings() == bytes.fromhex("C1FF12") + places
    assert TEMPLATE[PICCDATA_AT - 2 : PICCDATA_AT] == b"e="
    assert TEMPLATE[MAC_AT - 2 : MAC_AT] == b"m="


@settings(deadline=None)
@given(st.integers(0, len(TEMPLATE) - 1), st.integers(0, 255))
def test_a_file_with_any_byte_changed_proves_nothing(at: int, byte: int) -> None:
    file = bytearray(ndef())
    if file[at] == byte:
        byte ^= 0x20
    file[at] = byte
    with pytest.raises((NotThisCardError, CardRefusedError)):
        mirrors(bytes(file)).verified(UID, ZERO, ZERO)


@pytest.mark.parametrize(
    "file",
    [
        b"",
        ndef()[:-1],
        ndef()[:-7],
        ndef() + b"\x00",
        b"\x00\x4b" + ndef(),
        ndef().replace(b"badge/1", b"badge/2"),
        ndef().replace(b"&m=", b"&c="),
        ndef().replace(b"\x00ironroom:", b"\x04ironroom:"),
        bytes(77),
    ],
)
def test_another_file_is_not_a_badge(file: bytes) -> None:
    with pytest.raises(NotThisCardError):
        mirrors(file)


@pytest.mark.parametrize(
    ("piccdata", "mac"),
    [
        (PICCDATA.lower(), MAC),
        (PICCDATA, MAC.lower()),
        (PICCDATA[:-1] + b" ", MAC),
        (PICCDATA[:-1] + b"G", MAC),
        (PICCDATA[:-2] + b"0x", MAC),
        (PICCDATA[:-2] + "é".encode(), MAC),
    ],
)
def test_mirrors_have_one_spelling(piccdata: bytes, mac: bytes) -> None:
    with pytest.raises(CardRefusedError) as refused:
        mirrors(ndef(piccdata, mac))
    assert refused.value.fault is CardFault.BROKEN


def test_a_message_under_another_key_is_a_wrong_key() -> None:
    with pytest.raises(CardRefusedError) as refused:
        mirrors(ndef()).verified(UID, META, ZERO)
    assert refused.value.fault is CardFault.WRONG_KEY


@pytest.mark.parametrize("tag", [0x00, 0x47, 0x87, 0xC6, 0xD7, 0xFF])
def test_a_message_that_mirrors_something_else_is_a_wrong_key(tag: int) -> None:
    text = bytes((tag,)) + UID + (61).to_bytes(3, "little") + bytes(5)
    with pytest.raises(CardRefusedError) as refused:
        mirrors(ndef(encrypted(ZERO, text).hex().upper().encode())).verified(UID, ZERO, ZERO)
    assert refused.value.fault is CardFault.WRONG_KEY


def test_a_message_of_another_card_is_a_wrong_key() -> None:
    with pytest.raises(CardRefusedError) as refused:
        mirrors(ndef()).verified(bytes.fromhex("04958CAA5C5E80"), ZERO, ZERO)
    assert refused.value.fault is CardFault.WRONG_KEY


def test_a_wrong_mac_is_broken() -> None:
    found = replace(mirrors(ndef()), mac=bytes(8))
    with pytest.raises(CardRefusedError) as refused:
        found.verified(UID, ZERO, ZERO)
    assert refused.value.fault is CardFault.BROKEN


@settings(deadline=None)
@given(st.binary(min_size=7, max_size=7), st.integers(0, 0xFFFFFF), st.binary(min_size=16, max_size=16))
def test_what_a_card_mirrors_is_read_back_whatever_its_counter(uid: bytes, counter: int, key: bytes) -> None:
    file = File(bytearray(TEMPLATE), b"\x00\xe0")
    file.change(bytes.fromhex("4000E0") + sdm_settings())
    image = Mirror(uid, [ZERO, key, META, ZERO, ZERO], counter).image(file)
    assert mirrors(image).verified(uid, key, META) == Sun(uid, counter)


def test_a_card_mirrors_into_its_file_nothing_but_the_mirrors() -> None:
    file = factory_files()[2]
    file.data[: len(TEMPLATE)] = TEMPLATE
    file.change(bytes.fromhex("4000E0") + sdm_settings())
    image = Mirror(UID, [ZERO] * 5, 7).image(file)
    assert len(image) == 256
    assert image[:PICCDATA_AT] == TEMPLATE[:PICCDATA_AT]
    assert image[PICCDATA_AT + 32 : MAC_AT] == b"&m="
    assert not any(image[MAC_AT + 16 :])
