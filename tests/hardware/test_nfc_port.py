import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

import pytest

from firmware_shims.heard import Heard
from firmware_shims.pn532 import Pn532
from hardware import nfc_port
from hardware.nfc_reader import NfcReader
from hardware.signals import CardRead, DeviceBack, DeviceLost, Signal

LONG = 30.0
DOOR = "main.in"
CARD, OTHER = "04A1B2C3D4E5F6", "11223344"


def read(uid: str) -> CardRead:
    return CardRead(DOOR, uid, "uid", uid=uid)


def losses(heard: Heard) -> int:
    return len(heard.of(DeviceLost))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


CHILD = """
import sys
from hardware import nfc_port
from hardware.nfc_reader import NfcReader
reader = NfcReader("main.in", sys.argv[1], sink=lambda signal: print(type(signal).__name__, flush=True))
reader.start(); sys.stdin.readline(); reader.stop()
"""


def child(port: str, before: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", before + CHILD, port],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


# Every way in which Python starts a process tells an audit hook of it before it does (PEP 578).
WATCHING = """
import sys
BIRTHS = ("os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "subprocess.", "pty.spawn")
def hook(event, args):
    if event.startswith(BIRTHS):
        print("BORN", event, args, flush=True)
sys.addaudithook(hook)
"""


@pytest.mark.parametrize("fault", [None, Pn532.vanish])
def test_opening_reading_losing_and_closing_a_reader_start_no_process(
    chip: Pn532, fault: Callable[[Pn532], None] | None
) -> None:
    with child(chip.port, WATCHING) as only:
        assert only.stdout
        _until("DeviceBack", only.stdout)
        chip.put(CARD)
        _until("CardRead", only.stdout)
        if fault:
            fault(chip)
            _until("DeviceLost", only.stdout)
        told, _ = only.communicate("stop\n", timeout=LONG)
        assert "BORN" not in told


def test_a_process_that_is_started_would_be_seen() -> None:
    births = [
        "import os; os.system('true')",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.posix_spawn('/bin/true', ['true'], {})",
        "import os; os.fork() or os._exit(0)",
    ]
    for birth in births:
        run = [sys.executable, "-c", WATCHING + birth]
        assert "BORN" in subprocess.run(run, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("name", ["ttyAMA2", "ttyUSB0"])
def test_line_and_chip_take_the_highest_speed_that_both_know(
    heard: Heard, open_reader: Callable[..., NfcReader], name: str
) -> None:
    with Pn532(name) as chip:
        open_reader(chip.port, heard)
        assert heard.wait(DeviceBack(DOOR))
        assert chip._speed == chip.host_speed() == 921600


def test_a_line_that_knows_no_raised_speed_is_left_at_its_own(
    chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nfc_port, "_SLOW", "/dev/pts/")
    open_reader(chip.port, heard)
    assert heard.wait(DeviceBack(DOOR))
    assert chip._speed == chip.host_speed() == 115200
    assert chip.present(CARD)
    assert heard.wait(read(CARD))


@pytest.mark.parametrize("state", ["well", "stalled", "gone"])
def test_stopping_ends_the_thread_and_frees_the_port_in_any_state(
    chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader], state: str
) -> None:
    before = open_files()
    reader = open_reader(chip.port, heard)
    assert heard.wait(DeviceBack(DOOR))
    if state == "stalled":
        chip.stall()
    elif state == "gone":
        chip.vanish()
    reader.stop()
    assert not reader._thread.is_alive()
    # The reader in software closes its own two ends when it is unplugged.
    assert open_files() <= before - (2 if state == "gone" else 0)
    assert not [s for s in heard.of(DeviceLost) if isinstance(s, DeviceLost) and "ended" in s.why]


def test_stopping_leaves_the_chip_at_the_speed_it_starts_with(
    chip: Pn532, heard: Heard, reader: NfcReader
) -> None:
    assert heard.wait(DeviceBack(DOOR))
    assert chip._speed == 921600
    reader.stop()
    assert chip._speed == 115200


def test_after_a_kill_the_reader_is_won_back_although_it_kept_its_raised_speed(
    chip: Pn532, heard: Heard, open_reader: Callable[..., NfcReader]
) -> None:
    with child(chip.port) as first:
        assert chip.wait_scans(2, LONG)
        first.kill()
    assert chip._speed == 921600
    open_reader(chip.port, heard)
    assert heard.wait(DeviceBack(DOOR))


def _until(word: str, lines: IO[str]) -> None:
    """Read up to a word: a chip whose machine had to wait may be lost once more in between."""
    while line := lines.readline():
        assert not line.startswith("BORN"), line
        if line == f"{word}\n":
            return
    pytest.fail(f"it ended without {word}")


def test_a_life_with_losses_leaves_no_warning_behind(chip: Pn532) -> None:
    with child(chip.port) as only:
        assert only.stdout
        _until("DeviceBack", only.stdout)
        chip.vanish()
        _until("DeviceLost", only.stdout)
        chip.back()
        _until("DeviceBack", only.stdout)
        _, err = only.communicate("stop\n", timeout=LONG)
        assert err == ""
        assert only.returncode == 0


def test_a_second_program_on_the_port_gets_nothing_and_disturbs_nobody(
    chip: Pn532, heard: Heard, reader: NfcReader, open_reader: Callable[..., NfcReader]
) -> None:
    assert heard.wait(DeviceBack(DOOR))
    second = Heard()
    open_reader(chip.port, second)
    assert second.wait_kind(DeviceLost)
    assert chip.present(CARD)
    assert heard.wait(read(CARD))
    assert not second.of(CardRead, DeviceBack)
    assert losses(heard) == 0


def test_a_sink_that_fails_ends_the_thread_with_a_loss(
    chip: Pn532, monkeypatch: pytest.MonkeyPatch, open_reader: Callable[..., NfcReader]
) -> None:
    raised: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_type))
    heard = Heard()

    def sink(signal: Signal) -> None:
        heard(signal)
        if isinstance(signal, CardRead):
            raise TypeError("the inbox is broken")

    reader = open_reader(chip.port, sink)
    chip.put(CARD)
    assert heard.wait(DeviceLost(DOOR, "the thread that reads it has ended"))
    reader._thread.join(LONG)
    assert raised == [TypeError]


@pytest.mark.parametrize(
    "port", ["ttyAMA2", "/dev/tty AMA2", "/dev/x;reboot", "/dev/$(id)", "/dev/x\n", "", "/dev/ü"]
)
def test_a_port_that_is_no_plain_path_is_refused(port: str) -> None:
    with pytest.raises(ValueError, match=r"main\.in: port .* must be an absolute device path"):
        NfcReader(DOOR, port, sink=Heard())


def test_an_unknown_chip_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="chip 'rc522' is not known; there is pn532"):
        NfcReader(DOOR, "/dev/ttyAMA2", sink=Heard(), chip="rc522")


@pytest.mark.usefixtures("reader")
def test_no_card_appears_in_a_log(chip: Pn532, heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG - 5)
    assert chip.present(CARD)
    assert heard.wait(read(CARD))
    chip.vanish()
    assert heard.wait_kind(DeviceLost)
    assert not [record for record in caplog.records if record.name.startswith("nfc")]
