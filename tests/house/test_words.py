"""Whatever people read, they can read in Arabic."""

from pathlib import Path

import pytest

from tests.house import words


@pytest.mark.parametrize("room", words.rooms(), ids=lambda room: room.name)
def test_every_text_has_its_arabic(room: Path) -> None:
    assert words.missing(room) == []


def test_the_rule_catches_absent_empty_and_fuzzy(tmp_path: Path) -> None:
    folder = tmp_path / "locale" / "ar" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "views.py").write_text(
        "from x import gettext as _\n_('Absent')\n_('Empty')\n_('Known')\n", "utf-8"
    )
    (tmp_path / "templates" / "a.html").write_text("{% translate 'Also absent' %}", "utf-8")
    (folder / "django.po").write_text(
        'msgid "Empty"\nmsgstr ""\n\n#, fuzzy\nmsgid "Guess"\nmsgstr "تخمين"\n\n'
        'msgid "Known"\nmsgstr "معروف"\n',
        "utf-8",
    )
    name = tmp_path.name
    assert words.missing(tmp_path) == [
        f"{name}: 'Absent' is not in the catalogue",
        f"{name}: 'Also absent' is not in the catalogue",
        f"{name}: 'Empty' has no Arabic",
        f"{name}: 'Guess' is fuzzy",
    ]
