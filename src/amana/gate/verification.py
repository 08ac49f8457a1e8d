"""Whether the whole record holds: the ledger's entries and tree, every row against its entry, the journal, the policy.

The ledger's part runs under the sequencer's login, the rest under the application's; a superuser is never needed, nor
trusted. Against somebody who holds the signing key and the database, only what was kept elsewhere tells.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from django.db import connection

from amana.gate import calls, narrowing, queries, standing
from amana.gate.door import door
from amana.kernel.refusal import Refusal
from amana.kernel.text import Bilingual, Language
from amana.ledger import queries as ledger
from amana.ledger.note import VerifierKey
from amana.ledger.verify import findings, inside
from amana.ledger.verify.findings import Finding
from amana.ledger.verify.kept import Kept
from amana.policy import queries as policy
from amana.vault.journal import Head

# The events whose payloads stand in rows that the gate's own audit compares.
ELSEWHERE: Final = frozenset(
    {
        "gate.opened", "gate.erased", "gate.looked_up", "gate.month_dropped", "gate.suppressed",
        "vault.admitted", "vault.added", "consent.wished",
    }
    | {
        f"consent.{kind}"
        for kind in (
            "given", "withdrawn", "objected", "objection_lifted", "restricted", "restriction_lifted",
            "address_confirmed", "address_superseded",
        )
    }
)  # fmt: skip

REASONS: Final[Mapping[str, Bilingual]] = {
    "decision_altered": Bilingual(
        ar="عُدِّل قرار بعد تسجيله", en="a decision was altered after it was recorded"
    ),
    "decision_without_nonce": Bilingual(
        ar="قرار لا يمكن إثباته لأن مفتاحه مفقود", en="a decision cannot be proved: its nonce is gone"
    ),
    "standing_altered": Bilingual(
        ar="الوضع القائم لا يوافق آخر قرار", en="what stands is not what was decided last"
    ),
    "standing_missing": Bilingual(ar="قرار أُخفي أثره", en="the effect of a decision was taken away"),
    "standing_without_decision": Bilingual(
        ar="وضع قائم من غير قرار", en="something stands that nobody decided"
    ),
    "restriction_altered": Bilingual(
        ar="التقييد لا يوافق آخر قرار", en="a restriction is not what was decided last"
    ),
    "restriction_without_decision": Bilingual(ar="تقييد من غير قرار", en="a restriction that nobody decided"),
    "address_altered": Bilingual(
        ar="تأكيد عنوان لا يوافق قراره", en="a confirmed address does not fit its confirmation"
    ),
    "admission_altered": Bilingual(ar="عُدِّلت بيانات تسجيل عميل", en="a customer's admission was altered"),
    "value_altered": Bilingual(ar="عُدِّلت معلومة محفوظة", en="a stored value was altered"),
    "fact_altered": Bilingual(ar="عُدِّلت معلومة محفوظة", en="a stored fact was altered"),
    "wording_altered": Bilingual(ar="عُدِّل نص موافقة عُرض", en="a consent's wording was altered"),
    "use_without_consent": Bilingual(ar="استخدام من غير موافقة تسبقه", en="a use that no consent preceded"),
    "use_without_basis": Bilingual(
        ar="استخدام من غير أساس نظامي في السياسة", en="a use for which the policy had no lawful basis"
    ),
    "use_under_age": Bilingual(
        ar="استخدام لبيانات من لم يبلغ العمر المطلوب أو لا يُعرف عمره",
        en="a use of somebody under age, or of unknown age",
    ),
    "use_of_suppressed": Bilingual(
        ar="استخدام لعنوان أُوقفت مراسلته", en="a use of an address that was suppressed"
    ),
    "use_beyond_retention": Bilingual(
        ar="استخدام لعنوان انقضت مدة الاحتفاظ به", en="a use of an address whose retention had passed"
    ),
    "use_of_unconfirmed": Bilingual(
        ar="استخدام لعنوان لم يؤكده صاحبه", en="a use of an address that its owner had not confirmed"
    ),
    "use_of_other_shop": Bilingual(
        ar="استخدام لبيانات عميل من فرع آخر", en="a use of a customer of another shop"
    ),
    "use_of_restricted": Bilingual(
        ar="استخدام رغم تقييد استخدام البيانات", en="a use in spite of a restriction"
    ),
    "use_of_objected": Bilingual(ar="استخدام رغم اعتراض صاحب البيانات", en="a use in spite of an objection"),
    "use_of_merged_refused": Bilingual(
        ar="استخدام رغم منعٍ ممن عُدّ وصاحبَ البيانات شخصًا واحدًا",
        en="a use that somebody held to be the same person had refused",
    ),
    "merge_altered": Bilingual(
        ar="من عُدّوا شخصًا واحدًا ليسوا كما سُجِّل آخر مرة",
        en="who is held to be one person is not what was written down last",
    ),
    "use_of_outdated_consent": Bilingual(
        ar="استخدام بموافقة لا تشمل ما اتسع من الغرض بعدها",
        en="a use under a consent that the purpose has outgrown",
    ),
    "suppression_altered": Bilingual(
        ar="عُدِّل إيقاف مراسلة عنوان بعد تسجيله",
        en="the suppression of an address was altered after it was recorded",
    ),
    "wish_altered": Bilingual(
        ar="عُدِّل طلب موافقة أو رفع تقييد بعد تسجيله",
        en="a wish to allow something, or to lift what was narrowed, was altered after it was recorded",
    ),
    "decision_without_wish": Bilingual(
        ar="قرار برابط لا يطابقه طلب سابق", en="a decision by a link that no wish asked for"
    ),
    "call_altered": Bilingual(
        ar="عُدِّل سجل استخدام أو سجل المهمة التي جرى من أجلها",
        en="the record of a release, or of the task it was for, was altered",
    ),
    "call_unrecorded": Bilingual(
        ar="استخدام لم يُقيَّد في السجل في حينه", en="a release did not reach the record in time"
    ),
    "uses_missing": Bilingual(
        ar="استخدامات مفقودة من سجلها أو معدَّلة", en="uses of a release are missing or altered"
    ),
    "use_without_call": Bilingual(ar="استخدام خارج أي سجل", en="a use that belongs to no release"),
    "look_up_altered": Bilingual(
        ar="عُدِّل سجل بحث عن عميل بعنوانه", en="the record of a look-up by an address was altered"
    ),
    "month_altered": Bilingual(
        ar="ما حُذف من سجل شهر لا يوافق عملياته", en="what was dropped of a month is not what its releases say"
    ),
    "erasure_altered": Bilingual(ar="عُدِّل سجل محو", en="the record of an erasure was altered"),
    "erasure_unconfirmed": Bilingual(
        ar="محو لم يؤكده صاحب العنوان", en="an erasure that no owner of an address confirmed"
    ),
    "erased_after_unsound_record": Bilingual(
        ar="محو جرى على سجل غير سليم", en="somebody was erased whose record did not hold"
    ),
    "row_missing": Bilingual(
        ar="صف مفقود من غير محو مسجَّل", en="the row is gone, and no recorded erasure took it"
    ),
    "journal_missing": Bilingual(ar="سجل المحو مفقود", en="the erase journal is missing"),
    "journal_broken": Bilingual(
        ar="سجل المحو مقطوع أو معدَّل", en="the erase journal was cut off, altered or replaced"
    ),
    "journal_mismatch": Bilingual(
        ar="قاعدة البيانات متأخرة عن سجل المحو", en="the database is behind the erase journal"
    ),
    "narrowings_missing": Bilingual(
        ar="سجل طلبات السحب والاعتراض والتقييد مفقود أو ناقص",
        en="the file of withdrawals, objections and restrictions is missing, or lines of it are",
    ),
    "narrowings_broken": Bilingual(
        ar="سجل طلبات السحب والاعتراض والتقييد تالف أو معدَّل",
        en="the file of withdrawals, objections and restrictions is damaged or was altered",
    ),
    "narrowings_behind": Bilingual(
        ar="قاعدة البيانات متأخرة عن سجل طلبات السحب والاعتراض والتقييد",
        en="the database is behind the file of withdrawals, objections and restrictions",
    ),
    "narrowings_waiting": Bilingual(
        ar="طلب سحب أو اعتراض أو تقييد، أو إيقاف مراسلة عنوان، لم يُحفظ خارج قاعدة البيانات في حينه",
        en="a withdrawal, objection, restriction or suppression was not kept outside the database in time",
    ),
    "policy_rules_altered": Bilingual(
        ar="القواعد السارية ليست قواعد السياسة المنشورة",
        en="the rules in force are not those of the published policy",
    ),
}


@dataclass(frozen=True)
class Looked:
    """How much was looked at."""

    entries: int
    waiting: int
    people: int
    decisions: int
    calls: int
    uses: int
    look_ups: int
    erasures: int


@dataclass(frozen=True)
class Verdict:
    """What a verification looked at, and what it found: the first bad entry first."""

    looked: Looked
    findings: tuple[Finding, ...]


def verify(sequencer: psycopg.Connection[Any], *, key: VerifierKey, kept: Kept | None = None) -> Verdict:
    """Verify everything there is to verify; `default` is signed in as the application."""
    found = list(inside.audit(sequencer, key=key, kept=kept, elsewhere=ELSEWHERE))
    found += [_placed(finding) for finding in queries.audit()]
    found += _journal(kept)
    found += _narrowings()
    found += _policy()
    counts = ledger.count_entries()
    looked = Looked(counts.sequenced, counts.waiting, *calls.plain("SELECT * FROM gate.audited()")[0])
    return Verdict(looked, findings.in_order(found))


def sentence(finding: Finding, language: Language) -> str:
    """Say one finding in a line."""
    known = REASONS.get(finding.reason)
    if known is None or finding.reason in findings.REASONS:
        return finding.sentence(language)
    return Finding(finding.index, finding.entry_id, known.in_(language), finding.detail).sentence(language)


def _placed(finding: queries.Finding) -> Finding:
    """Give a finding of the gate the place of its entry in the ledger; one still waiting has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT index FROM ledger.find_entry(%s)", [finding.entry])
        row = cursor.fetchone()
    return Finding(row[0] if row else None, finding.entry, finding.problem)


def _journal(kept: Kept | None) -> Iterator[Finding]:
    """Compare the journal with the database, with its own mark, and with the head a kept checkpoint names."""
    try:
        here = door()
        found = standing.compare(here, standing.database_head())
        standing.refuse(found)
        named = _head_of(kept)
        if named is not None:
            past = here.journal.compare(named)
            standing.refuse("same" if past == "ahead" else past)
    except Refusal as refusal:
        yield Finding(None, None, refusal.code)


def _narrowings() -> Iterator[Finding]:
    """Compare the file of what was narrowed with the database."""
    try:
        # The file first: the database is told after it.
        last, lost = door().narrowings.check()
        known, late = narrowing.kept()
        if lost or last < known:
            yield Finding(None, None, "narrowings_missing")
        if last > known:
            yield Finding(None, None, "narrowings_behind")
        if late:
            yield Finding(None, None, "narrowings_waiting")
    except Refusal as refusal:
        yield Finding(None, None, refusal.code)


def _head_of(kept: Kept | None) -> Head | None:
    lines = kept.checkpoint.extensions if kept else ()
    heads = [line.split(" ") for line in lines if line.startswith("journal ")]
    return next((Head(int(number), bytes.fromhex(digest)) for _, number, digest in heads), None)


def _policy() -> Iterator[Finding]:
    try:
        policy.refuse_altered()
    except Refusal as refusal:
        if refusal.code != "policy_not_published":
            yield Finding(None, None, refusal.code)
