"""Tablets: enrolled by a code, believed by their signature, refused once revoked, whatever their clocks say."""

import datetime as dt
import json
import time
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey

from amana.kernel import clock
from amana.retailer import queries as retailer
from amana.retailer.queries import Shop
from amana.surveys.builder import queries as builder
from amana.surveys.builder.actions import place as place_survey
from amana.surveys.builder.queries import find_published
from amana.surveys.intake import devices, keys, taking
from amana.surveys.intake.standing import MOST_OF_A_REVOKED
from amana.surveys.intake.taking import TakenIn
from amana.surveys.models import Device, Enrolment, FormerShop, QuotaCount, Refused
from amana.surveys.tablet import actions
from tests.surveys.intake.place import Place, Reply, Tablet, public, taken, waiting

HOUR_MS = 3_600_000
MS = dt.timedelta(milliseconds=1)


def enrolment(place: Place, code: str = "K7M2-P9QX", *, hours: int = 1) -> str:
    """Make a code as staff do, and return it."""
    Enrolment.objects.create(
        code=devices.code_digest(code), shop=place.shop, name="Till 2", made_by=1, made_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(hours=hours),
    )  # fmt: skip
    return code


def enrol(place: Place, code: str, key: ECKey) -> Reply:
    """Make a tablet known."""
    body = json.dumps({"code": code, "key": public(key), "software": "Chrome 90"}).encode()
    return place.request("POST", "/v1/surveys/devices", body)


def asked(place: Place, tablet: Tablet, said: bytes = b"forms") -> Reply:
    """Ask what the tablet is to show."""
    token = tablet.sign(said).decode()
    return place.request("GET", "/v1/surveys/device", headers={"authorization": f"Device {token}"})


def told(place: Place, tablet: Tablet, **state: object) -> Reply:
    """Tell how the tablet is."""
    said = {"at": int(time.time() * 1000), "unsent": 0, **state}
    return place.request("POST", "/v1/surveys/device/state", tablet.sign(json.dumps(said).encode()))


def revoke(place: Place, tablet: Tablet) -> None:
    """Revoke a tablet as staff do."""
    Device.objects.filter(pk=tablet.id).update(revoked_at=clock.now(), revoked_by=1)
    place.refresh()


def test_a_tablet_is_enrolled_once_by_its_code(place: Place) -> None:
    key = ECKey.generate_key("P-256", auto_kid=False)
    code = enrolment(place)
    first = enrol(place, "k7m2 p9qx", key)
    assert (first.status, first.said["key"], first.said["policy"]) == (201, keys.public_jwk(), 1)
    assert (first.said["shop"]["slug"], first.said["shop"]["country"]) == (place.shop_slug, "AE")
    assert (enrol(place, code, key).code, enrol(place, "WRONG", key).code) == (("enrolment_unknown",) * 2)
    [made] = Device.objects.all()
    assert (str(made.pk), made.shop, made.name, made.key) == (
        first.said["device"], place.shop, "Till 2", public(key),
    )  # fmt: skip
    tablet = Tablet(made.pk, key)
    assert place.post(place.signed(tablet)).status == 200
    assert taking.take_in() == TakenIn(taken=1)


def test_a_code_ends(place: Place) -> None:
    code = enrolment(place, hours=-1)
    assert enrol(place, code, ECKey.generate_key("P-256")).code == "enrolment_unknown"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"code": "A"}', b"x" * 20_000, b"[" * 10_000,
     json.dumps({"code": "K7M2-P9QX", "key": {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}}).encode()],
)  # fmt: skip
def test_what_is_no_enrolment_is_refused_and_leaves_the_code(place: Place, body: bytes) -> None:
    code = enrolment(place)
    assert place.request("POST", "/v1/surveys/devices", body).code == "device_malformed"
    assert enrol(place, code, ECKey.generate_key("P-256")).status == 201


def test_a_tablet_is_told_its_forms_in_both_languages_with_the_policys_words(place: Place) -> None:
    reply = asked(place, place.tablet())
    [form] = reply.said["forms"]
    assert (reply.status, form["survey"], form["version"], form["policy"], form["country"]) == (
        200, "visit", 1, 1, "AE",
    )  # fmt: skip
    assert reply.said["stale_after"] > 0
    assert {consent["purpose"] for consent in form["consents"]} == {"feedback", "marketing"}


def test_a_tablet_is_told_which_quotas_are_reached_and_what_it_took_before_is_kept(place: Place) -> None:
    tablet = place.tablet()
    product = next(draft.id for draft in builder.drafts() if draft.slug == "product")
    place_survey(staff=1, survey=product, shop=place.shop, ways=("tablet",))
    before = place.signed(tablet, {"kind": "children", "satisfied": 4}, survey="product")
    full = {form["survey"]: form["full"] for form in asked(place, tablet).said["forms"]}
    assert full == {"visit": [], "product": []}
    QuotaCount.objects.create(survey=product, name="children_wear", count=2000)
    full = {form["survey"]: form["full"] for form in asked(place, tablet).said["forms"]}
    assert full == {"visit": [], "product": ["children_wear"]}
    place.post(before)
    assert (taking.take_in(), QuotaCount.objects.get().count) == (TakenIn(taken=1), 2001)


def test_a_tablet_tells_how_it_is_and_how_far_its_clock_goes_wrong(place: Place) -> None:
    tablet = place.tablet()
    at = int(time.time() * 1000) + 2 * HOUR_MS
    reply = told(place, tablet, at=at, unsent=12, battery=61, software="1.4", policy=1)
    assert (reply.status, reply.said["policy"]) == (200, 1)
    kept = Device.objects.get(pk=tablet.id)
    assert (kept.unsent, kept.battery, kept.software, kept.policy) == (12, 61, "1.4", 1)
    assert kept.skew_ms is not None
    assert abs(kept.skew_ms - 2 * HOUR_MS) < 60_000


@pytest.mark.parametrize(
    "state", [{"battery": 101}, {"unsent": -1}, {"at": "now"}, {"more": 1}, {"policy": "1"}]
)
def test_what_is_no_state_is_refused(place: Place, state: dict[str, object]) -> None:
    assert told(place, place.tablet(), **state).code == "device_malformed"


def test_without_its_signature_nobody_speaks_for_a_tablet(place: Place) -> None:
    tablet, stranger = place.tablet(), Tablet(uuid4(), ECKey.generate_key("P-256"))
    forger = Tablet(tablet.id, stranger.key)
    replies = [
        place.request("GET", "/v1/surveys/device"),
        place.request("GET", "/v1/surveys/device", headers={"authorization": "Basic abc"}),
        asked(place, stranger), asked(place, forger), asked(place, tablet, b"other words"), told(place, forger),
    ]  # fmt: skip
    assert [(reply.status, reply.code) for reply in replies] == [
        (401, "device_unsigned"), (401, "device_unsigned"), (401, "device_unknown"), (403, "envelope_forged"),
        (401, "device_unsigned"), (403, "envelope_forged"),
    ]  # fmt: skip


def test_a_forged_signature_is_refused_and_the_others_are_kept(place: Place) -> None:
    tablet = place.tablet()
    forger = Tablet(tablet.id, ECKey.generate_key("P-256"))
    stranger = Tablet(uuid4(), forger.key)
    good, forged, strange = place.signed(tablet), place.signed(forger), place.signed(stranger)
    reply = place.post(good, forged, strange, b"nonsense")
    assert (reply.status, len(reply.said["kept"])) == (200, 1)
    assert sorted(reply.said["refused"].values()) == [
        "device_unknown",
        "envelope_forged",
        "envelope_unreadable",
    ]
    assert reply.said["refused"]["line 4"] == "envelope_unreadable"
    assert taking.take_in() == TakenIn(taken=1)


def test_a_revoked_tablet_is_told_so_and_its_answers_are_kept_unopened(place: Place) -> None:
    tablet = place.tablet()
    before, after = place.signed(tablet), place.signed(tablet)
    place.post(before)
    revoke(place, tablet)
    assert (asked(place, tablet).code, told(place, tablet).code) == (("device_revoked",) * 2)
    assert place.post(after).status == 200
    assert taking.take_in() == TakenIn(refused={"device_revoked": 2})
    assert {bytes(one.sealed) for one in Refused.objects.all()} == {before, after}
    assert taken() == []


def test_of_a_revoked_tablet_no_more_is_kept_than_it_can_have_had(place: Place) -> None:
    tablet = place.tablet()
    revoke(place, tablet)
    now = clock.now()
    Refused.objects.bulk_create(
        (
            Refused(
                key=uuid4(),
                sealed=b"",
                device=tablet.id,
                reason="device_revoked",
                received_at=now,
                refused_at=now,
            )
            for _ in range(MOST_OF_A_REVOKED)
        ),
        batch_size=5000,
    )
    place.refresh()
    assert set(place.post(place.signed(tablet)).said["refused"].values()) == {"device_revoked"}
    assert waiting() == set()


def test_a_tablet_sends_for_its_own_shop_only(place: Place) -> None:
    elsewhere = place.tablet(shop=place.shop + 1)
    place.post(place.signed(elsewhere), place.signed(place.tablet(), way="qr"))
    assert taking.take_in() == TakenIn(refused={"device_elsewhere": 2})


def other_shop(place: Place) -> Shop:
    """Return another shop of the same country."""
    return next(shop for shop in retailer.shops() if shop.id != place.shop and shop.country == "AE")


def at(moment: dt.datetime) -> int:
    """Return a moment as a tablet's clock tells it."""
    return int(moment.timestamp() * 1000)


def moved_days_ago(place: Place, days: int) -> Tablet:
    """Return a tablet that was moved from the shop to another so long ago."""
    tablet = place.tablet()
    actions.move(device=tablet.id, shop=other_shop(place).id, staff=1)
    ago = clock.now() - dt.timedelta(days=days)
    FormerShop.objects.update(left_at=ago)
    place.refresh()
    return tablet


def test_answers_sealed_before_a_tablet_was_moved_count_for_the_shop_they_were_given_in(place: Place) -> None:
    tablet = place.tablet()
    before = place.signed(tablet)
    actions.move(device=tablet.id, shop=other_shop(place).id, staff=1)
    after = place.signed(tablet, shop=other_shop(place).slug)
    unheard = place.signed(tablet)
    place.post(before, after, unheard)
    assert taking.take_in() == TakenIn(taken=3)
    assert sorted(one.shop or 0 for one in taken()) == sorted([place.shop, place.shop, other_shop(place).id])


def test_a_tablet_moved_more_than_once_is_believed_of_each_shop_and_of_no_other(place: Place) -> None:
    shops = [shop for shop in retailer.shops() if shop.country == "AE"][:4]
    tablet = place.tablet(shop=shops[0].id)
    for shop in (shops[1], shops[2], shops[1]):
        actions.move(device=tablet.id, shop=shop.id, staff=1)
    place.post(*(place.signed(tablet, shop=shop.slug) for shop in shops))
    assert taking.take_in() == TakenIn(taken=3, refused={"device_elsewhere": 1})
    assert sorted(one.shop or 0 for one in taken()) == sorted(shop.id for shop in shops[:3])


@pytest.mark.parametrize(
    ("days", "skew_days", "made"),
    [
        (13, 0, TakenIn(taken=1)),
        (15, 0, TakenIn(refused={"device_elsewhere": 1})),
        # A clock that goes wrong as it was measured is corrected, and then believed.
        (15, 30, TakenIn(refused={"device_elsewhere": 1})),
    ],
)
def test_a_tablet_answers_for_the_shop_before_only_as_long_as_it_may_without_hearing(
    place: Place, days: int, skew_days: int, made: TakenIn
) -> None:
    tablet = moved_days_ago(place, days)
    skew = dt.timedelta(days=skew_days)
    Device.objects.filter(pk=tablet.id).update(skew_ms=int(skew.total_seconds() * 1000))
    place.post(place.signed(tablet, answered=at(clock.now() + skew)))
    assert taking.take_in() == made


@pytest.mark.parametrize("days", [-20_000, 400])
def test_where_a_clock_tells_nothing_believable_no_answer_of_a_former_shop_is_lost(
    place: Place, days: int
) -> None:
    tablet = moved_days_ago(place, 60)
    place.post(place.signed(tablet, answered=at(clock.now() + dt.timedelta(days=days))))
    assert taking.take_in() == TakenIn(taken=1)
    assert [one.shop for one in taken()] == [place.shop]


def moments(
    place: Place, said: dt.datetime, *, skew_ms: int | None = None
) -> tuple[dt.datetime, dt.datetime]:
    """Send one answer from a tablet with this clock; return when it counts as answered, and when it came."""
    tablet = place.tablet()
    Device.objects.filter(pk=tablet.id).update(skew_ms=skew_ms)
    place.post(place.signed(tablet, answered=int(said.timestamp() * 1000)))
    assert taking.take_in() == TakenIn(taken=1)
    [kept] = taken()
    return kept.answered_at, kept.received_at


def test_a_right_clock_is_believed(place: Place) -> None:
    said = after_publication()
    assert moments(place, said)[0] == said


def test_a_clock_ahead_counts_as_arrived(place: Place) -> None:
    answered, received = moments(place, dt.datetime.now(dt.UTC) + dt.timedelta(days=400))
    assert answered == received


def test_a_clock_behind_counts_from_the_publication(place: Place) -> None:
    version = find_published("visit", 1)
    assert version is not None
    assert moments(place, dt.datetime(1970, 1, 2, tzinfo=dt.UTC))[0] == version.published_at


def after_publication() -> dt.datetime:
    """Return the first whole millisecond after the survey was published."""
    version = find_published("visit", 1)
    assert version is not None
    return version.published_at.replace(microsecond=version.published_at.microsecond // 1000 * 1000) + MS


@pytest.mark.parametrize("hours", [-80_000, -3, 3, 80_000])
def test_a_clock_known_to_be_wrong_is_corrected(place: Place, hours: int) -> None:
    true = after_publication()
    said = true + dt.timedelta(hours=hours)
    assert moments(place, said, skew_ms=hours * HOUR_MS)[0] == true


def test_a_clock_put_right_meanwhile_is_believed(place: Place) -> None:
    true = after_publication()
    assert moments(place, true, skew_ms=-5 * HOUR_MS)[0] == true


def test_a_tablet_that_sent_something_was_heard_of(place: Place) -> None:
    tablet = place.tablet()
    place.post(place.signed(tablet))
    place.runner.run(place.door.note())
    assert Device.objects.get(pk=tablet.id).synced_at is not None
