import pytest

from firmware_shims.pin_wire import Op, Packet, decode


@pytest.mark.parametrize("op", Op)
def test_a_packet_survives_the_wire(op: Op) -> None:
    for bcm in (0, 27, 53):
        for value in (0, 1, 2):
            assert decode(Packet(op, bcm, value).encode()) == Packet(op, bcm, value)


@pytest.mark.parametrize(
    "data", [b"", b"\x01", b"\x01\x02\x03\x04", b"\x00\x00\x00", b"\x07\x00\x00", b"\x01\x36\x00"]
)
def test_what_is_no_packet_is_an_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(data)
