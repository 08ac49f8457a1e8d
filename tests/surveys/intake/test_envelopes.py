"""What browsers seal, only the worker opens; what a device signed, nobody else could have."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from joserfc.jwk import ECKey
from playwright.sync_api import Page

import amana.surveys
from amana.surveys.intake import envelope, keys, submission
from amana.surveys.intake.refusals import AnswerRefused
from amana.surveys.intake.submission import Submission
from tests.web.browser import open_browser

SCRIPT = Path(amana.surveys.__file__).parent / "static" / "surveys" / "envelope.js"
ID = UUID("0b8f6c1e-6f0f-4a51-9d0a-3f7b1f8e2a10")
DEVICE = UUID("5f0c8a52-9a5b-4f0e-8f0e-0d9b4a1c2e3f")
GIVEN = Submission(
    id=ID, survey="visit", version=2, policy=1, language="ar", shop="deira", way="tablet",
    started=1_795_350_000_000, answered=1_795_350_060_000, code="7K2M9Q",
    answers={"rating": 4, "good": ["staff", "price"], "words": "شكرًا لكم 🙂", "contact": {"name": "نور"}},
    permissions=("feedback", "feedback:email"),
)  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the path of a key made for this test."""
    path = tmp_path / "secrets" / "surveys"
    keys.make_key(path)
    return path


@pytest.fixture(autouse=True)
def own_key(home: Path, settings: object) -> None:
    """Use that key."""
    settings.AMANA_SURVEY_KEY_FILE = str(home)  # type: ignore[attr-defined]


def opened(line: bytes) -> Submission:
    """Open an envelope with the worker's key."""
    outside = envelope.look(line)
    key = keys.private_key(outside.kid)
    assert key is not None
    return envelope.open_sealed(line, key, id=outside.id)


def refusal_of(line: bytes) -> str:
    """Return why an envelope cannot be opened."""
    with pytest.raises(AnswerRefused) as caught:
        opened(line)
    return caught.value.code


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """Open a page of this machine, where WebCrypto works, with the script in it."""
    with open_browser() as browser:
        page = browser.new_page()
        page.route("**/*", lambda route: route.fulfill(body="<title>.</title>", content_type="text/html"))
        page.goto("http://localhost/")
        page.add_script_tag(path=SCRIPT)
        yield page


def test_a_key_is_made_once_and_its_private_half_stays_in_one_file(home: Path) -> None:
    before = home.read_bytes()
    keys.make_key(home)
    public = json.loads(keys.public_path(home).read_text())
    assert home.read_bytes() == before
    assert (home.stat().st_mode & 0o777, "d" in public["keys"][0]) == (0o600, False)
    assert keys.public_jwk()["kid"] == ECKey.import_key({**keys.public_jwk()}).thumbprint()
    assert keys.known_kids() == {keys.public_jwk()["kid"]}


def test_a_lost_public_half_is_made_again_from_the_private_one(home: Path) -> None:
    before = keys.public_path(home).read_bytes()
    keys.public_path(home).unlink()
    keys.make_key(home)
    assert keys.public_path(home).read_bytes() == before


def test_what_is_sealed_is_opened_as_it_was() -> None:
    line = envelope.seal(GIVEN, keys.public_jwk())
    assert envelope.look(line) == envelope.Outside(ID, keys.public_jwk()["kid"], None, line)
    assert opened(line) == GIVEN


def test_a_device_signs_and_only_its_own_key_verifies() -> None:
    own, other = (ECKey.generate_key("P-256", auto_kid=False) for _ in range(2))
    sealed = envelope.seal(GIVEN, keys.public_jwk())
    line = envelope.sign(sealed, own, device=DEVICE, sequence=7)
    outside = envelope.look(line)
    assert (outside.id, outside.device) == (ID, DEVICE)
    assert envelope.verify(line, own) == sealed
    with pytest.raises(AnswerRefused, match="envelope_forged"):
        envelope.verify(line, other)


def test_the_browser_seals_and_signs_what_the_worker_reads(page: Page) -> None:
    given = json.loads(submission.write(GIVEN))
    line, jwk = page.evaluate(
        """async ([given, key, device]) => {
            const pair = await Amana.envelope.deviceKey();
            const sealed = await Amana.envelope.seal(given, key);
            const line = await Amana.envelope.sign(sealed, device, pair.privateKey, 3);
            return [line, await Amana.envelope.publicJwk(pair)];
        }""",
        [given, keys.public_jwk(), str(DEVICE)],
    )
    sealed = envelope.verify(line.encode(), ECKey.import_key(jwk))
    assert envelope.look(line.encode()).device == DEVICE
    assert opened(sealed) == GIVEN


def test_a_device_key_made_in_the_browser_cannot_be_read(page: Page) -> None:
    said = page.evaluate(
        """async () => {
            const pair = await Amana.envelope.deviceKey();
            return crypto.subtle.exportKey("jwk", pair.privateKey).then(() => "read", (error) => error.name);
        }"""
    )
    assert said == "InvalidAccessError"


def test_half_a_letter_and_a_nul_do_not_make_an_answer_unreadable(page: Page) -> None:
    line = page.evaluate(
        """([given, key]) => {
            given.answers.words = "a\\ud83d b\\u0000c " + "x".repeat(100000) + "🙂";
            return Amana.envelope.seal(given, key);
        }""",
        [json.loads(submission.write(GIVEN)), keys.public_jwk()],
    )
    assert opened(line.encode()).answers["words"] == "a� bc " + "x" * 100_000 + "🙂"


def test_numbers_made_in_the_browser_are_random_uuids(page: Page) -> None:
    made = page.evaluate("() => Array.from({length: 200}, Amana.envelope.number)")
    assert {UUID(text).version for text in made} == {4}
    assert len(set(made)) == 200


def test_an_envelope_for_another_key_is_refused(tmp_path: Path) -> None:
    foreign = ECKey.generate_key("P-256", auto_kid=False)
    jwk = {**{n: str(v) for n, v in foreign.as_dict(private=False).items()}, "kid": keys.public_jwk()["kid"]}
    assert refusal_of(envelope.seal(GIVEN, jwk)) == "envelope_sealed_otherwise"


@pytest.mark.parametrize("part", [0, 2, 3, 4])
def test_whatever_is_altered_the_envelope_does_not_open(part: int) -> None:
    parts = envelope.seal(GIVEN, keys.public_jwk()).split(b".")
    if part == 0:
        header = json.loads(urlsafe_b64decode(parts[0] + b"=="))
        header["id"] = str(DEVICE)
        parts[0] = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=")
    else:
        parts[part] = (b"A" if parts[part][:1] != b"A" else b"B") + parts[part][1:]
    assert refusal_of(b".".join(parts)) == "envelope_sealed_otherwise"


def test_a_number_that_is_not_the_answers_own_is_refused() -> None:
    line = envelope.seal(GIVEN, keys.public_jwk())
    key = keys.private_key(keys.public_jwk()["kid"])
    assert key is not None
    with pytest.raises(AnswerRefused, match="envelope_mislabelled"):
        envelope.open_sealed(line, key, id=DEVICE)


@pytest.mark.parametrize(
    "line",
    [b"", b"...", b"....", b"a.b.c", b"{}", b"\xff\xfe", b"e30.e30.e30", b"e30.e30.e30.e30.e30", b"W10.W10.W10",
     b"A" * 5000 + b"....", b"." * 100_000],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(line: bytes) -> None:
    with pytest.raises(AnswerRefused, match="envelope_unreadable"):
        envelope.look(line)


def test_signatures_within_signatures_are_refused() -> None:
    own = ECKey.generate_key("P-256", auto_kid=False)
    line = envelope.seal(GIVEN, keys.public_jwk())
    for _ in range(2):
        line = envelope.sign(line, own, device=DEVICE, sequence=1)
    with pytest.raises(AnswerRefused, match="envelope_unreadable"):
        envelope.look(line)


WIRE = json.loads(submission.write(GIVEN))


@pytest.mark.parametrize(
    "plain",
    [b"", b"[]", b"\xff", b"[" * 200_000, b'{"a":' * 100_000,
     *(json.dumps({**WIRE, **changed}).encode() for changed in (
        {"id": "1"}, {"version": 0}, {"version": 1 << 40}, {"policy": "1"}, {"way": "post"}, {"language": "fr"},
        {"answered": 1e300}, {"answered": 1 << 62}, {"answers": {"<script>": 1}}, {"answers": {"a": [[1]]}},
        {"answers": {"a": {"b": {"c": 1}}}}, {"answers": {f"q{n}": 1 for n in range(501)}}, {"extra": 1},
        {"permissions": ["<b>"]}, {"permissions": ["a"] * 51}, {"unfinished": 1}, {"code": ""},
     ))],
)  # fmt: skip
def test_a_submission_of_another_form_is_refused(plain: bytes) -> None:
    with pytest.raises(AnswerRefused, match="answer_unreadable"):
        submission.read(plain)


def test_more_than_a_mebibyte_is_refused() -> None:
    with pytest.raises(AnswerRefused, match="answer_too_large"):
        submission.read(b" " * (submission.LARGEST + 1))
    with pytest.raises(AnswerRefused, match="answer_too_large"):
        envelope.look(b"A" * (envelope.LONGEST + 1))


def test_an_answer_of_a_mebibyte_fits_a_signed_envelope() -> None:
    own = ECKey.generate_key("P-256", auto_kid=False)
    room = submission.LARGEST - len(submission.write(GIVEN)) - len('"x":"",')
    full = {**WIRE, "answers": {**WIRE["answers"], "x": "x" * room}}
    given = submission.read(json.dumps(full, separators=(",", ":"), ensure_ascii=False).encode())
    line = envelope.sign(envelope.seal(given, keys.public_jwk()), own, device=DEVICE, sequence=1)
    assert opened(envelope.verify(line, own)) == given
