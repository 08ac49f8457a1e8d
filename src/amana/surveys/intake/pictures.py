"""Tell a photo of a receipt from another picture: by pale paper with fine print on it, and by nothing else.

What does not look so may show a person, a child, a medicine: it is a candidate for what nobody should have told us.
What does may still show somebody beside the paper. Nobody is recognised, and no face is looked for.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

# Large enough that a till's print is still fine contrast, small enough to cost a few milliseconds.
SIDE: Final = 320
# Nothing can be read on a smaller one.
LEAST_SIDE: Final = 48
# Of 255: paper is brighter and less coloured than this, also where it is yellowed or in the shade.
PAPER_BRIGHT: Final = 120
PAPER_COLOURED: Final = 85
CONTRAST: Final = 48
LEAST_PAPER: Final = 0.2
LEAST_PRINT: Final = 0.08
# Print makes holes in the paper: it counts where paper lies so many pixels from it.
BESIDE: Final = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """What a picture looks like: the share of it that is paper, and of the paper that is fine print."""

    paper: float
    printed: float

    @property
    def receipt(self) -> bool:
        """Tell whether it looks like a receipt."""
        return self.paper >= LEAST_PAPER and self.printed >= LEAST_PRINT


def look(picture: Image.Image) -> Looks:
    """Measure a picture in RGB; one that is too small for print has none."""
    if min(picture.size) < LEAST_SIDE:
        return Looks(0.0, 0.0)
    small = picture.reduce(max(1, max(picture.size) // SIDE))
    _, coloured, bright = (np.asarray(plane) for plane in small.convert("HSV").split())
    paper = (bright > PAPER_BRIGHT) & (coloured < PAPER_COLOURED)
    around = np.asarray(Image.fromarray(paper).convert("L").filter(ImageFilter.MaxFilter(BESIDE))) > 0
    fine = np.asarray(small.convert("L").filter(ImageFilter.FIND_EDGES)) > CONTRAST
    return Looks(float(paper.mean()), float((fine & around).sum()) / max(int(paper.sum()), 1))
