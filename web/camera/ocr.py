"""Letters in a picture, by tesseract as a program of its own. Rule: no shell, no file, a limit of time.

The picture goes in by its standard input as an uncompressed PGM that we encoded, the text comes back by its
standard output; strange files never reach it.
"""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

from PIL import Image

from controller.errors import IronroomError

PROGRAM = Path("/usr/bin/tesseract")  # Debian's tesseract-ocr, with its language eng
_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
_BLOCK = "6"  # page segmentation: one uniform block of text
_LONGEST = 20_000  # signs of an answer that are looked at


class OcrMissingError(IronroomError):
    """The program that reads letters is not installed: on Debian the package tesseract-ocr."""


def read_text(picture: Image.Image, seconds: float) -> str:
    """Return what stands in a grey picture in capitals, digits and fillers, or nothing when time runs out.

    Raises OcrMissingError.
    """
    if not PROGRAM.is_file():
        raise OcrMissingError(f"{PROGRAM} is not installed (package tesseract-ocr)")
    pgm = BytesIO()
    picture.save(pgm, "PPM")
    try:
        read = subprocess.run(  # noqa: S603 — a fixed program with fixed words
            _COMMAND,
            input=pgm.getvalue(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        return ""
    return read.stdout[:_LONGEST].decode("utf-8", "replace") if read.returncode == 0 else ""


_COMMAND = [
    *(str(PROGRAM), "stdin", "stdout", "-l", "eng", "--psm", _BLOCK),
    *("-c", f"tessedit_char_whitelist={_SIGNS}"),
    *("-c", "load_system_dawg=0", "-c", "load_freq_dawg=0"),  # numbers are no English words
]
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin"}
"""One thread: the box has other things to do."""
