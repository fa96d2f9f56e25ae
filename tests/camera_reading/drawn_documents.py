"""Documents drawn for tests: pages with a machine-readable zone, askew and noisy as a camera sees them."""

from __future__ import annotations

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from controller.core.mrz import check_digit

MONO = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"
_LETTERS, _DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"


def td3(chance: random.Random, surname: str = "WANG", given: str = "JIANGUO") -> tuple[str, str]:
    """A passport's two lines with a number and dates by chance."""
    number = chance.choice(_LETTERS) + "".join(chance.choices(_DIGITS, k=8))
    born, expires = f"{chance.randint(50, 99)}0{chance.randint(1, 9)}1{chance.randint(0, 9)}", "310819"
    first = f"P<CHN{surname}<<{given}".ljust(44, "<")
    second = (
        f"{number}{check_digit(number)}CHN{born}{check_digit(born)}M{expires}{check_digit(expires)}"
        + "<" * 14
    )
    second += "0"
    return first, second + check_digit(second[0:10] + second[13:20] + second[21:43])


def td1(chance: random.Random) -> tuple[str, str, str]:
    """A card's three lines."""
    number = "".join(chance.choices(_DIGITS, k=9))
    born, expires = f"{chance.randint(50, 99)}0{chance.randint(1, 9)}1{chance.randint(0, 9)}", "310819"
    first = f"I<UTO{number}{check_digit(number)}".ljust(30, "<")
    second = f"{born}{check_digit(born)}F{expires}{check_digit(expires)}UTO".ljust(29, "<")
    return (
        first,
        second + check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29]),
        ("ERIKSSON<<ANNA<MARIA".ljust(30, "<")),
    )


def page(lines: tuple[str, ...], chance: random.Random, size: tuple[int, int] = (1280, 900)) -> Image.Image:
    """A page with a grey pattern, some print above, and the zone at its foot."""
    picture = Image.new("RGB", size, (236, 233, 226))
    draw = ImageDraw.Draw(picture)
    for y in range(0, size[1], 9):
        draw.line((0, y, size[0], y + chance.randint(-6, 6)), fill=(224, 222, 214))
    font = ImageFont.truetype(MONO, int(size[0] * 0.92 / len(lines[0]) / 0.602))
    small = ImageFont.truetype(MONO, 24)
    for at, text in enumerate(("PASSPORT", "Surname / Nom", "SPECIMEN", "Authority")):
        draw.text((size[0] // 2, 60 + 70 * at), text, font=small, fill=(60, 60, 70))
    draw.rectangle((70, 80, 380, 480), fill=(150, 150, 158))
    height = int(font.size * 1.6)
    for at, line in enumerate(lines):
        y = size[1] - 50 - height * (len(lines) - at)
        draw.text((int(size[0] * 0.04), y), line, font=font, fill=(25, 25, 30))
    return picture


def photographed(picture: Image.Image, chance: random.Random, degrees: float, *, quality: int = 80) -> bytes:
    """The page askew, a little out of focus, with the noise of a sensor, as a JPEG."""
    turned = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=(120, 118, 115))
    soft = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0.3, 1.0)))
    noise = Image.effect_noise(picture.size, 28).convert("RGB")
    out = BytesIO()
    Image.blend(soft, noise, 0.10).save(out, "JPEG", quality=quality)
    return out.getvalue()
