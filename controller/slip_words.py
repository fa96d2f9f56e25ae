"""What stands on a slip, in English and in Chinese. Rule: words only."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language."""

    title: str
    origin: str
    entries: str
    time: str
    code: str
    root: str
    cosigned: str
    nobody: str
    guard: str
    written: str
    how: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        title="Head of the custody log",
        origin="Log",
        entries="Entries",
        time="Last entry (UTC)",
        code="Code",
        root="Root hash",
        cosigned="Cosigned by (UTC)",
        nobody="no log witness yet",
        guard="Guard",
        written="Date and time",
        how="Check: ironroom log check-slip",
    ),
    "zh": Words(
        title="保管日志检查点 · 值班簿用",
        origin="日志",
        entries="记录数",
        time="末条记录时间(UTC)",
        code="校验码",
        root="根哈希",
        cosigned="见证机会签(UTC)",
        nobody="尚无见证机会签",
        guard="值班人签名",
        written="抄录日期时间",
        how="核对命令 ironroom log check-slip",
    ),
}
