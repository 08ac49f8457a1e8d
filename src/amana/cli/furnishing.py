"""Furnish one of the demo's shops: tablets, people who were not pleased, and a note of what was changed since.

All of it goes as it goes in a shop: tablets enrol by a code, answers are judged and taken in, the manager signs
in. Nothing but the mails between is left out.
"""

import json
import uuid
from pathlib import Path
from typing import Final

from django.db import transaction
from joserfc.jwk import ECKey

from amana.kernel import clock
from amana.kernel.text import Language
from amana.policy import queries as policy
from amana.retailer import actions as retailer
from amana.retailer import queries as shops
from amana.retailer.queries import Shop, StaffSession
from amana.surveys.builder import queries as designs
from amana.surveys.builder.queries import PublishedVersion
from amana.surveys.definition.document import Text
from amana.surveys.intake import devices, taking
from amana.surveys.intake.submission import Submission
from amana.surveys.loop import actions as loop
from amana.surveys.loop import improvements, replies
from amana.surveys.models import Case
from amana.surveys.tablet import actions as tablets
from amana.surveys.taken import Answer

HERE: Final = "127.0.0.1"
SOFTWARE: Final = "Android 11; Chrome 96"
# Battery in per cent, and how many answers wait on it.
TABLETS: Final = (("الصندوق 1", 86, 0), ("غرف القياس", 19, 12))
TOLD: Final[tuple[tuple[Language, dict[str, Answer], tuple[str, ...]], ...]] = (
    (
        "ar",
        {
            "overall": 1, "recommend": 2, "disliked": ["queue"], "found_it": "yes",
            "why": "وقفت أربعين دقيقة عند الصندوق مساء الخميس، وصندوق واحد فقط كان مفتوحًا.",
            "contact": {"name": "شيخة", "email": "shaikha@mail.example"},
        },
        ("feedback", "feedback:email"),
    ),
    (
        "en",
        {
            "overall": 2, "recommend": 4, "disliked": ["fitting", "stock"], "found_it": "partly", "size": "l",
            "why": "Two of the three fitting rooms were locked, and nobody had the key.",
            "contact": {"name": "Marianne", "email": "marianne@mail.example"},
        },
        ("feedback", "feedback:email"),
    ),
    (
        "ar",
        {"overall": 2, "recommend": 3, "disliked": ["prices"], "found_it": "no", "department": "children",
         "why": "السعر على الرف غير السعر عند الصندوق."},
        ("feedback",),
    ),
)  # fmt: skip
ANSWER: Final = (
    "شكرًا لصراحتك، ونعتذر عن الانتظار.\n\nمن هذا الخميس نفتح ثلاثة صناديق من السادسة إلى العاشرة مساءً."
)
CHANGED: Final = Text(
    ar="ثلاثة صناديق مفتوحة مساء كل خميس من السادسة إلى العاشرة.",
    en="Three tills are open on Thursdays from six to ten in the evening.",
)


def furnish(amana_home: Path, *, manager: str, password: str) -> None:
    """Furnish the second shop, once; `manager` is its manager's address. Call it with the application signed in."""
    note = amana_home / "demo-shop"
    shop = next(iter([one for one in shops.shops() if one.open][1:2]), None)
    version = designs.find_latest("visit")
    if note.exists() or shop is None or version is None or not _asks(version):
        return
    session = shops.find_session(retailer.sign_in(email=manager, password=password, address=HERE))
    assert session is not None
    with transaction.atomic():
        _fill(shop, version.number, session)
    note.write_text("done", "ascii")


def _asks(version: PublishedVersion) -> bool:
    """Tell whether a survey asks what is told here: another retailer's may ask something else."""
    asked = {question.name for question in version.definition.questions()}
    return all(answers.keys() <= asked for _, answers, _ in TOLD)


def _fill(shop: Shop, version: int, manager: StaffSession) -> None:
    _enrol(shop, manager)
    answered = [taking.take_one(_submission(version, shop, *told)) for told in TOLD]
    improvements.publish(staff=manager, note=improvements.write(staff=manager, shop=shop.id, text=CHANGED))
    # The reply leaves once she has confirmed her address, as her mailbox asks her to.
    case = Case.objects.get(response=answered[0].response).pk
    loop.take_over(staff=manager, case=case)
    replies.reply(staff=manager, case=case, text=ANSWER)


def _enrol(shop: Shop, manager: StaffSession) -> None:
    policy_number = policy.current().version.number
    for name, battery, unsent in TABLETS:
        code = tablets.invite(shop=shop.id, name=name, staff=manager.staff).code
        public = ECKey.generate_key("P-256").as_dict(private=False)
        key = {part: public[part] for part in ("kty", "crv", "x", "y")}
        made = devices.enrol(json.dumps({"code": code, "key": key, "software": SOFTWARE}).encode(), HERE)
        state = {
            "at": int(clock.now().timestamp() * 1000), "unsent": unsent, "battery": battery, "software": SOFTWARE,
            "policy": policy_number,
        }  # fmt: skip
        devices.keep_state(uuid.UUID(made["device"]), json.dumps(state).encode())


def _submission(
    version: int, shop: Shop, language: Language, answers: dict[str, Answer], permissions: tuple[str, ...]
) -> Submission:
    now = int(clock.now().timestamp() * 1000)
    return Submission(
        id=uuid.uuid4(), survey="visit", version=version, policy=policy.current().version.number, language=language,
        shop=shop.slug, way="link", started=now - 90_000, answered=now, answers=answers, permissions=permissions,
    )  # fmt: skip
