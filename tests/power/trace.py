"""A recorder of what a process asks of the disk: strace, and its lines read back as plain deeds.

Rule 1: the writer under it is the product, unchanged; it has one thread, so the order of lines is the truth.
Rule 2: a deed that is not understood ends the recording; nothing is passed over in silence.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 200_000
_CALLS = (
    "openat,?open,?creat,close,write,writev,pwrite64,pwritev,?pwritev2,ftruncate,?truncate,fallocate,"
    "fsync,fdatasync,?sync,syncfs,sync_file_range,msync,?unlink,unlinkat,?rename,?renameat,renameat2,"
    "?link,linkat,?symlink,symlinkat,?mkdir,mkdirat,?rmdir,copy_file_range,dup,?dup2,dup3"
)
_LINE = re.compile(r"(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?(?:\(deleted\))?(?: .*)?")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')


@dataclass(frozen=True, slots=True)
class Deed:
    """One call that may change the disk: its name, paths, bytes, offset or size, as the call has them.

    ``call`` is make, folder, write, truncate, sync, failed (a sync), link, unlink or told; ``data`` of
    ``told`` is what the writer said. Paths are absolute.
    """

    call: str
    path: str = ""
    data: bytes = b""
    at: int = 0


def record(command: Sequence[str], trace: Path, *faults: str) -> list[Deed]:
    """Run a command to its end and give what it asked of the disk, and what it said, in order.

    ``faults`` are more arguments of strace, that make calls fail.
    """
    tracer = ["strace", "-qq", "-y", "-xx", "-s", str(LONGEST), "-e", f"trace={_CALLS}", "-o", str(trace)]
    tracer += faults
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    with said(trace).open("wb") as stdout:
        ended = subprocess.run(
            [*tracer, *command],
            cwd=ROOT,
            env=environment,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert ended.returncode == 0, ended.stderr
    with trace.open(encoding="ascii") as lines:
        return list(_deeds(lines))


def said(trace: Path) -> Path:
    """Where what the recorded process says is kept."""
    return trace.with_suffix(".said")


def _deeds(lines: Iterator[str]) -> Iterator[Deed]:
    for line in lines:
        if line.startswith(("+++", "---")):
            continue
        matched = _LINE.fullmatch(line.strip())
        assert matched, f"strace says something strange: {line[:300]}"
        call, arguments, result, opened = matched.groups()
        if int(result) >= 0:
            yield from _deed(call, arguments, int(result), _text(opened or ""))
        elif call in {"fsync", "fdatasync"}:
            yield Deed("failed", _file(arguments))


def _deed(call: str, arguments: str, result: int, opened: str) -> Iterator[Deed]:  # noqa: C901 - one case a call
    match call:
        case "openat" | "open" if "O_CREAT" in arguments or "O_TRUNC" in arguments:
            yield Deed("make", opened, at="O_TRUNC" in arguments)
        case "mkdir" | "mkdirat":
            yield Deed("folder", _named(arguments)[-1])
        case "write" if arguments.startswith("1<"):
            yield Deed("told", data=_bytes(arguments))
        case "write":  # to a file that was just made: behind what is there
            yield Deed("write", _file(arguments), _bytes(arguments)[:result], -1)
        case "link" | "linkat":
            old, new = _named(arguments)[-2:]
            yield Deed("link", new, old.encode())
        case "pwrite64":
            at, data = int(arguments.rpartition(", ")[2]), _bytes(arguments)
            assert len(data) >= result, "strace cut a write short"
            yield Deed("write", _file(arguments), data[:result], at)
        case "ftruncate":
            yield Deed("truncate", _file(arguments), at=int(arguments.rpartition(", ")[2]))
        case "fsync" | "fdatasync":
            yield Deed("sync", _file(arguments))
        case "unlink" | "unlinkat":
            yield Deed("unlink", _named(arguments)[-1])
        case "openat" | "open" | "close":
            return
        case _:
            yield Deed(f"{call} is not understood", _file(arguments) or arguments)


def _text(hexadecimal: str) -> str:
    return bytes.fromhex(hexadecimal.replace("\\x", "")).decode()


def _bytes(arguments: str) -> bytes:
    (found,) = _STRING.finditer(arguments)
    assert not found[2], "strace cut a write short"
    return bytes.fromhex(found[1].replace("\\x", ""))


def _named(arguments: str) -> list[str]:
    return [_text(found[1]) for found in _STRING.finditer(arguments)]


def _file(arguments: str) -> str:
    found = re.match(r"\d+<([^>]*)>", arguments)
    return _text(found[1]) if found else ""
