"""What waits is taken in once, judged by the survey's rules and by both policies; what cannot be is kept as it came."""

import pytest

from amana.gate import actions as gate
from amana.kernel.ids import CustomerId
from amana.surveys.intake import keys, opinions, taking
from amana.surveys.intake.taking import TakenIn
from amana.surveys.models import Envelope, QuotaCount, Response
from amana.surveys.taking import codes
from tests.database import Connection
from tests.surveys.intake.place import CLOSED, Place, refused, taken, waiting
from tests.world import World

WORDS = {**CLOSED, "why": "شكرًا لكم", "use_words": True}
KNOWN = {
    **WORDS,
    "contact": {"name": "نور", "email": "Noor@Mail.example", "mobile": "٠٥٠١٢٣٤٥٦٧"},
    "offers": True,
}


def sealed_of(world: World, kept: Response, *fields: str) -> dict[str, str]:
    """Return what was sealed of whoever answered, as the machine reads it to answer them."""
    assert kept.customer is not None
    customer = CustomerId(kept.customer)
    session = world.session("system")
    task = gate.plan(session=session, kind="answer", purpose="feedback", people=[customer], ref="response:1")
    opened = gate.open(session=session, purpose="feedback", fields=fields, task=task)
    return dict(opened.people[0].values) if opened.people else {}


def reason(place: Place, answers: dict[str, object] | None = None, **changed: object) -> str:
    """Return why one envelope is refused; nothing else was kept of it than the envelope."""
    line = place.sealed(answers, **changed)
    [number] = place.post(line).said["kept"]
    made = taking.take_in()
    assert (made.taken, taken(), waiting()) == (0, [], set())
    [(key, why)] = refused().items()
    assert str(key) == number
    return why


def test_c4_an_anonymous_answer_is_kept_and_nobody_is_admitted(place: Place, world: World) -> None:
    place.post(place.sealed())
    assert taking.take_in() == TakenIn(taken=1)
    [kept] = taken()
    assert (kept.answers, kept.texts, kept.customer) == (CLOSED, [], None)
    assert (kept.shop, kept.way, kept.language, kept.policy, kept.judged_policy) == (
        place.shop,
        "qr",
        "ar",
        1,
        1,
    )
    assert waiting() == set()
    assert world._one("SELECT count(*) FROM vault.person") == 0


def test_u3_words_are_sealed_and_stand_nowhere_open(
    place: Place, world: World, owner_connection: Connection
) -> None:
    place.post(place.sealed(WORDS))
    taking.take_in()
    [kept] = taken()
    assert (kept.answers, kept.texts) == (CLOSED, ["why"])
    row = owner_connection.execute("SELECT r::text FROM surveys_response r").fetchone()
    assert row is not None
    assert "شكر" not in row[0]
    assert sealed_of(world, kept, "opinion") == {"opinion": "شكرًا لكم"}


def test_words_of_several_questions_are_told_apart(place: Place, world: World) -> None:
    said = {**WORDS, "found_it": "no", "wanted": "عباية كتان"}
    place.post(place.sealed(said))
    taking.take_in()
    [kept] = taken()
    packed = sealed_of(world, kept, "opinion")["opinion"]
    assert opinions.unpack(packed, kept.texts) == {"wanted": "عباية كتان", "why": "شكرًا لكم"}


def test_c1_who_tells_who_they_are_is_admitted_as_a_claim_with_what_they_allow(
    place: Place, world: World
) -> None:
    place.post(place.sealed(KNOWN))
    taking.take_in()
    [kept] = taken()
    found = sealed_of(world, kept, "name", "mobile")
    assert found == {"name": "نور", "mobile": "+971501234567"}
    assert kept.answers == CLOSED


def test_the_same_number_counts_once_whenever_it_comes(place: Place) -> None:
    line = place.sealed()
    first = place.post(line, line)
    again = place.post(line)
    assert first.said["kept"] == again.said["kept"] * 2
    assert taking.take_in() == TakenIn(taken=1)
    assert place.post(line).said == again.said
    assert (waiting(), taking.take_in(), len(taken())) == (set(), TakenIn(), 1)


def test_an_envelope_that_slipped_in_after_its_answer_was_taken_is_dropped(place: Place) -> None:
    line = place.sealed()
    place.post(line)
    [row] = Envelope.objects.all()
    taking.take_in()
    row.save(force_insert=True)
    assert taking.take_in() == TakenIn(repeated=1)
    assert (len(taken()), waiting()) == (1, set())


@pytest.mark.parametrize(
    ("answers", "changed", "why"),
    [
        ({**CLOSED, "overall": 6}, {}, "answer_malformed"),
        ({**CLOSED, "overall": "4"}, {}, "answer_malformed"),
        ({**CLOSED, "overall": True}, {}, "answer_malformed"),
        ({**CLOSED, "recommend": 2.5}, {}, "answer_malformed"),
        ({**CLOSED, "liked": "staff"}, {}, "answer_malformed"),
        ({**CLOSED, "liked": ["staff", "staff"]}, {}, "answer_malformed"),
        ({**CLOSED, "liked": ["<script>"]}, {}, "answer_malformed"),
        ({**CLOSED, "liked": ["staff", "nothing"]}, {}, "answer_broken"),
        ({**CLOSED, "nobody_asked": 1}, {}, "answer_not_asked"),
        ({**CLOSED, "contact": {"passport": "A1"}}, {}, "answer_not_asked"),
        ({**CLOSED, "why": "a\0b"}, {}, "answer_malformed"),
        ({**CLOSED, "why": "x" * 10_001}, {}, "answer_text_too_long"),
        ({**CLOSED, "use_words": "yes"}, {}, "answer_malformed"),
        ({"recommend": 3}, {}, "answer_missing"),
        (CLOSED, {"version": 7}, "survey_version_unknown"),
        (CLOSED, {"survey": "nothing"}, "survey_version_unknown"),
        (CLOSED, {"policy": 9}, "answer_policy_unknown"),
        (CLOSED, {"shop": "nowhere"}, "survey_shop_unknown"),
        (CLOSED, {"way": "tablet"}, "device_unsigned"),
        (CLOSED, {"survey": "product", "way": "qr"}, "survey_not_open"),
        (CLOSED, {"permissions": ("marketing:pigeon",)}, "answer_not_asked"),
        (CLOSED, {"permissions": ("fraud",)}, "answer_not_asked"),
        (CLOSED, {"unfinished": True}, "unfinished_not_agreed"),
        (CLOSED, {"unfinished": True, "unfinished_agreed": True}, "unfinished_not_agreed"),
        (CLOSED, {"code": "!!!!"}, "answer_malformed"),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_refused_and_kept(
    place: Place, answers: dict[str, object], changed: dict[str, object], why: str
) -> None:
    assert reason(place, answers, **changed) == why


def test_scripts_in_words_are_words(place: Place, world: World) -> None:
    said = "<script>alert(1)</script>'; DROP TABLE surveys_response; --\u202e"
    place.post(place.sealed({**WORDS, "why": said}))
    assert taking.take_in() == TakenIn(taken=1)
    assert sealed_of(world, taken()[0], "opinion") == {"opinion": said}


def test_answers_that_became_invisible_are_dropped(place: Place) -> None:
    place.post(place.sealed({**CLOSED, "department": "men", "overall": 2, "liked": ["staff"]}))
    taking.take_in()
    assert taken()[0].answers == {"overall": 2, "recommend": 9, "found_it": "yes"}


def test_one_bad_answer_leaves_the_others_of_its_batch_alone(place: Place) -> None:
    place.post(place.sealed(), place.sealed({"recommend": 3}), place.sealed(KNOWN))
    assert taking.take_in() == TakenIn(taken=2, refused={"answer_missing": 1})
    assert sorted(refused().values()) == ["answer_missing"]


def test_an_answer_that_makes_the_batch_fall_goes_alone(place: Place, owner_connection: Connection) -> None:
    bad = place.submission(language="en")
    place.post(place.sealed(), place.sealed(id=bad.id, language="en"), place.sealed(KNOWN))
    owner_connection.execute("ALTER TABLE surveys_response ADD CONSTRAINT planted CHECK (language = 'ar')")
    try:
        assert taking.take_in() == TakenIn(taken=2, refused={"answer_not_taken": 1})
    finally:
        owner_connection.execute("ALTER TABLE surveys_response DROP CONSTRAINT planted")
    assert refused() == {bad.id: "answer_not_taken"}
    assert taking.try_again(key=bad.id, staff=1)
    assert (taking.take_in(), refused(), len(taken())) == (TakenIn(taken=1), {}, 3)
    assert not taking.try_again(key=bad.id, staff=1)


def test_a_fault_of_ours_refuses_nobody_until_it_has_lasted_for_long(
    place: Place, owner_connection: Connection
) -> None:
    place.post(place.sealed(), place.sealed(KNOWN))
    owner_connection.execute("ALTER TABLE surveys_response ADD CONSTRAINT planted CHECK (false)")
    assert (taking.take_in(), len(waiting()), refused()) == (TakenIn(), 2, {})
    owner_connection.execute("ALTER TABLE surveys_response DROP CONSTRAINT planted")
    assert (taking.take_in(), waiting()) == (TakenIn(taken=2), set())
    place.post(place.sealed())
    owner_connection.execute("ALTER TABLE surveys_response ADD CONSTRAINT planted CHECK (false) NOT VALID")
    owner_connection.execute("UPDATE surveys_envelope SET received_at = received_at - interval '16 minutes'")
    assert taking.take_in() == TakenIn(refused={"answer_not_taken": 1})
    owner_connection.execute("ALTER TABLE surveys_response DROP CONSTRAINT planted")


@pytest.mark.parametrize("state", ["53100", "40P01"])
def test_u3_what_passes_by_itself_refuses_nobody_beside_others_that_are_taken_in(
    place: Place, owner_connection: Connection, state: str
) -> None:
    """A full disk, a deadlock: neither is the answer's own fault."""
    [number] = place.post(place.sealed(language="en")).said["kept"]
    place.post(place.sealed(), place.sealed(KNOWN))
    owner_connection.execute(
        "CREATE FUNCTION public.planted() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$;"
        "CREATE TRIGGER planted BEFORE INSERT ON surveys_response FOR EACH ROW WHEN (NEW.language = 'en')"
        " EXECUTE FUNCTION public.planted()"
    )
    try:
        assert (taking.take_in(), refused()) == (TakenIn(taken=2), {})
        assert {str(one) for one in waiting()} == {number}
    finally:
        owner_connection.execute("DROP FUNCTION public.planted() CASCADE")
    assert (taking.take_in(), len(taken())) == (TakenIn(taken=1), 3)


def test_a_short_code_is_kept_only_as_a_hash(place: Place, owner_connection: Connection) -> None:
    code = codes.make()
    place.post(place.sealed(WORDS, code=code.lower()))
    taking.take_in()
    assert bytes(taken()[0].code or b"") == codes.digest(code)


def test_an_envelope_for_another_key_is_kept_and_said(place: Place) -> None:
    place.post(place.sealed())
    keys.private_key.__globals__["_private_keys"].cache_clear()
    path = keys.key_path()
    kept = path.read_bytes()
    path.unlink()
    path.with_name("surveys.pub").unlink()
    keys._public_jwks.cache_clear()
    keys.make_key(path)
    try:
        assert taking.take_in() == TakenIn(refused={"envelope_sealed_otherwise": 1})
    finally:
        path.write_bytes(kept)
        path.with_name("surveys.pub").unlink()
        keys.make_key(path)
        keys._private_keys.cache_clear()
        keys._public_jwks.cache_clear()


def test_only_a_finished_answer_fills_a_quota(place: Place) -> None:
    said = {"survey": "product", "way": "link", "shop": None}
    place.post(place.sealed({"kind": "children"}, unfinished=True, unfinished_agreed=True, **said))
    place.post(place.sealed({"kind": "women", "satisfied": 4}, **said))
    assert (taking.take_in(), QuotaCount.objects.count()) == (TakenIn(taken=2), 0)
    place.post(place.sealed({"kind": "children", "satisfied": 4}, **said))
    assert (taking.take_in(), list(QuotaCount.objects.values_list("name", "count"))) == (
        TakenIn(taken=1),
        [("children_wear", 1)],
    )
