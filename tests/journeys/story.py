"""What is known about one story while it goes on: who takes part, what was sent, what the database counts."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from playwright.sync_api import Browser

from amana.post import mailbox
from tests.cli.deployment import Deployment, until
from tests.journeys.browsing import Language, Person
from tests.journeys.leak import superuser

WAIT_SECONDS = 90.0


@dataclass(frozen=True)
class Told:
    """What the shopper tells, as she types it; `mobile_kept` and `born_kept` as the survey keeps it."""

    name: str
    email: str
    mobile: str
    mobile_kept: str
    born: str
    born_kept: str
    opinion: str
    subject: str
    request: str

    def plaintexts(self) -> dict[str, str]:
        """Return what must be found nowhere afterwards."""
        return {
            "name": self.name,
            "family name": self.name.split()[-1],
            "e-mail": self.email,
            "mobile": self.mobile_kept.removeprefix("+971"),
            "birth date": self.born_kept,
            "opinion": self.opinion,
            "subject": self.subject,
            "request": self.request,
        }


TOLD: dict[Language, Told] = {
    "ar": Told(
        name="مزنة الخويطري",
        email="mozna.khuwaitri@bareed.example",
        mobile="٠٥٠ ٠٧٧ ٤٤٢١",
        mobile_kept="+971500774421",
        born="٠٩/٠٤/١٩٨٨",
        born_kept="1988-04-09",
        opinion="السلّم الكهربائي متعطّل منذ أسبوعين والبائعة قمر ساعدتني كثيرًا",
        subject="طلب إغلاق حسابي رقم الزهرة",
        request="السلام عليكم، أرجو حذف حسابي وجميع بياناتي لديكم نهائيًا، فقد انتقلت إلى مسقط",
    ),
    "en": Told(
        name="Wilhelmina Quartermaine",
        email="wilhelmina.quartermaine@mail.example",
        mobile="050 077 4422",
        mobile_kept="+971500774422",
        born="09/04/1988",
        born_kept="1988-04-09",
        opinion="The escalator has been broken for a fortnight, and Qamar at the till was a delight",
        subject="Please close my marigold account",
        request="Hello, please delete my account and erase all my data for good, I moved to Muscat",
    ),
}


def mailbox_text(path: Path) -> str:
    """Return the subject and the whole text of a mail, decoded."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("html", "plain"))
    return f"{mail['Subject']}\n{body.get_content() if body else ''}"


@dataclass
class Story:
    """One deployment, one language, and everybody in the story."""

    place: Deployment
    language: Language
    browser: Browser
    scratch: Path
    thanked: str = ""
    receipt: str = ""
    campaign_mail: str = ""
    conversation: str = ""
    certificate: str = ""
    heard: list[str] = field(default_factory=list)

    @property
    def told(self) -> Told:
        """Return what the shopper of this story tells."""
        return TOLD[self.language]

    @property
    def address(self) -> str:
        """Return where the deployment is served."""
        return f"http://127.0.0.1:{self.place.port}"

    @cached_property
    def shopper(self) -> Person:
        """Return the shopper, with a phone."""
        return Person.with_phone("shopper", self.language, self.address, self.browser)

    @cached_property
    def marketer(self) -> Person:
        """Return the marketer, signed in at a desk."""
        return self.staff("marketing")

    @cached_property
    def agent(self) -> Person:
        """Return the agent of customer service, signed in at a desk."""
        return self.staff("service")

    def staff(self, name: str) -> Person:
        """Let one of the demo's staff sign in at a desk."""
        person = Person.at_desk(name, self.language, self.address, self.browser)
        person.open(f"/{self.language}/console/", "sign-in")
        person.page.locator("input[type=email], input[name=email]").fill(f"{name}@staff.redtag.example")
        password = (self.place.home / "secrets" / "demo-password").read_text("utf-8").strip()
        person.page.locator("input[type=password]").fill(password)
        person.press(person.page.locator("form button[type=submit]").last, "console")
        return person

    @property
    def box(self) -> Path:
        """Return the folder of the shopper's mailbox."""
        return self.place.home / "mailbox" / mailbox.box_key(self.told.email)

    def mails(self) -> list[Path]:
        """Return the shopper's mails, oldest first."""
        found = [path for part in ("new", "cur") for path in (self.box / part).glob("*")]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def await_mail(self, words: str) -> Path:
        """Wait for a mail to the shopper in which these words stand, such as `/c/`, and return the latest."""

        def found() -> list[Path]:
            return [path for path in self.mails() if words in mailbox_text(path)]

        self.wait(lambda: found() != [])
        return found()[-1]

    def wait(self, true: Callable[[], bool]) -> None:
        """Wait until something is true, and show the parts' logs where it never was."""
        if not until(true, WAIT_SECONDS):
            logs = self.place.home / "logs"
            said = {path.name: path.read_text("utf-8", "replace")[-1500:] for path in logs.glob("*.log")}
            raise AssertionError(f"waited in vain; the logs end: {said}")

    def open_mail(self, mail: Path, called: str) -> Person:
        """Let the shopper open one of her mails in her mailbox."""
        key, name = self.box.name, mail.name.partition(":")[0]
        self.shopper.open(f"/{self.language}/mailbox/{key}/{name}/", called)
        return self.shopper

    def link(self, mail: Path, letter: str, called: str) -> str:
        """Let the shopper open a mail, and return its link of a kind, such as `c` for confirming."""
        frame = self.open_mail(mail, called).page.frame_locator("iframe.letter")
        found = frame.locator(f'a[href*="/{self.language}/{letter}/"]').first.get_attribute("href")
        assert found is not None
        return found

    def count(self, query: str) -> int:
        """Count something in the whole database, as its superuser."""
        reach = superuser(self.place.home)
        with psycopg.connect(**reach, dbname="amana") as connection:
            row = connection.execute(f"SELECT count(*) FROM {query}".encode()).fetchone()
        assert row is not None
        return int(row[0])

    def state(self) -> tuple[int, ...]:
        """Return all that a person's act could change, counted."""
        return (
            self.count("consent.decision"),
            self.count("consent.address"),
            self.count("vault.person WHERE erased_at IS NOT NULL"),
            self.count("ledger.opening"),
        )

    def look_twice(self, url: str, called: str) -> None:
        """Fetch a link as a mail scanner does, then open it as she does: nothing may change by that."""
        before = self.state()
        for method in ("GET", "HEAD"):
            answer = self.shopper.context.request.fetch(url, method=method)
            assert answer.status == 200, called
            assert answer.headers["referrer-policy"] == "no-referrer", called
        self.shopper.open(url, called)
        assert self.state() == before, called
