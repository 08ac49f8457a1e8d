"""The part that asks witnesses: there where some are named, and with the sequencer's login alone."""

from pathlib import Path
from typing import Any

import pytest

from amana.cli import serve
from amana.cli.supervisor import Part
from amana.kernel.refusal import Refusal
from amana.ledger.note import COSIGNATURE, VerifierKey

SETTING = f"{VerifierKey('w.example/a', bytes(32), COSIGNATURE)} https://w.example/a"
LOGINS = (
    "AMANA_DATABASE_URL",
    "AMANA_OWNER_DATABASE_URL",
    "AMANA_SEQUENCER_DATABASE_URL",
    "AMANA_PUBLISHER_DATABASE_URL",
)


def served(place: Path, *, demo: bool = False) -> dict[str, Part]:
    """Return the parts of a deployment by their names."""
    wanted = serve.Options(place, "127.0.0.1", 8000, 1, None, 2525, demo=demo)
    return {part.name: part for part in serve.parts(wanted, "token")}


def test_the_part_is_there_where_witnesses_are_named_and_never_in_the_demo(
    settings: Any, tmp_path: Path
) -> None:
    settings.AMANA_WITNESSES = ""
    assert "witnesses" not in served(tmp_path)
    settings.AMANA_WITNESSES = SETTING
    assert served(tmp_path)["witnesses"].command[-1] == "ask-witnesses"
    assert "witnesses" not in served(tmp_path, demo=True)


def test_the_part_has_the_sequencers_login_alone(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AMANA_WITNESSES = SETTING
    for name in LOGINS:
        monkeypatch.setenv(name, f"postgresql://{name}@db.internal/amana")
    monkeypatch.setenv("AMANA_WITNESSES", SETTING)
    environment = served(tmp_path)["witnesses"].environment
    assert [name for name in LOGINS if name in environment] == ["AMANA_SEQUENCER_DATABASE_URL"]
    assert (environment["AMANA_WITNESSES"], "AMANA_SYSTEM_TOKEN" in environment) == (SETTING, False)


def test_a_malformed_setting_refuses_the_start_before_anything_else(settings: Any, tmp_path: Path) -> None:
    settings.AMANA_WITNESSES = "w.example/a https://w.example/a"
    wanted = serve.Options(tmp_path / "none", "127.0.0.1", 8000, 1, None, 2525)
    with pytest.raises(Refusal, match="witnesses_malformed"):
        serve.run(wanted)
    assert not (tmp_path / "none").exists()
