"""A small retailer: one policy with its roles, two shops, an administrator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from amana.kernel.text import Bilingual
from amana.policy.actions import publish
from amana.policy.parsing import canonical
from amana.retailer import actions, passwords
from tests import database
from tests.database import Connection

POLICY = Path(__file__).parents[2] / "examples" / "redtag" / "policy.yaml"
BRAND = """
brand:
  name: {ar: "متجر", en: "Store"}
  slug: store
  accent: "#b3131b"
  service_address: service@store.example
countries:
  - code: AE
    name: {ar: "الإمارات", en: "Emirates"}
    regions:
      - name: {ar: "دبي", en: "Dubai"}
        shops:
          - {slug: deira, name: {ar: "ديرة", en: "Deira"}}
          - {slug: barsha, name: {ar: "البرشاء", en: "Al Barsha"}}
"""
ADDRESS = "192.0.2.77"


@dataclass(frozen=True)
class Person:
    """Somebody who works here and how they sign in."""

    id: int
    email: str
    password: str

    def sign_in(self, address: str = ADDRESS) -> str:
        """Return the token of a new session."""
        return actions.sign_in(email=self.email, password=self.password, address=address)


@pytest.fixture(autouse=True)
def cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend no second on every password; one test checks what it costs in earnest."""
    monkeypatch.setattr(passwords, "COST", 2**4)


@pytest.fixture
def policy(transactional_db: None, publisher_connection: Connection) -> None:
    """Publish the first retailer's policy."""
    text = canonical(POLICY.read_bytes(), file=POLICY.name)
    publish(text=text, connection=publisher_connection, actor="test")


@pytest.fixture
def as_owner(transactional_db: None, database_name: str) -> Callable[[Callable[[], object]], object]:
    """Return a function that does something under the owner's login, as the command line does."""

    def run(task: Callable[[], object]) -> object:
        database.sign_in("amana_owner", database_name)
        try:
            return task()
        finally:
            database.sign_in("amana_app", database_name)

    return run


@pytest.fixture
def shops(policy: None, as_owner: Callable[[Callable[[], object]], object], tmp_path: Path) -> Path:
    """Load the brand; return its file."""
    path = tmp_path / "brand.yaml"
    path.write_text(BRAND, "utf-8")
    as_owner(lambda: actions.load_brand(path))
    return path


@pytest.fixture
def employ(shops: Path, as_owner: Callable[[Callable[[], object]], object]) -> Callable[..., Person]:
    """Return a function that adds somebody with roles: `employ("marketing")`."""

    def add(*roles: str, shops: frozenset[int] | None = None, must_change: bool = False) -> Person:
        email = f"{'-'.join(roles) or 'nobody'}@store.example"
        password = f"correct horse {len(roles)} battery"
        task = partial(
            actions.add_staff_as_owner,
            email=email, name=Bilingual("ليلى", "Layla"), language="ar", password=password,
            roles=roles, shops=shops, must_change=must_change,
        )  # fmt: skip
        number = as_owner(task)
        assert isinstance(number, int)
        return Person(number, email, password)

    return add


@pytest.fixture
def administrator(employ: Callable[..., Person]) -> Person:
    """Return an administrator."""
    return employ("administrator")
