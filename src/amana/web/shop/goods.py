"""What the demo's shop shows: made-up goods, drawn by ourselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amana.kernel.arabic import normalise
from amana.kernel.text import Bilingual, Language


@dataclass(frozen=True, slots=True)
class Department:
    """A department, with the good that stands for it."""

    slug: str
    name: Bilingual
    line: Bilingual
    drawing: str
    tint: str


@dataclass(frozen=True, slots=True)
class Good:
    """One thing on offer. Prices are in the money of the Emirates (AED) and of Saudi Arabia (SAR)."""

    slug: str
    department: str
    name: Bilingual
    line: Bilingual
    aed: int
    sar: int
    tint: str
    sizes: tuple[str, ...] = ()
    sold_out: tuple[str, ...] = ()

    @property
    def told(self) -> dict[str, Any]:
        """Return what is told of it, in the words of the policy's `website` section."""
        return {
            "product_id": self.slug,
            "name": self.name.en,
            "category": self.department,
            "price": self.aed,
            "currency": "AED",
        }

    @property
    def item(self) -> dict[str, Any]:
        """Return what is told of it as one entry of a list, whose currency the event names."""
        return {name: value for name, value in self.told.items() if name != "currency"}


DEPARTMENTS = (
    Department(
        "women",
        Bilingual("نساء", "Women"),
        Bilingual("عبايات وفساتين وحقائب", "Abayas, dresses, bags"),
        "abaya",
        "plum",
    ),
    Department(
        "men",
        Bilingual("رجال", "Men"),
        Bilingual("ثياب وقمصان وأحذية", "Thobes, shirts, shoes"),
        "thobe",
        "teal",
    ),
    Department(
        "children",
        Bilingual("أطفال", "Children"),
        Bilingual("ملابس تتحمّل اللعب", "Clothes made for play"),
        "dungarees",
        "indigo",
    ),
    Department(
        "home",
        Bilingual("المنزل", "Home"),
        Bilingual("لمسات لمجالسنا", "Touches for the majlis"),
        "lantern",
        "sand",
    ),
)
LETTERS = ("S", "M", "L", "XL")
GOODS = (
    Good(
        "abaya",
        "women",
        Bilingual("عباية كتان بأكمام واسعة", "Linen abaya with wide sleeves"),
        Bilingual(
            "كتان خفيف بتطريز هادئ على الأطراف، يناسب نسمات المساء.",
            "Light linen with quiet embroidery along the edges, for evenings with a breeze.",
        ),
        249,
        259,
        "plum",
        LETTERS,
        ("S",),
    ),
    Good(
        "dress",
        "women",
        Bilingual("فستان بطبعة سعف النخيل", "Palm-leaf dress"),
        Bilingual(
            "قطن ناعم يتّسع عند الخصر، وجيبان لا يظهران.",
            "Soft cotton that flares from the waist, with two pockets nobody sees.",
        ),
        149,
        155,
        "rose",
        LETTERS,
        ("XL",),
    ),
    Good(
        "bag",
        "women",
        Bilingual("حقيبة كتف منسوجة", "Woven shoulder bag"),
        Bilingual(
            "خوص منسوج يدويًا، وبطانة تتّسع لما تحتاجين إليه في يومك.",
            "Hand-woven palm fibre, with a lining that holds a whole day.",
        ),
        119,
        125,
        "sand",
    ),
    Good(
        "thobe",
        "men",
        Bilingual("ثوب قطني خفيف", "Light cotton thobe"),
        Bilingual(
            "قطن يسمح بمرور الهواء ولا يتجعّد سريعًا.", "Cotton that breathes and does not crease in a hurry."
        ),
        179,
        185,
        "teal",
        LETTERS,
        ("M",),
    ),
    Good(
        "shirt",
        "men",
        Bilingual("قميص كتان بياقة عالية", "Linen shirt with a band collar"),
        Bilingual(
            "يُلبس مفتوحًا فوق قميص خفيف، أو مغلقًا إلى المساء.",
            "Worn open over a light shirt, or closed until evening.",
        ),
        99,
        105,
        "olive",
        LETTERS,
    ),
    Good(
        "trainers",
        "men",
        Bilingual("حذاء رياضي من القماش", "Canvas trainers"),
        Bilingual(
            "نعل مطاطي مرن، وقماش يُغسل في الغسالة.",
            "A supple rubber sole, and canvas that goes into the washing machine.",
        ),
        129,
        135,
        "indigo",
        ("41", "42", "43", "44"),
        ("44",),
    ),
    Good(
        "tshirt",
        "children",
        Bilingual("قميص النجمة", "Star T-shirt"),
        Bilingual("نجمة لا تبهت بعد خمسين غسلة.", "A star that does not fade in fifty washes."),
        39,
        42,
        "sand",
        ("4", "6", "8", "10"),
    ),
    Good(
        "dungarees",
        "children",
        Bilingual("أفرول جينز", "Denim dungarees"),
        Bilingual(
            "ركبتان مبطّنتان، وحمّالتان تطولان مع طفلك.", "Padded knees, and straps that grow with the child."
        ),
        79,
        82,
        "indigo",
        ("4", "6", "8", "10"),
        ("6",),
    ),
    Good(
        "cap",
        "children",
        Bilingual("قبعة شمس", "Sun cap"),
        Bilingual("حافة عريضة تظلّل العنق أيضًا.", "A wide brim that shades the neck as well."),
        35,
        37,
        "teal",
    ),
    Good(
        "cushion",
        "home",
        Bilingual("وسادة بنقش السدو", "Sadu cushion"),
        Bilingual("نقوش السدو منسوجة لا مطبوعة.", "Sadu patterns, woven and not printed."),
        59,
        62,
        "rose",
    ),
    Good(
        "cups",
        "home",
        Bilingual("طقم فناجين القهوة", "Coffee cups, a set of six"),
        Bilingual("ستة فناجين من الخزف، كل واحد بلون.", "Six cups of stoneware, no two in one colour."),
        89,
        93,
        "olive",
    ),
    Good(
        "lantern",
        "home",
        Bilingual("فانوس المجلس", "Majlis lantern"),
        Bilingual("نحاس مخرّم يرسم الضوء على الجدار.", "Pierced brass that draws with light on the wall."),
        139,
        145,
        "plum",
    ),
)
FAVOURITES = ("dress", "lantern", "thobe", "dungarees", "bag", "cups", "shirt", "cushion")


def find(slug: str) -> Good | None:
    """Return a good by its name in addresses."""
    return next((good for good in GOODS if good.slug == slug), None)


def find_department(slug: str) -> Department | None:
    """Return a department by its name in addresses."""
    return next((one for one in DEPARTMENTS if one.slug == slug), None)


def within(department: str) -> tuple[Good, ...]:
    """Return the goods of a department."""
    return tuple(good for good in GOODS if good.department == department)


def favourites() -> tuple[Good, ...]:
    """Return the goods on the front page."""
    return tuple(good for slug in FAVOURITES for good in GOODS if good.slug == slug)


def matching(text: str) -> tuple[Good, ...]:
    """Return the goods in whose words, Arabic or English, each word of the text begins one."""
    wanted = normalise(text).split()
    if not wanted:
        return ()
    return tuple(good for good in GOODS if all(_has(good, word) for word in wanted))


def _has(good: Good, wanted: str) -> bool:
    return any(word.startswith(wanted) or word.removeprefix("ال").startswith(wanted) for word in _words(good))


def _words(good: Good) -> Iterator[str]:
    department = find_department(good.department)
    texts = [good.name, good.line, *([department.name] if department else [])]
    languages: tuple[Language, ...] = ("ar", "en")
    for text in texts:
        for language in languages:
            yield from normalise(text.in_(language)).replace("-", " ").split()
