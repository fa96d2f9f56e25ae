"""The log behind the console that is measured: years of a real room, with its visitors, and its search index.

Rule: every Entry is the core's own, so that the production controller replays it and goes on with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.starting import build as written
from controller import config
from controller.core.effects import Body
from controller.core.events import Asking, BadgeRead, InputLevel, Level, Started
from controller.core.site import Site
from controller.ledger.search.indexer import Indexer

PACE_MS = 9_180
"""Room time of an Entry of the story below, rounded up: the story ends before today."""
VISIT_EVERY = 20
"""Rounds of the pair between two visitors who are announced."""
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗", "伟芳敏静丽强磊军洋勇艳杰娟涛明超霞平"
PEOPLE: dict[str, dict[str, Any]] = {
    "zhao": {"name": "赵敏", "roles": ["chief", "guard"]},
    "chen": {"name": "陈军", "roles": ["chief"]},
    "li": {"name": "李伟", "badges": ["B1"], "roles": ["custodian"]},
    "wang": {"name": "王芳", "badges": ["B2"], "roles": ["custodian"]},
}


def build(
    file: Path, site: config.SiteFile, entries: int, now_ms: int, progress: Callable[[int], None]
) -> None:
    """Write a log of so many Entries that ends before ``now_ms``, with a kept state and its index."""
    written(file, entries, progress, _story(Site(site.plan), now_ms - PACE_MS * (entries + 10_000)))
    with Indexer(file, str(site.plan.zone)) as indexer:  # of another zone the controller would make it anew
        while indexer.step():
            pass


def _story(site: Site, begin_ms: int) -> Iterator[Body]:
    """A pair that opens and closes a room for ever, and visitors who are announced and declined."""
    yield from site.step(Started(0, begin_ms, site.plan.digest)).entries
    yield from site.step(Asking(0, "found", "", "", {"people": PEOPLE})).entries
    yield from site.step(InputLevel(0, "main.contact", Level.NORMAL)).entries
    at = number = 0
    while True:
        for reader in ("main.in", "main.out"):
            for event in _round(at, reader):
                yield from site.step(event).entries
            at += 60_000
        number += 1
        if number % VISIT_EVERY == 0:
            yield from _visit(site, at - 30_000, number // VISIT_EVERY)


def _round(at: int, reader: str) -> tuple[BadgeRead | InputLevel, ...]:
    return (
        BadgeRead(at + 2_000, reader, "B1"),
        BadgeRead(at + 4_000, reader, "B2"),
        InputLevel(at + 6_000, "main.contact", Level.ACTIVE, settled=True),
        InputLevel(at + 8_000, "main.contact", Level.NORMAL, settled=True),
    )


def _visit(site: Site, at: int, number: int) -> Iterator[Body]:
    wall = site.state.wall
    said = {
        "name": SURNAMES[number % len(SURNAMES)] + GIVEN[number // len(SURNAMES) % len(GIVEN)],
        "document": f"E{number:08}",
        "document_kind": "passport",
        "purpose": "meeting",
        "host": "li",
        "areas": ["main"],
        "from": wall,
        "until": wall + 3_600_000,
        "instruction_given": True,
        "privacy_notice_given": True,
    }
    asked = site.step(Asking(at, "request_visit", "zhao", "", said))
    yield from asked.entries
    visit = asked.answer.more["visit"] if asked.answer else ""
    yield from site.step(
        Asking(at, "decline_visit", "li", "", {"visit": visit, "reason": "another day"})
    ).entries
