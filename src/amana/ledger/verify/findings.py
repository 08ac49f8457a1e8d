"""What a verification found, and how to say it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from amana.kernel.text import Bilingual, Language

REASONS: Final[Mapping[str, Bilingual]] = {
    "entry_missing": Bilingual(ar="القيد مفقود", en="the entry is missing"),
    "entry_altered": Bilingual(ar="عُدِّل القيد بعد تسجيله", en="the entry was altered after it was recorded"),
    "entry_rewritten": Bilingual(
        ar="القيد ليس هو القيد المحفوظ في النسخة", en="the entry is not the one in the kept copy"
    ),
    "entry_unsigned": Bilingual(ar="القيد لا تشمله أي نقطة تحقق", en="no checkpoint covers the entry"),
    "entry_stray": Bilingual(
        ar="يوجد مضمون لقيد ليس في السجل", en="there is an opening for an entry that the ledger does not have"
    ),
    "opening_altered": Bilingual(
        ar="مضمون القيد لا يطابق ما التزم به", en="what the entry committed to was altered"
    ),
    "opening_missing": Bilingual(
        ar="مضمون القيد مفقود من غير حذف مسجَّل",
        en="what the entry committed to is gone, and no erasure took it",
    ),
    "erasure_missing": Bilingual(
        ar="مضمون القيد محذوف بعملية حذف غير مسجَّلة",
        en="what the entry committed to was erased by an erasure that is not recorded",
    ),
    "erasure_altered": Bilingual(
        ar="ما حُذف ليس ما التزمت به عملية الحذف", en="what was erased is not what the erasure committed to"
    ),
    "tile_altered": Bilingual(
        ar="أجزاء الشجرة المنشورة لا تطابق القيود", en="the published tiles do not fit the entries"
    ),
    "tile_missing": Bilingual(ar="جزء من الشجرة المنشورة مفقود", en="a published tile is missing"),
    "checkpoint_missing": Bilingual(ar="لا توجد نقطة تحقق", en="there is no checkpoint"),
    "checkpoint_unsigned": Bilingual(
        ar="نقطة التحقق غير موقَّعة بالمفتاح المعتمد", en="the checkpoint is not signed by the key given"
    ),
    "checkpoint_false": Bilingual(
        ar="نقطة التحقق لا تطابق القيود", en="a published checkpoint does not fit the entries"
    ),
    "cosignature_missing": Bilingual(
        ar="الشاهد المطلوب لم يوقِّع على السجل", en="the witness asked for has not cosigned"
    ),
    "cosignature_false": Bilingual(
        ar="توقيع الشاهد على نقطة التحقق غير صحيح", en="the witness's cosignature does not hold"
    ),
    "history_rewritten": Bilingual(
        ar="عُدِّل السجل بعد نقطة التحقق المحفوظة",
        en="the ledger was rewritten after the checkpoint that was kept",
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: where, which entry, why. `index` is None where no entry can be named."""

    index: int | None
    entry_id: UUID | None
    reason: str
    detail: str = ""

    def sentence(self, language: Language) -> str:
        """Say it in one line. A reason of another room is said by its name."""
        known = REASONS.get(self.reason)
        said = self.reason if known is None else known.in_(language)
        place = {"ar": "القيد", "en": "entry"}[language]
        where = "" if self.index is None else f"{place} {self.index}"
        named = " ".join(part for part in (where, str(self.entry_id or "")) if part)
        return ": ".join(part for part in (named, said, self.detail) if part)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Put the first bad entry first, and what names no entry last; say nothing twice."""
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda finding: (finding.index is None, finding.index or 0)))
