"""Rules read as sentences in both languages, whatever an expression holds."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from amana.kernel.text import LANGUAGES, Language
from amana.surveys.builder.wording import runs, sentences
from amana.surveys.builder.wording.code import written
from amana.surveys.builder.wording.sentences import Rule
from amana.surveys.builder.wording.things import Scene
from amana.surveys.definition.document import Choice, Definition, Kind, Question, Text
from amana.surveys.logic import parsing
from amana.surveys.logic.parsing import Node
from amana.surveys.logic.tokens import cut
from tests.surveys.definition.made import choices, example, small
from tests.surveys.logic.test_evaluation import NAMES, VECTORS, trees

CASES: list[tuple[str, Rule, str, str, str, str]] = [
    (
        "visit", "relevant", "${found_it} = 'partly' or ${found_it} = 'no'", "",
        "Shown when “Did you find what you came for?” is “Some of it” or “No”",
        "يظهر إذا كانت إجابة «هل وجدت ما جئت من أجله؟» هي «بعضه» أو «لا»",
    ),
    (
        "visit", "alert", "${overall} <= 2 or ${recommend} < 5", "",
        "Somebody is dissatisfied when “How was your visit today?” is at most 2 or “How likely are you to"
        " recommend us to family or friends?” is less than 5",
        "يُعدّ العميل غير راضٍ إذا كانت إجابة «كيف كانت زيارتك اليوم؟» 2 على الأكثر أو كانت إجابة"
        " «ما مدى احتمال أن تنصح بنا قريبًا أو صديقًا؟» أقل من 5",
    ),
    (
        "visit", "relevant", "not(selected(${liked}, 'staff') or selected(${liked}, 'prices'))", "",
        "Shown when “What did you like?” includes neither “The staff” nor “Prices and offers”",
        "يظهر إذا لم تتضمّن إجابة «ما الذي أعجبك؟» الخيار «تعامل الموظفين» ولا «الأسعار والعروض»",
    ),
    (
        "visit", "relevant", "(${found_it} = 'yes' or ${found_it} = 'no') and count-selected(${liked}) < 2", "",
        "Shown when (“Did you find what you came for?” is “Yes” or “No”), and the number of choices in"
        " “What did you like?” is fewer than 2",
        "يظهر إذا (كانت إجابة «هل وجدت ما جئت من أجله؟» هي «نعم» أو «لا»)، وكان عدد الخيارات في إجابة"
        " «ما الذي أعجبك؟» أقل من 2",
    ),
    (
        "visit", "relevant", "${found_it} != '' and (${overall} > ${recommend} or not(${overall} >= 3))", "",
        "Shown when “Did you find what you came for?” is answered, and (“How was your visit today?” is more than"
        " “How likely are you to recommend us to family or friends?” or “How was your visit today?” is not at"
        " least 3)",
        "يظهر إذا أُجيب عن «هل وجدت ما جئت من أجله؟»، و(كانت إجابة «كيف كانت زيارتك اليوم؟» أكثر من إجابة"
        " «ما مدى احتمال أن تنصح بنا قريبًا أو صديقًا؟» أو لم تكن إجابة «كيف كانت زيارتك اليوم؟» 3 على الأقل)",
    ),
    (
        "visit", "when", "${age} = ${department} or not(${age})", "",
        "Counted when “Your age” is the same as “In which department?” or “Your age” is not answered",
        "تُحسب الإجابة ضمن الحصة إذا كانت إجابة «فئتك العمرية» مثل إجابة «في أي قسم؟» أو لم يُجب عن"
        " «فئتك العمرية»",
    ),
    (
        "product", "constraint", ". <= today() and '2026-01-31' < .", "bought_on",
        "Accepted when this answer is on or before today and after 31 January 2026",
        "تُقبل إذا كانت هذه الإجابة في تاريخ اليوم أو قبله وبعد 31 يناير 2026",
    ),
    (
        "product", "constraint", ". = int(.) and . >= 1 and . <= 5", "worn",
        "Accepted when this answer is a whole number, at least 1 and at most 5",
        "تُقبل إذا كانت هذه الإجابة عددًا صحيحًا و1 على الأقل و5 على الأكثر",
    ),
    (
        "product", "constraint", r"regex(., '[A-Z]\d+') or string-length(.) < 3 or . = ''", "next",
        r"Accepted when this answer has the pattern [A-Z]\d+ or the number of characters in this answer is fewer"
        " than 3 or this answer is empty",
        r"تُقبل إذا طابقت هذه الإجابة النمط [A-Z]\d+ أو كان عدد حروف هذه الإجابة أقل من 3 أو كانت هذه الإجابة"
        " فارغة",
    ),
    (
        "product", "required", "${value} = 1 and not(selected(${aspects}, 'poor'))", "wrong",
        "Has to be answered when “How many stars would you give it?” is 1 and no row of “And each of these?” is"
        " “Poor”",
        "تلزم الإجابة إذا كانت إجابة «كم نجمة تعطيها؟» هي 1 ولم يُختر «ضعيف» في أي صف من صفوف"
        " «وما رأيك في كل مما يلي؟»",
    ),
    (
        "product", "relevant", "contains(${next}, 'x') and not(starts-with(${next}, 'y'))", "",
        "Shown when “What would you like us to stock?” contains the text “x” and “What would you like us to"
        " stock?” does not begin with “y”",
        "يظهر إذا ورد النص «x» في إجابة «ما الذي تتمنى أن نوفّره؟» ولم تبدأ إجابة «ما الذي تتمنى أن نوفّره؟»"
        " بالنص «y»",
    ),
    (
        "product", "relevant", "${value} + ${satisfied} * 2 > 9 or max(${value}, 3) = round(${worn})", "",
        "Shown when “How many stars would you give it?” + (“How satisfied are you with it?” × 2) is more than 9"
        " or the largest of “How many stars would you give it?” and 3 is the same as “How many times have you"
        " worn or washed it?” rounded",
        "يظهر إذا كان ناتج إجابة «كم نجمة تعطيها؟» + (إجابة «ما مدى رضاك عنها؟» × 2) أكثر من 9 أو كان الأكبر من"
        " بين إجابة «كم نجمة تعطيها؟» و3 مثل إجابة «كم مرة استخدمتها أو غسلتها؟» بعد التقريب",
    ),
    (
        "product", "relevant", "if(${value} = 1, true(), ${kind}) and ${kind} != 'home'", "",
        "Shown when if(${value} = 1, true(), ${kind}) holds and “What did you buy?” is not “Things for the home”",
        "يظهر إذا تحقّق if(${value} = 1, true(), ${kind}) ولم تكن إجابة «ماذا اشتريت؟» هي «مستلزمات منزلية»",
    ),
]  # fmt: skip


def read(words: runs.Words) -> str:
    return "".join(each.text for each in words)


@pytest.mark.parametrize(("survey", "rule", "expression", "this", "english", "arabic"), CASES)
def test_a_rule_reads_as_a_sentence(
    survey: str, rule: Rule, expression: str, this: str, english: str, arabic: str
) -> None:
    found = example(survey)

    def told(language: Language) -> str:
        return read(
            sentences.sentence(rule, expression, found, language=language, this=found.find(this))
        )  # fmt: skip

    assert (told("en"), told("ar")) == (english, arabic)


@pytest.mark.django_db
def test_a_consent_is_spoken_of_by_the_policy_s_words(world: Any) -> None:
    consent = Question(name="offers", kind="consent", purpose="marketing", channel="email")
    found = small(*small().questions(), consent)
    for expression in ("${offers} = true()", "${offers} != false()", "not(${offers} = false())", "${offers}"):
        assert [
            read(sentences.sentence("relevant", expression, found, language=language))
            for language in LANGUAGES
        ] == [
            "يظهر إذا أُعطيت «موافقة · العروض والأخبار · بالبريد الإلكتروني»",
            "Shown when “Consent · Offers and news · by e-mail” is given",
        ]  # fmt: skip


def test_what_others_wrote_is_isolated_and_code_stays_code() -> None:
    tricky = Question(name="mood", kind="single", label=Text(ar="<b>؟", en="<b>?"), choices=choices("a"))
    words = sentences.sentence("relevant", "${mood} = 'a' or concat(${mood})", small(tricky), language="en")
    assert str(runs.html_of(words)) == (
        'Shown when “<bdi>&lt;b&gt;?</bdi>” is “<bdi>a</bdi>” or <code dir="ltr">concat(${mood})</code> holds'
    )
    assert runs.text_of(words) == (
        "Shown when “\u2068<b>?\u2069” is “\u2068a\u2069” or \u2068concat(${mood})\u2069 holds"
    )
    assert sentences.sentence("relevant", "${mood} =", small(tricky), language="en") == ()
    assert sentences.sentence("relevant", "${gone} = 1", small(tricky), language="ar") == ()


def kinds(*names: Kind) -> Definition:
    """Return a survey whose questions are called as those of made up expressions."""
    options = (Choice(name="a", label=Text(ar="أ", en="A")), Choice(name="b"))
    return small(
        *(
            Question(
                name=name, kind=kind, label=Text(ar=f"سؤال {name}", en=f"Question {name}"), choices=options
            )
            for name, kind in zip(NAMES, names, strict=True)
        )
    )


SURVEYS = [
    kinds("single", "multiple", "matrix"),
    kinds("number", "date", "short_text"),
    kinds("nps", "photo", "contact"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(tree=trees())
def test_anything_can_be_said(language: Language, tree: Node) -> None:
    for definition in SURVEYS:
        for this in (None, *definition.questions()):
            words = sentences.condition(tree, Scene(language, definition, this, ("[a-z]+", "(", ".")))
            left = [each.text for each in words if each.sort == "plain" and "{" in each.text]
            assert (bool(words), left, bool(runs.html_of(words)), bool(runs.text_of(words))) == (
                True, [], True, True,
            )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_rule_can_be_said(language: Language) -> None:
    for joint in (" or ", " and ", " + ", " = ", " - "):
        expression = joint.join(["${q}"] * 200)
        tree = parsing.parse(expression, names=NAMES)
        assert written(tree) == expression
        assert sentences.condition(tree, Scene(language, SURVEYS[0]))
    deep = "not(" * 55 + "${q} = 'a'" + ")" * 55
    assert (
        read(sentences.sentence("relevant", deep, SURVEYS[0], language="en"))
        == "Shown when “Question q” is not “A”"
    )


def test_an_expression_is_written_as_it_was_parsed() -> None:
    for expression, _, _ in VECTORS:
        tree = parsing.parse(expression, names=NAMES)
        texts = [each.text[1:-1] for each in cut(expression) if each.sort == "text"]
        assert parsing.parse(written(tree, texts), names=NAMES) == tree
