"""Commands that are imported when they are called for: one word at the shell need not load the whole house.

Rule: a command is named by `module:attribute`, where the architecture test finds it as it finds an import.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Iterator, Mapping
from importlib import import_module

import click


class OnDemand(UserDict[str, click.Command]):
    """The commands of a group by their word, each imported at the first look at it.

    `where` gives for each word `module:attribute`. Looking at all of them (`values`) imports all of them.
    """

    def __init__(self, where: Mapping[str, str]) -> None:
        super().__init__()
        self._where = where

    def __getitem__(self, name: str) -> click.Command:
        if name not in self.data:
            module, attribute = self._where[name].split(":")
            self.data[name] = getattr(import_module(module), attribute)
        return self.data[name]

    def __contains__(self, name: object) -> bool:
        return name in self._where

    def __iter__(self) -> Iterator[str]:
        return iter(self._where)

    def __len__(self) -> int:
        return len(self._where)
