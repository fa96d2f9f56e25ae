"""README.txt of an export, for the auditor who finds the folder. Rule: words only; see docs/verify.md."""

# ruff: noqa: RUF001 - Chinese has its own commas and colons

TEXT = """\
CUSTODY LOG {origin}
{size} entries, root {root}

This folder is a copy of a custody log as static files (C2SP tlog-tiles): each entry's bytes, the hashes of
the Merkle tree (RFC 6962) over them, and the head of that tree, signed by the log (file `checkpoint`).

1. Do not believe this folder's `policy`. Take the log's key from the contract or from a person you trust.
2. Check everything, with our program or with somebody else's (docs/verify.md of Ironroom names four):
       ironroom log verify THIS-FOLDER --policy POLICY-FROM-THE-CONTRACT
3. An older state of a log looks right in itself. Compare with a head that you noted down or kept before:
       ironroom log diff OLD-CHECKPOINT THIS-FOLDER --policy POLICY-FROM-THE-CONTRACT
4. Keep a copy of `checkpoint` for next time.

Entries may hold names of people. Entries marked "sealed" are for the chief and the auditor only.

保管日志 {origin}
共 {size} 条记录，根哈希见上。

本文件夹是保管日志的静态副本（C2SP tlog-tiles）：每条记录的原始字节、其 Merkle 树（RFC 6962）的哈希，
以及由日志签名的树头（文件 checkpoint）。

1. 不要相信本文件夹里的 policy。日志的公钥应取自合同或可信任的人。
2. 用上面的 verify 命令核对全部内容，也可以用他人的程序（见 Ironroom 的 docs/verify.md）。
3. 日志的旧状态本身看起来是正确的。请用上面的 diff 命令与您以前记下或保存的树头比较。
4. 保存一份 checkpoint，供下次比较。

记录中可能有人名。标有 "sealed" 的记录只供主管和审计员查看。
"""


def readme(origin: str, size: int, root: bytes) -> bytes:
    """The text for this head, in UTF-8."""
    return TEXT.format(origin=origin, size=size, root=root.hex()).encode()
