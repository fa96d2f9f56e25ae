"""BER-TLV objects of a PIV card: what was written is read, and one byte less is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.credentials.exchange import CardRefusedError
from hardware.credentials.piv_objects import objects
from hardware.signals import CardFault

TAGS = st.integers(0, 0xFF).filter(lambda tag: tag & 0x1F != 0x1F)  # one byte (ISO/IEC 7816-4, 6.3)
SIZES = st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF]) | st.integers(0, 700)
VALUES = st.dictionaries(TAGS, SIZES.map(lambda size: bytes((size & 0xFF,)) * size), max_size=5)


def written(values: dict[int, bytes]) -> bytes:
    return b"".join(bytes((tag,)) + length(len(value)) + value for tag, value in values.items())


def length(size: int) -> bytes:
    if size < 0x80:
        return bytes((size,))
    return bytes((0x81, size)) if size <= 0xFF else b"\x82" + size.to_bytes(2, "big")


@given(VALUES)
def test_objects_are_read_as_they_were_written(values: dict[int, bytes]) -> None:
    assert objects(written(values)) == values


@given(VALUES.filter(bool))
def test_objects_without_their_last_byte_are_refused(values: dict[int, bytes]) -> None:
    with pytest.raises(CardRefusedError) as refused:
        objects(written(values)[:-1])
    assert refused.value.fault is CardFault.BROKEN


@given(VALUES.filter(bool), st.binary(max_size=20))
def test_the_same_object_twice_is_refused(values: dict[int, bytes], other: bytes) -> None:
    tag = next(iter(values))
    with pytest.raises(CardRefusedError, match="twice"):
        objects(written(values) + written({tag: other}))
