"""Runs at the start of every process that has this folder on PYTHONPATH: device files may have worlds.

Rule 1: it only installs the hook; without a world beside a file nothing is different.
"""

from firmware_shims import kernel_buses, kernel_ioctl

__all__ = ["kernel_buses"]

kernel_ioctl.install()
