"""The custody log as a page may read it: without any right to write, sealed by role. Rule 26.

One reader and one finder a thread, as they ask for; both are opened when first wanted, and anew when another
file stands there: a log that was moved away or restored is not read on behind its back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app

from controller.core import sentences, sentences_zh, unseen
from controller.ledger.reading import LogReader
from controller.ledger.search.finder import Finder
from web.desk import me, site

_TABLES = (
    *(sentences.KIND_SENTENCES, sentences_zh.KIND_SENTENCES_ZH, sentences.NEEDS, sentences_zh.NEEDS_ZH),
    *(sentences.ALARM_SENTENCES, sentences_zh.ALARM_SENTENCES_ZH, unseen.UNSEEN, unseen.UNSEEN_ZH),
)
Entry = dict[str, Any]


class _Kept(threading.local):
    reader: LogReader | None = None
    finder: Finder | None = None
    inode: tuple[int, int] | None = None


_kept = _Kept()


def reader() -> LogReader:
    """The thread's LogReader; raises LogMissing, LogUnreadable or LogDamaged."""
    file = current_app.config["SETTINGS"].log
    if _kept.reader is None or _kept.reader.file != file.absolute() or _kept.inode != inode(file):
        forget()
        _kept.inode = inode(file)
        _kept.reader = LogReader(file)
    return _kept.reader


def inode(file: Path) -> tuple[int, int] | None:
    """Which file stands there, None for none that can be seen."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def forget() -> None:
    """Close what this thread has open."""
    for one in (_kept.reader, _kept.finder):
        if one is not None:
            one.close()
    _kept.reader = _kept.finder = None


def finder() -> Finder:
    """The thread's Finder, which knows the stable words in both languages; raises as ``reader``."""
    reader()  # which closes both where the file is another one
    if _kept.finder is None:
        _kept.finder = Finder(current_app.config["SETTINGS"].log, _texts(), site().get("zone"))
    return _kept.finder


def entries(**asked: Any) -> Iterator[Entry]:
    """Entries as LogReader.entries gives them, sealed ones only to whom they may be shown."""
    return reader().entries(**asked, sealed=me().sees_sealed)


def entry(n: int) -> Entry | None:
    """Entry ``n`` as this person may see it, None where there is none."""
    return next(entries(after=n - 1, before=n + 1), None)


def _texts() -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for table in _TABLES:
        for word, sentence in table.items():
            texts.setdefault(str(word), []).append(sentence)
    return texts
