"""Stories to test with: a drill text from its steps, and what came of playing it on paper.

Rule: nothing here knows what a story should lead to.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from controller.drill import Drill
from controller.drill_file import load
from controller.drill_play import Account, Player
from controller.virtual_stage import on_paper

HEAD = """
title = "A story"
site = "example"
start = "2026-03-02T09:00:00+08:00"
[people.li]
badges = ["B1"]
pin = "4821"
[people.wang]
badges = ["B2"]
[people.chen]
badges = ["B3"]
"""
TWO_ENTER = """
[[step]]
at = 0
do = "tap"
reader = "main.in"
badge = "B1"
[[step]]
after = 2
do = "tap"
reader = "main.in"
badge = "B2"
[[step]]
after = 1
do = "open"
what = "main"
[[step]]
after = 1
do = "shut"
what = "main"
"""


def story(folder: Path, text: str, head: str = HEAD, name: str = "story") -> Path:
    """Write a drill file."""
    file = folder / f"{name}.toml"
    file.write_text(head + text, encoding="utf-8")
    return file


def played(folder: Path, text: str, head: str = HEAD) -> Account:
    """Play a story on paper, to its end."""
    return account_of(load(story(folder, text, head)))


def account_of(drill: Drill) -> Account:
    """Play a drill on paper, to its end, with its log in memory where the machine has such a folder."""
    memory = "/dev/shm"  # noqa: S108 - a private folder is made below it
    with (
        TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder,
        on_paper(drill, Path(folder)) as stage,
    ):
        player = Player(drill, stage)
        for _ in player.play():
            pass
    return player.account


def step(do: str, *expect: str, after: float = 1, **fields: Any) -> str:
    """Text of one step; fields and expectations as TOML."""
    lines = ["[[step]]", f"after = {after}", f'do = "{do}"']
    lines += [f"{key.removesuffix('_')} = {value}" for key, value in fields.items()]
    lines += [f"expect = [{', '.join(f'{{ {one} }}' for one in expect)}]"] if expect else []
    return "\n".join([*lines, ""])
