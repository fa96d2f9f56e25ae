import inspect

import pytest
import usb1 as real_usb1

from firmware_shims.pi import usb1

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
