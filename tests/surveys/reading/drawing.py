"""What pictures are drawn of by seed: a receipt, folds, a table, the light of a room and the eye of a camera."""

from io import BytesIO
from random import Random
from typing import Final, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Colour: TypeAlias = tuple[int, int, int]

WORDS: Final = (
    "COTTON SHIRT", "KIDS TEE 4-5Y", "ABAYA BLACK M", "SOCKS 3PK", "DENIM 32/32", "TOWEL 70X140", "قميص قطن",
    "حذاء رياضي", "SCHOOL BAG", "PYJAMA SET", "BELT BROWN L", "HIJAB GREY", "MUG BLUE", "CANDLE", "GIFT CARD",
)  # fmt: skip
SKINS: Final = (
    (92, 60, 42), (120, 80, 58), (150, 104, 78), (178, 128, 100), (200, 150, 122), (222, 174, 148), (238, 198, 176),
)  # fmt: skip
DARK: Final = (
    (38, 30, 26),
    (52, 40, 30),
    (28, 30, 34),
    (60, 62, 66),
    (44, 52, 46),
    (20, 20, 22),
    (70, 60, 58),
)
OTHER_TABLES: Final = ((120, 122, 126), (90, 110, 130), (150, 150, 146), (70, 90, 70))
PALE_WOOD: Final = ((205, 170, 125), (190, 150, 105), (214, 182, 140), (176, 132, 88))
PAPERS: Final = ((250, 250, 248), (240, 240, 236), (236, 236, 240), (228, 226, 220))
YELLOWED: Final = ((244, 232, 196), (238, 222, 180), (232, 214, 172), (246, 236, 206))
CLOTHES: Final = ((40, 60, 120), (160, 30, 40), (240, 240, 238), (30, 30, 32), (60, 120, 90), (220, 200, 60))


def font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the font that comes with Pillow."""
    return ImageFont.load_default(size)


def receipt(random: Random, paper: Colour | None = None) -> Image.Image:
    """Draw the paper alone: a heading, lines with prices, a total, at times a barcode."""
    width = random.randrange(300, 400)
    size = random.uniform(13, 18)
    lines = random.randrange(14, 40)
    step = size * random.uniform(1.25, 1.6)
    height = int(step * (lines + 7) + 60)
    sheet = Image.new("RGB", (width, height), paper or random.choice(PAPERS))
    pen, dark = ImageDraw.Draw(sheet), random.randrange(15, 95)
    ink = (dark, dark, dark + random.randrange(0, 12))
    pen.text((width * 0.25, 16), "REDTAG", font=font(size * 2.1), fill=ink)
    down = 20 + size * 2.6
    for number in range(lines):
        if number % 9 == 8:
            pen.line((18, down + 6, width - 18, down + 6), fill=ink)
        else:
            pen.text((18, down), random.choice(WORDS)[:14], font=font(size), fill=ink)
            pen.text((width - 82, down), f"{random.uniform(5, 400):.2f}", font=font(size), fill=ink)
        down += step
    pen.text((18, down), f"TOTAL {random.uniform(20, 900):.2f}", font=font(size * 1.6), fill=ink)
    if random.random() < 0.5:
        across = 40.0
        while across < width - 40:
            bar = random.choice((1, 2, 3))
            pen.rectangle((across, down + step * 2, across + bar, down + step * 4), fill=ink)
            across += bar + random.choice((2, 3, 4))
    return sheet


def crumpled(sheet: Image.Image, random: Random, most: float = 0.35) -> Image.Image:
    """Shade a sheet as folds and dents do."""
    shades = Image.new("L", (7, 9))
    shades.putdata([int(255 * (1 - random.uniform(0, most))) for _ in range(63)])
    shade = shades.resize(sheet.size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(shade)
    for _ in range(random.randrange(2, 7)):
        ends = [random.uniform(0, sheet.width), 0, random.uniform(0, sheet.width), sheet.height]
        if random.random() < 0.5:
            ends = [0, random.uniform(0, sheet.height), sheet.width, random.uniform(0, sheet.height)]
        pen.line(ends, fill=int(255 * (1 - most)), width=random.randrange(1, 4))
    return ImageChops.multiply(sheet, Image.merge("RGB", [shade] * 3))


def table(random: Random, size: tuple[int, int], colour: Colour) -> Image.Image:
    """Draw what a receipt lies on, with its grain."""
    ground = Image.new("RGB", size, colour)
    pen = ImageDraw.Draw(ground)
    for _ in range(60):
        across, change = random.randrange(size[0]), random.randrange(-10, 11)
        shade: Colour = tuple(max(0, min(255, part + change)) for part in colour)  # type: ignore[assignment]
        pen.line(
            (across, 0, across + random.randrange(-30, 30), size[1]), fill=shade, width=random.randrange(1, 6)
        )
    return ground


def laid(
    sheet: Image.Image, ground: Image.Image, random: Random, turned: float = 8, share: float = 0.86
) -> Image.Image:
    """Lay a sheet on a ground, turned by so many degrees at most and seen a little from the side."""
    mask = Image.new("L", sheet.size, 255)
    tilt = random.uniform(0, 0.12)
    corners = (
        -tilt * sheet.width, 0, 0, sheet.height, sheet.width, sheet.height, sheet.width * (1 + tilt), 0,
    )  # fmt: skip
    seen = [
        one.transform(one.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)
        for one in (sheet, mask)
    ]
    angle = random.uniform(-turned, turned)
    seen = [one.rotate(angle, Image.Resampling.BICUBIC, expand=True) for one in seen]
    scale = share * min(ground.width / seen[0].width, ground.height / seen[0].height)
    size = (int(seen[0].width * scale), int(seen[0].height * scale))
    seen = [one.resize(size, Image.Resampling.LANCZOS) for one in seen]
    place = (
        int((ground.width - size[0]) * random.uniform(0.2, 0.8)),
        int((ground.height - size[1]) * random.uniform(0.2, 0.8)),
    )  # fmt: skip
    ground.paste(seen[0], place, seen[1])
    return ground


def photographed(
    picture: Image.Image, random: Random, light: tuple[float, float] = (0.7, 1.05)
) -> Image.Image:
    """Give a picture the light of a room, the blur of a hand, the noise of a camera and the marks of JPEG."""
    level = random.uniform(*light)
    slope = Image.linear_gradient("L").rotate(random.choice((0, 90, 180, 270))).resize(picture.size)
    lamp = slope.point(lambda at: int(255 * min(1.0, level * (0.78 + 0.22 * at / 255))))
    warm = random.uniform(0.93, 1.0)
    tinted = Image.merge(
        "RGB", [lamp, lamp.point(lambda at: int(at * (1 + warm) / 2)), lamp.point(lambda at: int(at * warm))]
    )
    seen = ImageChops.multiply(picture, tinted).filter(ImageFilter.GaussianBlur(random.uniform(0.2, 1.0)))
    noise = Image.frombytes("L", picture.size, random.randbytes(picture.width * picture.height))
    seen = Image.blend(seen, Image.merge("RGB", [noise] * 3), random.uniform(0.0, 0.03))
    written = BytesIO()
    seen.save(written, "JPEG", quality=random.randrange(55, 88))
    with Image.open(written) as opened:
        return opened.convert("RGB")


def frame(random: Random) -> tuple[int, int]:
    """Return the size of a picture: upright or lying, as phones and tablets give it."""
    long = random.choice((800, 1024, 1280))
    return (int(long * 0.75), long) if random.random() < 0.7 else (long, int(long * 0.75))
