import array
import errno
import fcntl
import os
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_shims import kernel_ioctl
from firmware_shims.kernel_device import KernelDevice
from firmware_shims.kernel_wire import Answer, Call, Part
from firmware_shims.pi_host import child_environment

SETTIMEOUT, KEEPALIVE, GETSUPPORT = 0xC0045706, 0x80045705, 0x80285700


class Dog(KernelDevice):
    """Three requests of watchdog(4), which carry integers and plain memory."""

    def __init__(self, path: Path, *, fifo: bool = False) -> None:
        self.kicks = threading.Semaphore(0)
        super().__init__(path, fifo=fifo)

    def ioctl(self, call: Call) -> tuple[bytes, ...]:
        match call:
            case Call(0xC0045706, (Part(_, _, seconds),)):
                return (min(15, int.from_bytes(seconds, "little")).to_bytes(4, "little"),)
            case Call(0x80045705):
                self.kicks.release()
                return ()
            case Call(0x80285700, (Part(_, _, room),)):
                return (struct.pack("<II32s", 0x8180, 1, b"dog")[: len(room)],)
        raise OSError(errno.ENOTTY, "")


@pytest.fixture
def dog(tmp_path: Path) -> Iterator[Dog]:
    kernel_ioctl.install()
    with Dog(tmp_path / "watchdog") as dog:
        yield dog
    kernel_ioctl.uninstall()


@pytest.fixture
def handle(dog: Dog) -> Iterator[int]:
    handle = os.open(dog.path, os.O_RDWR)
    yield handle
    os.close(handle)


def test_memory_is_written_back_where_the_caller_wants_it(handle: int) -> None:
    seconds = array.array("i", [60])
    assert fcntl.ioctl(handle, SETTIMEOUT, seconds, True) == 0
    assert seconds == array.array("i", [15])


def test_memory_that_is_not_to_change_comes_back_as_bytes(handle: int) -> None:
    seconds = array.array("i", [60])
    assert fcntl.ioctl(handle, SETTIMEOUT, seconds, False) == struct.pack("i", 15)
    assert seconds == array.array("i", [60])
    assert fcntl.ioctl(handle, SETTIMEOUT, struct.pack("i", 9)) == struct.pack("i", 9)
    assert fcntl.ioctl(handle, GETSUPPORT, bytes(40))[8:11] == b"dog"


def test_an_integer_needs_no_memory(dog: Dog, handle: int) -> None:
    assert fcntl.ioctl(handle, KEEPALIVE, 0) == 0
    with os.fdopen(os.dup(handle), "rb", buffering=0) as file:
        assert fcntl.ioctl(file, KEEPALIVE) == 0
    assert dog.kicks.acquire(timeout=20)
    assert dog.kicks.acquire(timeout=20)


def test_a_request_that_the_device_does_not_know_is_its_errno(handle: int) -> None:
    with pytest.raises(OSError, match="Inappropriate ioctl") as caught:
        fcntl.ioctl(handle, 0x1234, 0)
    assert caught.value.errno == errno.ENOTTY


def test_files_without_a_world_stay_with_the_kernel(dog: Dog, tmp_path: Path) -> None:
    master, slave = os.openpty()
    size = fcntl.ioctl(slave, termios.TIOCGWINSZ, bytes(8))
    assert len(size) == 8
    os.close(master)
    os.close(slave)
    plain = os.open(tmp_path / "plain", os.O_RDWR | os.O_CREAT)
    with pytest.raises(OSError, match="Inappropriate ioctl"):
        fcntl.ioctl(plain, KEEPALIVE, 0)
    os.close(plain)


def test_what_was_open_when_the_device_was_pulled_out_stays_dead(dog: Dog, handle: int) -> None:
    fcntl.ioctl(handle, KEEPALIVE, 0)
    dog.vanish()
    assert not Path(dog.path).exists()
    for _ in range(2):
        with pytest.raises(OSError, match="No such device"):
            fcntl.ioctl(handle, KEEPALIVE, 0)
    dog.back()
    with pytest.raises(OSError, match="No such device"):
        fcntl.ioctl(handle, KEEPALIVE, 0)
    fresh = os.open(dog.path, os.O_RDWR)
    assert fcntl.ioctl(fresh, KEEPALIVE, 0) == 0
    os.close(fresh)


def test_a_device_may_be_a_fifo_so_that_its_world_hears_writes(dog: Dog, tmp_path: Path) -> None:
    with Dog(tmp_path / "fifo", fifo=True) as other:
        handle = os.open(other.path, os.O_RDWR)
        os.write(handle, b"V")
        assert fcntl.ioctl(handle, KEEPALIVE, 0) == 0
        assert os.read(handle, 8) == b"V"
        os.close(handle)


CHILD = f"""
import fcntl, os, sys
handle = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(handle, {KEEPALIVE}, 0)
print(fcntl.ioctl(handle, {SETTIMEOUT}, (99).to_bytes(4, "little"))[0])
"""


def test_a_child_process_finds_the_world_by_its_environment_alone(dog: Dog, tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", CHILD, dog.path],
        env=child_environment(tmp_path / "pins"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (child.stdout, child.stderr) == ("15\n", "")
    assert dog.kicks.acquire(timeout=20)


parts = st.builds(Part, st.integers(0, 2**64 - 1), st.integers(0, 2**16 - 1), st.binary(max_size=40))


@given(st.integers(0, 2**32 - 1), st.lists(parts, max_size=4))
def test_a_call_comes_through_the_wire_as_it_was(request: int, pieces: list[Part]) -> None:
    call = Call(request, tuple(pieces))
    assert Call.decode(call.encode()) == call


@given(st.integers(0, 200), st.lists(st.binary(max_size=40), max_size=4))
def test_an_answer_comes_through_the_wire_as_it_was(number: int, pieces: list[bytes]) -> None:
    answer = Answer(number, tuple(pieces))
    assert Answer.decode(answer.encode()) == answer


@pytest.mark.parametrize("kind", [Call, Answer])
@given(packet=st.binary(max_size=60))
def test_any_other_packet_is_a_value_error_and_nothing_else(
    kind: type[Call] | type[Answer], packet: bytes
) -> None:
    with suppress(ValueError):
        assert kind.decode(packet).encode() == packet


def test_a_packet_cut_short_is_refused_with_a_sentence() -> None:
    whole = Call(7, (Part(1, 2, b"abc"),)).encode()
    for n in range(len(whole)):
        with pytest.raises(ValueError, match="no packet of the kernel wire"):
            Call.decode(whole[:n])
