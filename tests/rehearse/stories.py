"""Stories to test with: a drill text from its steps, and what came of playing it on paper.

Rule: nothing here knows what a story should lead to.
"""

from __future__ import annotations

import json
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
name = "Li Wei"
badges = ["B1"]
pin = "4821"
[people.wang]
badges = ["B2"]
[people.chen]
badges = ["B3"]
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


def step(do: str, *expect: str, after: float = 1, begins: float | None = None, **fields: Any) -> str:
    """Text of one step; fields and expectations as TOML."""
    lines = ["[[step]]", f"after = {after}" if begins is None else f"at = {begins}", f'do = "{do}"']
    lines += [f"{key.removesuffix('_')} = {value}" for key, value in fields.items()]
    lines += [f"expect = [{', '.join(f'{{ {one} }}' for one in expect)}]"] if expect else []
    return "\n".join([*lines, ""])


def deed(do: str, *expect: str, after: float = 1, begins: float | None = None, **fields: Any) -> str:
    """Text of one step; expectations as TOML, fields as what they are."""
    return step(
        do, *expect, after=after, begins=begins, **{key: _toml(value) for key, value in fields.items()}
    )


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(one)}' for key, one in value.items())} }}"
    return json.dumps(value)


def tap(reader: str, badge: str, *expect: str, after: float = 1, begins: float | None = None) -> str:
    """Somebody taps a badge."""
    return deed("tap", *expect, after=after, begins=begins, reader=reader, badge=badge)


def opened(what: str, *expect: str, after: float = 1) -> str:
    """Something is opened."""
    return deed("open", *expect, after=after, what=what)


def shut(what: str, *expect: str, after: float = 1) -> str:
    """Something is shut."""
    return deed("shut", *expect, after=after, what=what)


TWO_ENTER = (
    "\n" + tap("main.in", "B1", begins=0) + tap("main.in", "B2", after=2) + opened("main") + shut("main")
)
