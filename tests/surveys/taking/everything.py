"""A survey with every kind of question."""

from typing import Any


def both(ar: str, en: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"ar": ar, "en": en}


CHOICES = [
    {"name": "a", "label": both("ألف", "Alpha")},
    {"name": "b", "label": both("باء", "Beta")},
    {"name": "c", "label": both("جيم", "Gamma")},
]
EVERYTHING: dict[str, Any] = {
    "format": 1,
    "title": both("كل الأنواع", "Everything"),
    "sections": [
        {
            "name": "closed",
            "title": both("ما يُختار", "What is chosen"),
            "questions": [
                {"name": "single", "kind": "single", "label": both("واحد", "One of these"), "required": True,
                 "choices": CHOICES},
                {"name": "piped", "kind": "note", "label": both("اخترت: ${single}", "You chose: ${single}")},
                {"name": "multiple", "kind": "multiple", "label": both("عدة", "Several"), "choices": CHOICES,
                 "most": 2},
                {"name": "matrix", "kind": "matrix", "label": both("جدول", "A table"),
                 "rows": [{"name": "till", "label": both("الصندوق", "The till")},
                          {"name": "fitting", "label": both("غرف القياس", "The fitting rooms")}],
                 "choices": [{"name": "bad", "label": both("سيئ", "Bad")},
                             {"name": "fair", "label": both("مقبول", "Fair")},
                             {"name": "good", "label": both("جيد", "Good")}]},
                {"name": "rating", "kind": "rating", "label": both("تقييم", "A rating"), "steps": 5},
                {"name": "nps", "kind": "nps", "label": both("هل تنصح بنا؟", "Would you recommend us?")},
                {"name": "csat", "kind": "csat", "label": both("هل أنت راضٍ؟", "Are you satisfied?")},
                {"name": "smiley", "kind": "smiley", "label": both("كيف كانت؟", "How was it?")},
                {"name": "number", "kind": "number", "label": both("كم؟", "How many?"), "least": 0, "most": 10},
                {"name": "date", "kind": "date", "label": both("متى؟", "When?")},
            ],
        },
        {
            "name": "words",
            "title": both("ما يُكتب", "What is written"),
            "questions": [
                {"name": "short", "kind": "short_text", "label": both("نص قصير", "A short text"),
                 "category": "opinion"},
                {"name": "echo", "kind": "note", "label": both("${short}", "${short}")},
                {"name": "long", "kind": "long_text", "label": both("نص طويل", "A long text"),
                 "category": "opinion"},
                {"name": "photo", "kind": "photo", "label": both("صورة", "A photo"), "category": "receipt_photo"},
                {"name": "contact", "kind": "contact", "label": both("كيف نصل إليك؟", "How do we reach you?"),
                 "fields": ["name", "email", "mobile"]},
                {"name": "agree", "kind": "consent", "purpose": "feedback", "channel": "email"},
            ],
        },
    ],
}  # fmt: skip

PARTICULARS: dict[str, Any] = {
    "format": 1,
    "title": both("من أنت", "Who you are"),
    "sections": [
        {
            "name": "you",
            "title": both("عنك", "About you"),
            "questions": [
                {"name": "who", "kind": "contact", "label": both("من أنت؟", "Who are you?"),
                 "fields": ["gender", "nationality", "city", "birth_date"]},
            ],
        },
    ],
}  # fmt: skip
