"""Tell, by five measures of its pixels, whether a photo looks like a till receipt.

A receipt is pale paper with fine dark print all over it and no colour in the print; little of the picture has the
colour of skin. What looks otherwise is a candidate, and a person decides. No face is recognised and no word is read.
"""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageFilter, ImageStat

# The rule of the policy by which such photos are kept back.
KIND: Final = "picture"

# The picture is looked at in so many squares along its longer side, and no larger than this, in pixels.
SQUARES: Final = 64
LONGEST_SIDE: Final = 768

# Levels of 0 to 255. Old paper is yellow (saturation); folds shade it to a share of what is brightest.
MOST_COLOUR_OF_PAPER: Final = 95
DARKEST_PAPER: Final = 0.62
# Shares of the brightness of the paper, so that a dim room changes nothing.
INK: Final = 0.13
COLOURED: Final = 0.2
DARKEST_SKIN: Final = 0.33
# Between a wet red and a brown that is nearly yellow, as Pillow counts hues round to 255: of every shade of skin.
SKIN_HUES: Final = (242, 19)
SKIN_SATURATION: Final = (38, 178)
DIMMEST_SKIN: Final = 45
# What surrounds the whole picture is a table of that colour, and no person.
SURROUNDS: Final = 0.35

# What a receipt has: each was set on drawn pictures, half-way between receipts and the rest.
LEAST_LIGHT: Final = 100
LEAST_PAPER: Final = 0.08
LEAST_PRINT: Final = 0.07
MOST_COLOUR: Final = 0.03
MOST_SKIN: Final = 0.07


@dataclass(frozen=True, slots=True)
class Looks:
    """What was measured of a photo.

    `light` is the brightness of its paper, 0 to 255. `paper`, `printed` and `skin` are shares of the picture: pale and
    bright, closely covered with fine dark print, of the colour of skin. `colour` is the share of the print that holds
    something coloured.
    """

    light: int
    paper: float
    printed: float
    colour: float
    skin: float

    @property
    def receipt(self) -> bool:
        """Tell whether it looks like a till receipt."""
        return (
            self.light >= LEAST_LIGHT
            and self.paper >= LEAST_PAPER
            and self.printed >= LEAST_PRINT
            and self.colour <= MOST_COLOUR
            and self.skin <= MOST_SKIN
        )


def measured(picture: Image.Image) -> Looks:
    """Measure a photo of any size in RGB, which itself stays as it is."""
    small = picture.copy()
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    grid = _grid(small.size)
    hue, saturation, value = small.convert("HSV").split()
    pale = _where(saturation, most=MOST_COLOUR_OF_PAPER)
    light = _brightest(value, pale)
    bright = _where(value, least=light * DARKEST_PAPER)
    paper = _where(_squares(ImageChops.multiply(pale, bright), grid), least=140)
    # At its edge the table shows through, which is as dark as print.
    within = paper.filter(ImageFilter.MinFilter(3))
    printed = _printed(value, light, within)
    chroma = ImageChops.multiply(saturation, value)
    return Looks(
        light=light,
        paper=_share(paper),
        printed=_share(printed),
        colour=_coloured(chroma, ImageChops.multiply(printed, within), light),
        skin=_skin(hue, saturation, value, light=light, grid=grid),
    )


def _brightest(value: Image.Image, pale: Image.Image) -> int:
    """Return how bright the paper is: what a twentieth of all that is pale exceeds; 0 where nothing is."""
    levels = value.histogram(pale)
    above, wanted = 0, sum(levels) / 20
    for level in range(255, 0, -1):
        above += levels[level]
        if above > wanted:
            return level
    return 0


def _printed(value: Image.Image, light: int, within: Image.Image) -> Image.Image:
    """Return the squares of paper with print around them: neither empty nor mostly dark."""
    around = value.filter(ImageFilter.BoxBlur(value.width / within.width / 2))
    ink = _where(ImageChops.subtract(around, value), least=max(1, light * INK))
    some = _where(_squares(ink, within.size), least=10, most=150)
    return _where(ImageChops.multiply(some, within).filter(ImageFilter.BoxBlur(2)), least=60)


def _coloured(chroma: Image.Image, printed: Image.Image, light: int) -> float:
    """Return the share of the print with something more coloured than the paper, which may be yellow."""
    of_paper = ImageStat.Stat(_squares(chroma, printed.size), printed)
    if not of_paper.count[0]:
        return 0.0
    strong = _where(chroma, least=of_paper.median[0] + light * COLOURED)
    return _share(_where(_squares(strong, printed.size), least=25), printed)


def _skin(
    hue: Image.Image, saturation: Image.Image, value: Image.Image, *, light: int, grid: tuple[int, int]
) -> float:
    """Return the share of the picture that has the colour of skin, unless that surrounds it."""
    first, last = SKIN_HUES
    ruddy = hue.point(lambda level: 255 if level >= first or level <= last else 0)
    fleshy = _where(saturation, least=SKIN_SATURATION[0], most=SKIN_SATURATION[1])
    lit = _where(value, least=max(DIMMEST_SKIN, light * DARKEST_SKIN))
    whole = ImageChops.multiply(ImageChops.multiply(ruddy, fleshy), lit)
    skin = _where(_squares(whole, grid), least=128)
    return 0.0 if _share(skin, _edge(grid)) >= SURROUNDS else _share(skin)


def _edge(grid: tuple[int, int]) -> Image.Image:
    """Return the outermost squares of a picture."""
    edge = Image.new("L", grid, 255)
    edge.paste(0, (1, 1, max(1, grid[0] - 1), max(1, grid[1] - 1)))
    return edge


def _grid(size: tuple[int, int]) -> tuple[int, int]:
    side = max(1, max(size) // SQUARES)
    return max(1, size[0] // side), max(1, size[1] // side)


def _squares(levels: Image.Image, grid: tuple[int, int]) -> Image.Image:
    """Return the mean of each square."""
    return levels.resize(grid, Image.Resampling.BOX)


def _where(levels: Image.Image, *, least: float = 0, most: float = 255) -> Image.Image:
    """Return 255 where a level lies within these bounds, and 0 elsewhere."""
    return levels.point([255 if least <= level <= most else 0 for level in range(256)])


def _share(mask: Image.Image, within: Image.Image | None = None) -> float:
    """Return the share of a picture, or of what is `within`, that a mask covers."""
    stat = ImageStat.Stat(mask, within)
    return stat.mean[0] / 255 if stat.count[0] else 0.0
