"""What became of a picture, in English and in Chinese. Rule: words only."""

from __future__ import annotations

from collections.abc import Mapping

WHOLE, GIVEN = "whole", "given"
ERASED, KEYLESS, ESTRANGED, DELETED, MISSING, ALTERED, UNSEEN = (
    "erased",
    "keyless",
    "estranged",
    "deleted",
    "missing",
    "altered",
    "not_taken",
)
WRONG = frozenset({KEYLESS, ESTRANGED, MISSING, ALTERED})
"""What no entry explains."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        GIVEN: "{which}: {file}",
        ERASED: "{which}: it cannot be opened any more; the key of {who} was erased by entry {n}",
        KEYLESS: "{which}: IT CANNOT BE OPENED: the key of {who} is gone, and no entry says why",
        ESTRANGED: "{which}: IT CANNOT BE OPENED: every key is there, and the recorder sealed it for others",
        DELETED: "{which}: deleted by the keeping rules, entry {n} ({why})",
        MISSING: "{which}: MISSING, and no entry says that it was deleted",
        ALTERED: "{which}: ALTERED: the file is not the one that entry {n} names",
        UNSEEN: "{which}: never taken: {why}",
        "which": "camera {camera}, {moment} ms",
        "small": "thumbnail of camera {camera}, {moment} ms",
        "outside": "Others check it without us: entry {n} names the digest, and age opens the file:",
        "ms": "ms",
        "thumbnail": "thumbnail",
        "bytes": ", {size:,} bytes",
        "gone": ", not in the folder any more",
        "nothing": "No entry about pictures answers that",
    },
    "zh": {
        GIVEN: "{which}:{file}",
        ERASED: "{which}:已无法打开;{who} 的密钥已由第 {n} 条记录销毁",
        KEYLESS: "{which}:无法打开!{who} 的密钥已不存在,且没有记录说明其销毁",
        ESTRANGED: "{which}:无法打开!密钥齐全,但录像程序并未按这些密钥封存",
        DELETED: "{which}:已按保存期限删除,见第 {n} 条记录({why})",
        MISSING: "{which}:照片缺失!没有记录说明其删除",
        ALTERED: "{which}:照片被改动!文件与第 {n} 条记录所载不符",
        UNSEEN: "{which}:未拍到:{why}",
        "which": "摄像机 {camera},{moment} 毫秒",
        "small": "缩略图,摄像机 {camera},{moment} 毫秒",
        "outside": "他人无需本程序即可核对:摘要应与第 {n} 条记录相同,用 age 打开:",
        "ms": "毫秒",
        "thumbnail": "缩略图",
        "bytes": " {size:,} 字节",
        "gone": ",文件夹中已没有此照片",
        "nothing": "没有符合条件的照片记录",
    },
}
