"""Values for papers, of people who do not exist, and a translator without a web request."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from babel.messages.pofile import read_po
from PIL import Image, ImageDraw

import web.papers
from web.papers.daily_closing import DailyClosing
from web.papers.grid import Column
from web.papers.hand_over import HandOver, Section
from web.papers.head_slip import HeadSlip
from web.papers.printing import Printing, Translate
from web.papers.privacy_notice import Kept, PrivacyNotice
from web.papers.roll_call import Expected, RollCall
from web.papers.sign_off import Noted, Seen, SignedHead, SignOff
from web.papers.signatures import Signer
from web.papers.visitor_pass import VisitorPass

PO = Path(web.papers.__file__).parents[1] / "translations" / "zh" / "papers.po"
MOMENT = datetime(2026, 11, 22, 17, 38, 5, tzinfo=timezone(timedelta(hours=8)))
CODE = "7K2M9QXA01ZPRT4W"
LANGUAGES = ("en", "zh")


@cache
def chinese() -> dict[str, str]:
    """The catalogue of the papers."""
    with PO.open("rb") as text:
        return {str(message.id): str(message.string) for message in read_po(text, locale="zh") if message.id}


def translator(language: str) -> Translate:
    """The console's `_`, without a request to take the language from."""

    def translate(text: str, **values: object) -> str:
        found = chinese()[text] if language == "zh" else text
        return found % values if values else found

    return translate


def printing(language: str) -> Printing:
    """One print by a guard."""
    return Printing(site="中山路支行 Zhongshan Road", by="陈晓 Chen Xiao", at=MOMENT, language=language)


def face() -> bytes:
    """A drawn head and shoulders, as a JPEG with a camera's metadata."""
    picture = Image.new("RGB", (640, 480), (205, 214, 222))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((250, 90, 390, 280), fill=(224, 186, 160))
    draw.pieslice((170, 290, 470, 640), 180, 360, fill=(60, 72, 96))
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA-MAKER"
    out = BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def visitor_pass(**changes: object) -> VisitorPass:
    """A pass of somebody from outside."""
    values = {
        "name": "欧阳明月 Ouyang Mingyue",
        "company": "华东电梯维保有限公司",
        "host": "王建国",
        "escort": "李红",
        "areas": ("1 号库房", "Passage"),
        "valid_until": "2026-11-22 18:30",
        "badge": "V-017",
        "code": CODE,
        "print_n": 2,
        "photo": face(),
    } | changes
    return VisitorPass(**values)  # type: ignore[arg-type]


def privacy_notice() -> PrivacyNotice:
    """What the desk tells a visitor."""
    return PrivacyNotice(
        responsible="某某银行中山路支行 Zhongshan Road Branch",
        contact="保密办公室 Security office, room 201, 021-5550 0199",
        kept=(Kept("Name, document / 姓名、证件", "180"), Kept("Photograph / 照片", "180")),
        visitor="欧阳明月",
        visit="2026-0317",
    )


def sign_off(entries: int = 40) -> SignOff:
    """A day that a chief has seen."""
    seen = tuple(
        Seen(
            4_700 + n,
            f"2026-11-21 {8 + n // 30:02}:{n % 60:02}",
            "两人开启外门 Two opened the outer door",
            "王建国, 李红",
            "外门",
        )
        for n in range(entries)
    )
    return SignOff(
        span="2026-11-21 00:00 to 24:00, 1 号库房",
        seen=seen,
        noted=(
            Noted(
                4_703,
                exception=True,
                comment="李红的卡第二次才读出。Badge read at the second try; reader cleaned.",
            ),
        ),
        comment="其余正常。",
        set_digest="c0ffee" + "0123456789" * 5 + "abcdef12",
        head=SignedHead("room1.example", 4_760, "ab" * 32, "2026-11-22 08:00:00"),
        signed=("passkey, 2026-11-22 08:05:10, 赵正 Zhao Zheng",),
        signers=(Signer("Security chief / 保卫负责人", "赵正"), Signer("Second person / 复核人")),
    )


def hand_over() -> HandOver:
    """A shift with an alarm and nobody inside."""
    alarms = Section(
        "Open alarms / 未结警报",
        (Column("No", 6, number=True), Column("Time / 时间", 14), Column("What / 事项", 40)),
        (("4711", "17:02", "1 号窗玻璃破碎传感器断线 Window 1: wire cut"),),
    )
    inside = Section("Inside / 在室人员", (Column("Who"), Column("Since")), ())
    return HandOver("2026-11-22 08:00 to 17:30", "陈晓", "孙磊", (alarms, inside), "")


def daily_closing() -> DailyClosing:
    """A closing with a window that was left open."""
    return DailyClosing(
        "1 号库房",
        "2026-11-22 17:35 · 4760",
        "Inside 在室 0",
        (("Doors 门", "main", "shut and bolted 已关并上锁"), ("Windows 窗", "north", "open 未关")),
        (("Window north is open 窗 north 未关", "换气 17:40 关闭"),),
        "",
        ("王建国", "李红"),
    )


def roll_call() -> RollCall:
    """Four people, one of whom might not be there."""
    people = (
        Expected("王建国", "Custodian / 保管员", "1 号库房", "16:58"),
        Expected("李红", "Custodian / 保管员", "1 号库房", "16:58"),
        Expected("欧阳明月", "Visitor of / 来访 王建国", "1 号库房", "17:05"),
    )
    return RollCall("停车场北门 Car park, north gate", certain=False, people=people)


def head_slip() -> HeadSlip:
    """A head with one cosignature."""
    root = sha256(b"a sample").hexdigest().upper()
    groups = [root[at : at + 4] for at in range(0, 64, 4)]
    note = (
        b"room1.example\n4760\nqMXFpvGLUdzLN6Hy/Mn8LOIVv3SY7jJ1Vb7Bb0lV8aI=\n\n\xe2\x80\x94 room1.example "
        + b"A" * 96
    )
    return HeadSlip(
        origin="room1.example",
        size=4_760,
        time="2026-11-22 17:30:00 UTC+0800",
        code="7K2M-9QXA-01ZP-RT4W",
        root_groups=tuple(tuple(groups[at : at + 4]) for at in range(0, 16, 4)),
        qr_text=note,
        cosigners=("head-office.example, 2026-11-22 17:31",),
    )
