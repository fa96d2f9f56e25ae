"""How ``spidev`` and ``i2c-dev`` lay out their transfers in memory (linux/spi/spidev.h, linux/i2c-dev.h).

Rule 1: layouts only; who answers is no affair of this file.
"""

import ctypes
from typing import ClassVar

from firmware_shims import kernel_ioctl
from firmware_shims.kernel_wire import Part

# _IOC: direction in bits 30-31, size in bits 16-29, type in bits 8-15, number in bits 0-7.
SPI_MESSAGE_MASK, SPI_MESSAGE = 0xC000FFFF, 0x40006B00
SPI_WR_MODE, SPI_WR_SPEED, SPI_WR_BITS = 0x40016B01, 0x40046B04, 0x40016B03
SPI_RD_MODE, SPI_RD_SPEED, SPI_RD_BITS = 0x80016B01, 0x80046B04, 0x80016B03
I2C_SLAVE, I2C_FUNCS, I2C_RDWR = 0x0703, 0x0705, 0x0707
I2C_M_RD = 0x0001
I2C_RDWR_MSGS = 42  # I2C_RDWR_IOCTL_MAX_MSGS


class SpiTransfer(ctypes.Structure):
    """struct spi_ioc_transfer."""

    _fields_: ClassVar = [
        ("tx_buf", ctypes.c_uint64),
        ("rx_buf", ctypes.c_uint64),
        ("len", ctypes.c_uint32),
        ("speed_hz", ctypes.c_uint32),
        ("delay_usecs", ctypes.c_uint16),
        ("bits_per_word", ctypes.c_uint8),
        ("cs_change", ctypes.c_uint8),
        ("tx_nbits", ctypes.c_uint8),
        ("rx_nbits", ctypes.c_uint8),
        ("word_delay_usecs", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
    ]
    tx_buf: int
    rx_buf: int
    len: int
    speed_hz: int
    cs_change: int


class I2cMessage(ctypes.Structure):
    """struct i2c_msg."""

    _fields_: ClassVar = [
        ("addr", ctypes.c_uint16),
        ("flags", ctypes.c_uint16),
        ("len", ctypes.c_uint16),
        ("buf", ctypes.c_uint64),
    ]
    addr: int
    flags: int
    len: int
    buf: int


class I2cTransfer(ctypes.Structure):
    """struct i2c_rdwr_ioctl_data."""

    _fields_: ClassVar = [("msgs", ctypes.c_uint64), ("nmsgs", ctypes.c_uint32)]
    msgs: int
    nmsgs: int


class SpiMessages:
    """SPI_IOC_MESSAGE(n): a Part's word is the speed (0: the device's own), its flags are cs_change."""

    def fits(self, request: int) -> bool:
        """Any number of transfers."""
        return request & SPI_MESSAGE_MASK == SPI_MESSAGE

    def gather(self, memory: bytes) -> tuple[Part, ...]:
        """What goes out; silence is sent as zeros."""
        return tuple(
            Part(t.speed_hz, t.cs_change, ctypes.string_at(t.tx_buf, t.len) if t.tx_buf else bytes(t.len))
            for t in self._transfers(memory)
        )

    def scatter(self, memory: bytes, parts: tuple[bytes, ...]) -> None:
        """What came in."""
        for transfer, part in zip(self._transfers(memory), parts, strict=True):
            if transfer.rx_buf:
                ctypes.memmove(transfer.rx_buf, part, min(transfer.len, len(part)))

    def _transfers(self, memory: bytes) -> list[SpiTransfer]:
        size = ctypes.sizeof(SpiTransfer)
        return [SpiTransfer.from_buffer_copy(memory, at) for at in range(0, len(memory), size)]


class I2cMessages:
    """I2C_RDWR: a Part's word is the address, its flags those of the message; reads come with room."""

    def fits(self, request: int) -> bool:
        """The one request of this name."""
        return request == I2C_RDWR

    def gather(self, memory: bytes) -> tuple[Part, ...]:
        """The messages; EINVAL of the kernel for too many is left to the world."""
        return tuple(Part(m.addr, m.flags, ctypes.string_at(m.buf, m.len)) for m in self._messages(memory))

    def scatter(self, memory: bytes, parts: tuple[bytes, ...]) -> None:
        """What was read."""
        for message, part in zip(self._messages(memory), parts, strict=True):
            if message.flags & I2C_M_RD:
                ctypes.memmove(message.buf, part, min(message.len, len(part)))

    def _messages(self, memory: bytes) -> list[I2cMessage]:
        whole = I2cTransfer.from_buffer_copy(memory)
        many = (I2cMessage * min(whole.nmsgs, I2C_RDWR_MSGS)).from_address(whole.msgs)
        return list(many)


kernel_ioctl.SHAPES.extend([SpiMessages(), I2cMessages()])
