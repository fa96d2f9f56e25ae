import inspect
import subprocess
import sys
from pathlib import Path

import pytest
import usb1 as real_usb1

from firmware_shims.acr122u import Acr122u
from firmware_shims.pi import usb1
from firmware_shims.pi_host import child_environment
from firmware_shims.usb_wire import PATH_VARIABLE
from firmware_shims.usb_world import UsbWorld

STANDS_IN = [
    usb1.USBContext,
    usb1.USBDevice,
    usb1.USBDeviceHandle,
    usb1.USBInterfaceSetting,
    usb1.USBEndpoint,
]


@pytest.mark.parametrize("ours", STANDS_IN, ids=lambda kind: kind.__name__)
def test_what_the_stand_in_can_do_the_real_library_can_do_with_the_same_words(ours: type) -> None:
    real = getattr(real_usb1, ours.__name__)
    for name, method in inspect.getmembers(ours, inspect.isfunction):
        if name.startswith("_"):
            continue
        if name == "close":  # which the real one takes from a finalizer of its own
            continue
        wanted = list(inspect.signature(method).parameters)
        assert list(inspect.signature(getattr(real, name)).parameters)[: len(wanted)] == wanted, name


def test_the_numbers_and_errors_of_the_stand_in_are_the_real_ones() -> None:
    for name in [n for n in vars(usb1) if n.isupper() and n.startswith(("TRANSFER", "ENDPOINT"))]:
        assert getattr(usb1, name) == getattr(real_usb1, name)
    for kind in usb1.USBError.__subclasses__():
        assert getattr(real_usb1, kind.__name__).value == kind.value


READING = """
import sys
from hardware.nfc_reader import NfcReader
def sink(signal): print(type(signal).__name__, getattr(signal, "uid", ""), flush=True)
reader = NfcReader("main.in", "usb:072f:2200:1-1.2", chip="acr122u", sink=sink)
reader.start(); sys.stdin.readline(); reader.stop()
"""


def test_another_process_finds_the_reader_and_its_death_lets_go_of_it(tmp_path: Path) -> None:
    with UsbWorld(tmp_path / "usb") as world:
        usb = Acr122u()
        world.plug(usb, "1-1.2")
        env = {**child_environment(tmp_path / "pins"), PATH_VARIABLE: str(world.path)}
        for times in (1, 2):
            with subprocess.Popen(
                [sys.executable, "-X", "dev", "-W", "error", "-c", READING],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            ) as child:
                assert child.stdout
                assert child.stdout.readline() == "DeviceBack \n"
                assert usb.present("04A1B2C3D4E5F6")
                assert child.stdout.readline() == "CardRead 04A1B2C3D4E5F6\n"
                if times == 1:
                    child.kill()
                    continue
                assert child.communicate("stop\n", timeout=30) == ("", "")
