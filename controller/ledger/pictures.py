"""Pictures that entries name, and the files that hold them. Rule: a file's name is its SHA-256.

    in an entry   "pictures": [{"sha256": "9f86d081884c7d65…", "size": 48213, "camera": "door", …}]
    in a folder   pictures/9f86d081884c7d65…

A picture may be gone, because it is kept for less time than its entry; one that is there is the right one.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import file_digest
from pathlib import Path
from typing import NamedTuple

FOLDER = "pictures"
"""Where they lie, in a data folder and in an export."""
is_digest = re.compile(r"[0-9a-f]{64}").fullmatch


class Picture(NamedTuple):
    """A picture as an entry names it: `sha256` in 64 hexadecimal digits, `size` in bytes."""

    sha256: str
    size: int


def pictures_in(entry: Mapping[str, object]) -> Iterator[Picture]:
    """Yield the pictures that an entry names; whatever else stands in its field `pictures` names none."""
    for picture, _ in described_in(entry):
        yield picture


def described_in(entry: Mapping[str, object]) -> Iterator[tuple[Picture, Mapping[str, object]]]:
    """Yield the same pictures, each with all that the entry says of it."""
    listed = entry.get("pictures")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, Mapping):
            digest, size = one.get("sha256"), one.get("size")
            if isinstance(digest, str) and is_digest(digest) and type(size) is int:
                yield Picture(digest, size), one


def is_whole(picture: Picture, file: Path) -> bool:
    """Whether a file holds exactly this picture; a link or a folder never does."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size != picture.size:
        return False
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest() == picture.sha256
