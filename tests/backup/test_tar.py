"""One spelling of what lies inside: whatever else a tar can hold is refused before it is written."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.backup_tar import ABOUT, LARGEST, LOG, Packed, Unpacker, header, member
from controller.errors import RestoreRefused

CONTENTS = {ABOUT: b"{}", LOG: b"log" * 400, "pepper": b"p" * 32, "keys/r1.key": b"k", "restored.json": b"r"}


def whole(contents: dict[str, bytes] = CONTENTS) -> bytes:
    packed = Packed([member(name, content) for name, content in contents.items()])
    return b"".join(iter(lambda: packed.read(1000), b""))


def unpacked(octets: bytes, step: int = 0, largest: int = 10_000) -> dict[str, bytes]:
    taken: dict[str, io.BytesIO] = {}

    def begin(name: str, _size: int) -> Callable[[bytes], object]:
        taken[name] = io.BytesIO()
        return taken[name].write

    unpacker = Unpacker(largest, begin)
    for at in range(0, len(octets), step or len(octets)):
        unpacker.write(octets[at : at + (step or len(octets))])
    unpacker.finish()
    return {name: file.getvalue() for name, file in taken.items()}


@pytest.mark.parametrize("step", [0, 1, 7, 511, 512, 513])
def test_what_was_packed_comes_out_wherever_the_pieces_are_cut(step: int) -> None:
    assert unpacked(whole(), step) == CONTENTS


def test_python_and_we_read_the_same_tar() -> None:
    with tarfile.open(fileobj=io.BytesIO(whole())) as tar:
        assert {one.name: tar.extractfile(one).read() for one in tar} == CONTENTS  # type: ignore[union-attr]


def strange(
    name: str, kind: bytes = tarfile.REGTYPE, link: str = "", size: int = 0, mode: int = 0o600
) -> bytes:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size, info.mode = kind, link, size, mode
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(size + -size % 512)


HOSTILE = {
    "a path upwards": strange("../../etc/passwd", size=1),
    "an absolute path": strange("/etc/passwd", size=1),
    "a path through a key": strange("keys/../pepper", size=1),
    "a link": strange("pepper", tarfile.SYMTYPE, "/etc/shadow"),
    "a hard link": strange("pepper", tarfile.LNKTYPE, "log.key"),
    "a folder": strange("keys", tarfile.DIRTYPE),
    "a device": strange("pepper", tarfile.CHRTYPE),
    "a fifo": strange("pepper", tarfile.FIFOTYPE),
    "a sparse file": strange("pepper", tarfile.GNUTYPE_SPARSE, size=1),
    "a long name": strange("x" * 200, size=1),
    "the signing key": strange("log.key", size=1),
    "a set-uid file": strange("pepper", size=1, mode=0o4755),
    "an empty file": strange("pepper"),
    "a huge file": header("pepper", LARGEST + 1),
    "a negative size": header("pepper", 1).replace(b"00000000001\0", b"-0000000001\0"),
    "a second log": strange(LOG, size=1),
    "noise": b"\xff" * 512,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_member_is_refused_and_nothing_is_written_for_it(hostile: bytes) -> None:
    good = whole({ABOUT: b"{}", LOG: b"log"})[: -2 * 512]
    taken: list[str] = []

    def begin(name: str, _size: int) -> Callable[[bytes], object]:
        taken.append(name)
        return len

    with pytest.raises(RestoreRefused):
        Unpacker(10_000, begin).write(good + hostile + bytes(1024))
    assert taken == [ABOUT, LOG]


def test_a_log_larger_than_the_file_it_comes_from_is_refused() -> None:
    with pytest.raises(RestoreRefused, match="cannot have"):
        unpacked(whole(), largest=1199)


@pytest.mark.parametrize("names", [[LOG], [LOG, ABOUT], [ABOUT, "pepper"], ["pepper"]])
def test_a_backup_begins_with_what_it_is_and_the_log(names: list[str]) -> None:
    with pytest.raises(RestoreRefused, match="does not begin"):
        unpacked(whole(dict.fromkeys(names, b"x")))


def test_every_cut_and_every_addition_is_refused() -> None:
    octets = whole({ABOUT: b"{}", LOG: b"log"})
    for cut in range(len(octets)):
        with pytest.raises(RestoreRefused):
            unpacked(octets[:cut] or b"\0", step=4096)
    with pytest.raises(RestoreRefused):
        unpacked(octets + bytes(512))


@given(at=st.integers(0, 511), octet=st.integers(0, 255))
def test_every_other_byte_in_a_header_is_another_header(at: int, octet: int) -> None:
    octets = bytearray(whole({ABOUT: b"{}", LOG: b"log"}))
    if octets[at] != octet:
        octets[at] = octet
        with pytest.raises(RestoreRefused):
            unpacked(bytes(octets))


def test_names_that_no_backup_has_cannot_be_packed(tmp_path: Path) -> None:
    for name in ("log.key", "keys/../x.key", "keys/.key", "/pepper", "policies/x.toml"):
        with pytest.raises(ValueError, match="no member"):
            member(name, b"x")


def test_a_file_that_shrinks_while_it_is_read_is_no_member(tmp_path: Path) -> None:
    file = tmp_path / "pepper"
    file.write_bytes(b"p" * 32)
    packed = Packed([member("pepper", file)])
    file.write_bytes(b"p")
    with pytest.raises(OSError, match="changed"):
        list(iter(packed.read, b""))
