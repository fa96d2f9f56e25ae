"""The disk refuses, at every call in turn: the log is dead with a sentence, whole, and heals with the disk.

strace makes the n-th call fail; a limit on the size of files cuts writes short; where the kernel lets us have
a mount of our own, a small disk is really filled and really made read-only.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.power.inquest import heard, holds
from tests.power.recordings import tried_again, workplace
from tests.power.sufferer import burnt
from tests.power.trace import ROOT

SUFFERER = [sys.executable, "-m", "tests.power.sufferer"]


@pytest.fixture
def place() -> Iterator[Path]:
    with workplace() as folder:
        yield folder


def run(*command: str) -> str:
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    return ended.stdout


def kept(folder: Path) -> str:
    """Hold the log on the healed disk against what was promised; the last line that was said."""
    _, *promises, last = folder.with_suffix(".said").read_text(encoding="utf-8").splitlines()
    assert holds(folder, heard(promises)), f"{folder}: lost what was promised"
    return last


def suffered(place: Path, fault: str, *, first: int, last: int, step: int = 1) -> dict[int, str]:
    """The last words of logs by the number of the call that failed; only of those whose fault came."""
    trace, call = place / "trace", fault.split(":", maxsplit=1)[0].removeprefix("?")
    calls = "?unlink,unlinkat" if call == "unlink" else call
    more = "+" if fault.endswith("+") else ""
    inject = f"{calls}:{fault.partition(':')[2].rstrip('+')}:when={burnt(call)}{more}"
    tracer = ["strace", "-f", "-qq", f"-etrace={calls}", f"-einject={inject}", "-o", str(trace)]
    run(*tracer, *SUFFERER, str(place), call, str(first), str(last), str(step))
    lines = trace.read_text(encoding="utf-8").splitlines()
    came = {line.split()[0] for line in lines if "(INJECTED)" in line}
    numbers = [n for n in range(first, last, step) if process(place / str(n)) in came]
    return {number: kept(place / str(number)) for number in numbers}


def process(folder: Path) -> str:
    with folder.with_suffix(".said").open(encoding="utf-8") as said:
        return said.readline().split()[1]


@pytest.mark.parametrize(
    ("fault", "calls", "step"),
    [
        ("fsync:error=EIO", 60, 1),
        ("fdatasync:error=EIO", 10, 1),
        ("pwrite64:error=EIO", 170, 1),
        ("pwrite64:error=ENOSPC", 170, 3),
        pytest.param("pread64:error=EIO", 80, 1, marks=pytest.mark.long),
        ("ftruncate:error=EIO", 20, 1),
        pytest.param("openat:error=EIO", 60, 1, marks=pytest.mark.long),
        ("openat:error=EMFILE", 60, 3),
        ("unlink:error=EROFS", 20, 1),
    ],
)
def test_whichever_call_fails_the_log_is_dead_with_a_sentence_and_heals_with_the_disk(
    fault: str, calls: int, step: int, place: Path
) -> None:
    words = suffered(place, fault, first=1, last=calls, step=step)
    assert list(words) == list(range(1, len(words) * step + 1, step)), "not every call was made to fail"
    assert len(words) < len(range(1, calls, step)), "some calls were never made to fail"
    assert any(word.startswith("dead ") for word in words.values())


@pytest.mark.parametrize("half", [0, pytest.param(1, marks=pytest.mark.long)])
def test_what_a_failed_sync_has_left_undone_is_done_before_it_is_relied_upon(half: int, place: Path) -> None:
    numbers = []
    for number in count(1 + 4 * half, 8):  # each of them in tests/soak/power_cuts.py
        findings = tried_again(place, number, 10)
        if findings is None:
            break
        assert findings.lost == 0
        numbers.append(number)
    assert numbers[-1] > 20


@pytest.mark.parametrize("call", ["pwrite64", "fsync", "openat"])
def test_a_disk_that_goes_read_only_leaves_a_dead_log_that_heals(call: str, place: Path) -> None:
    words = suffered(place, f"{call}:error=EROFS:+", first=1, last=50, step=3)
    assert len(words) > 3
    assert all(word.startswith("dead ") for n, word in words.items() if n < 12), words


def test_a_write_that_is_cut_short_leaves_a_dead_log_that_heals(place: Path) -> None:
    first, last, step = 2_900, 90_000, 2_801
    run(*SUFFERER, str(place), "limit", str(first), str(last), str(step))
    ends = [kept(place / str(limit)) for limit in range(first, last, step)]
    dead = [end for end in ends if end != "done"]
    assert len(dead) > 10
    assert dead == ends[: len(dead)]
    assert all("nothing may open" in end or "cannot be opened" in end for end in dead)


def own_mounts() -> list[str]:
    """What it takes to mount something of one's own; empty where the kernel does not let us."""
    for command in (["unshare", "-m"], ["unshare", "-Urm"]):
        probe = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
        if not subprocess.run(probe, capture_output=True, check=False).returncode:
            return command
    return []


OWN_MOUNTS = own_mounts()
DISKS = ["a tmpfs of our own"] if OWN_MOUNTS else ["no space for any write"]


@pytest.mark.parametrize("disk", DISKS)
def test_a_disk_that_is_full_leaves_a_dead_log_that_goes_on_when_there_is_space_again(
    disk: str, place: Path
) -> None:
    if not OWN_MOUNTS:
        words = suffered(place, "pwrite64:error=ENOSPC:+", first=60, last=61)
        assert "full" in words[60]
        return
    said = run(*OWN_MOUNTS, sys.executable, "-m", "tests.power.small_disk", str(place))
    dead = [line for line in said.splitlines() if line.startswith("dead ")]
    assert "full" in dead[0], dead
    assert "cannot be opened" in dead[1], dead
    lines = said.split("\n")
    promised = max(int(line.split()[1]) for line in lines[: lines.index(dead[0])] if "commit" in line)
    found = next(int(line.split()[1]) for line in lines if line.startswith("kept"))
    assert found in {promised, promised + 2}
    assert said.split()[-2:] == ["done", "healed"]
