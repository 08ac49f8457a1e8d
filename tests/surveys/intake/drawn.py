"""Receipts and other pictures, drawn by a seed: what the camera of a phone would make of them, roughly."""

import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

SIZE = (900, 1200)
Colour = tuple[int, int, int]
TABLES: tuple[Colour, ...] = ((70, 48, 32), (40, 40, 44), (176, 132, 90), (205, 203, 198), (28, 52, 60))
PAPERS: tuple[Colour, ...] = (
    (250, 249, 245),
    (236, 232, 220),
    (242, 228, 190),
    (205, 204, 200),
    (168, 166, 160),
)
SKINS: tuple[Colour, ...] = ((241, 194, 160), (224, 172, 125), (198, 134, 86), (141, 85, 50), (92, 58, 38))


def receipt(seed: int) -> Image.Image:
    """Draw a till's receipt on a table: white, yellowed or in the shade, upright or not, now and then a thumb on it."""
    dice = random.Random(seed)
    paper = dice.choice(PAPERS)
    width, length = dice.randint(380, 620), dice.randint(800, 1150)
    slip = Image.new("RGBA", (width, length), (*paper, 255))
    pen = ImageDraw.Draw(slip)
    ink = dice.randint(20, 90)
    for line in range(40, length - 40, dice.randint(24, 34)):
        _print(pen, dice, line, width, (ink, ink, ink + 8))
    picture = _lit(Image.new("RGB", SIZE, dice.choice(TABLES)), dice)
    turned = slip.rotate(dice.uniform(-14, 14), expand=True, resample=Image.Resampling.BICUBIC)
    picture.paste(turned, ((SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2), turned)
    if dice.random() < 0.3:
        x, y = dice.randint(180, 320), SIZE[1] - 160
        ImageDraw.Draw(picture).ellipse((x, y, x + 170, y + 260), fill=dice.choice(SKINS))
    return picture.filter(ImageFilter.GaussianBlur(dice.uniform(0, 1.4)))


def person(seed: int) -> Image.Image:
    """Draw somebody's head and shoulders before a wall or outside."""
    dice = random.Random(seed)
    picture = _lit(
        Image.new("RGB", SIZE, dice.choice(((214, 210, 202), (120, 160, 200), (96, 120, 84)))), dice
    )
    pen, skin = ImageDraw.Draw(picture), dice.choice(SKINS)
    half, x, y = dice.randint(150, 280), SIZE[0] // 2, dice.randint(420, 560)
    cloth = (dice.randrange(256), dice.randrange(256), dice.randrange(256))
    pen.ellipse((x - 2 * half, y + half, x + 2 * half, SIZE[1] + 400), fill=cloth)
    pen.ellipse((x - half, y - int(1.3 * half), x + half, y + int(1.3 * half)), fill=skin)
    for side in (-1, 1):
        eye = x + side * half // 2
        pen.ellipse((eye - 26, y - 60, eye + 26, y - 36), fill=(40, 30, 26))
    pen.ellipse((x - 60, y + half // 2, x + 60, y + half // 2 + 30), fill=(150, 60, 60))
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def hands(seed: int) -> Image.Image:
    """Draw an arm and a hand across the picture."""
    dice = random.Random(seed)
    picture = _lit(Image.new("RGB", SIZE, dice.choice(TABLES)), dice)
    pen, skin = ImageDraw.Draw(picture), dice.choice(SKINS)
    pen.polygon([(0, 700), (600, 350), (700, 620), (0, 1100)], fill=skin)
    for finger in range(4):
        pen.line([(620, 400 + 60 * finger), (860, 380 + 80 * finger)], fill=skin, width=56)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def place(seed: int) -> Image.Image:
    """Draw a room or a street: large coloured areas, no paper."""
    dice = random.Random(seed)
    picture = _lit(Image.new("RGB", SIZE, (90, 120, 160)), dice)
    pen = ImageDraw.Draw(picture)
    for _ in range(26):
        x, y = dice.randrange(SIZE[0]), dice.randrange(SIZE[1])
        colour = (dice.randrange(40, 220), dice.randrange(30, 160), dice.randrange(20, 130))
        pen.rectangle((x, y, x + dice.randint(80, 420), y + dice.randint(80, 420)), fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(1.2))


def blank(seed: int) -> Image.Image:
    """Draw a white wall: paper's colour, and nothing printed on it."""
    dice = random.Random(seed)
    return _lit(Image.new("RGB", SIZE, dice.choice(PAPERS)), dice)


OTHERS: tuple[Callable[[int], Image.Image], ...] = (person, hands, place, blank)


def _print(pen: ImageDraw.ImageDraw, dice: random.Random, y: int, width: int, ink: Colour) -> None:
    x = 24
    end = dice.randint(width // 2, width - 24)
    while x < end:
        long = dice.randint(6, 13)
        pen.line([(x, y), (x + long, y + dice.randint(-5, 5))], fill=ink, width=3)
        pen.line([(x, y + 8), (x + long, y + 8)], fill=ink, width=2)
        x += long + dice.choice((4, 4, 5, 12))


def _lit(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Let the light fall off to one side."""
    far = dice.uniform(0.75, 1)
    shade = Image.new("L", (1, 64))
    shade.putdata([round(255 * (far + (1 - far) * math.cos(row / 64 * math.pi / 2))) for row in range(64)])
    dark = Image.new("RGB", picture.size)
    return Image.composite(picture, dark, shade.resize(picture.size))
