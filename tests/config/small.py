"""The smallest site there can be, to change one thing in."""

from hypothesis import HealthCheck, settings

from controller.config import SiteFile, loads
from controller.errors import ConfigError
from controller.site_faults import Fault

SMALL = """\
[site]
name = "small"
timezone = "UTC"
legacy_uid = "legacy, may be copied"

[room.vault]
duty = "always"

[door.main]
room = "vault"
reader_in = "osdp:///dev/ttyAMA1?address=1"
reader_out = "osdp:///dev/ttyAMA1?address=2"
strike = "gpio:relay/1"
contact = "gpio:input/1"

[cabinet.c1]
room = "vault"
reader = "osdp:///dev/ttyAMA1?address=3"

[cabinet.c1.compartment.a]
lock = "gpio:relay/2"
contact = "gpio:input/2"
"""


def small(heading: str = "site", *lines: str) -> str:
    """The text of the small site with lines added under a heading."""
    return SMALL.replace(f"[{heading}]\n", f"[{heading}]\n" + "".join(f"{line}\n" for line in lines), 1)


def faults(text: str) -> list[Fault]:
    """What is wrong with a text; nothing when it can be used."""
    try:
        loads(text, "small.toml")
    except ConfigError as error:
        return [fault for fault in error.args if isinstance(fault, Fault)]
    return []


def site(heading: str = "site", *lines: str) -> SiteFile:
    """The small site with lines added under a heading."""
    return loads(small(heading, *lines), "small.toml")


# A loaded machine makes an example slow; that says nothing about the site file.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
