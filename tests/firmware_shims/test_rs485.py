"""The pair of wires: everybody hears everybody else, and what can be done to it."""

from collections.abc import Iterator
from pathlib import Path
from termios import error
from threading import Event

import pytest
from serial import Serial, SerialException

from firmware_shims.rs485 import Rs485Hub


@pytest.fixture
def hub() -> Iterator[Rs485Hub]:
    with Rs485Hub(3) as hub:
        yield hub


@pytest.fixture
def ports(hub: Rs485Hub) -> Iterator[list[Serial]]:
    ports = [Serial(name, 115200, timeout=10) for name in hub.names]
    yield ports
    for port in ports:
        port.close()


def hears(port: Serial, data: bytes) -> bool:
    return bytes(port.read(len(data))) == data


def test_every_byte_is_heard_by_all_others_and_not_by_the_speaker(ports: list[Serial]) -> None:
    everything = bytes(range(256))
    ports[1].write(everything)
    assert hears(ports[0], everything)
    assert hears(ports[2], everything)
    ports[0].write(b"?")
    assert hears(ports[1], b"?")  # and none of its own bytes before it


def test_a_cut_port_neither_hears_nor_is_heard_until_spliced(hub: Rs485Hub, ports: list[Serial]) -> None:
    hub.cut(1)
    ports[1].write(b"lost")
    ports[2].write(b"kept")
    assert hears(ports[0], b"kept")
    hub.splice(1)
    ports[1].write(b"back")
    ports[2].write(b"again")
    assert hears(ports[2], b"back")
    assert hears(ports[1], b"again")


def test_a_mangler_sees_every_burst_and_decides_what_is_heard(hub: Rs485Hub, ports: list[Serial]) -> None:
    dropped = Event()

    def mangle(port: int, data: bytes) -> bytes:
        if port == 2:
            dropped.set()
        return b"" if port == 2 else data.upper()

    hub.mangle = mangle
    ports[2].write(b"dropped")
    assert dropped.wait(10)
    ports[1].write(b"said")
    assert hears(ports[0], b"SAID")


def test_a_stalled_port_is_heard_later_all_at_once(hub: Rs485Hub, ports: list[Serial]) -> None:
    hub.stall(1)
    ports[1].write(b"one")
    ports[2].write(b"between")
    assert hears(ports[0], b"between")
    ports[1].write(b"two")
    hub.say(b"!")
    assert hears(ports[0], b"!")
    hub.flow(1)
    ports[1].write(b"three")
    assert hears(ports[0], b"onetwothree")


def test_a_stranger_can_speak_on_the_pair(hub: Rs485Hub, ports: list[Serial]) -> None:
    hub.say(b"boo")
    assert all(hears(port, b"boo") for port in ports)


def test_a_port_that_does_not_read_stops_nobody(hub: Rs485Hub) -> None:
    with Serial(hub.names[0], timeout=10) as listener, Serial(hub.names[1]) as speaker:
        for _ in range(40):
            speaker.write(bytes(1000))
            assert len(listener.read(1000)) == 1000


def test_a_pulled_port_is_gone_and_the_others_go_on(hub: Rs485Hub, ports: list[Serial]) -> None:
    hub.pull(1)
    with pytest.raises((SerialException, error)):
        ports[1].read(1)
    ports[2].write(b"still here")
    assert hears(ports[0], b"still here")


def test_a_closed_hub_takes_its_ports_with_it(hub: Rs485Hub, ports: list[Serial]) -> None:
    hub.close()
    hub.close()
    assert not any(Path(name).exists() for name in hub.names)
    with pytest.raises((SerialException, error)):
        ports[0].read(1)
