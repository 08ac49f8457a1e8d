"""Forms as this house writes them: label, hint, control, error; and above them a list of what to mend."""

from pathlib import Path
from typing import Any

from django.forms import renderers
from django.utils.functional import cached_property

TEMPLATES = Path(__file__).resolve().parent / "templates" / "web" / "forms"


class Renderer(renderers.DjangoTemplates):
    """Render `{{ form }}` and `{{ field.as_field_group }}` with templates of ours, widgets included."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    @cached_property
    def engine(self) -> Any:
        """Return an engine that finds our widgets before Django's."""
        own = str(Path(renderers.__file__).resolve().parent / "templates")
        return self.backend({"APP_DIRS": True, "DIRS": [str(TEMPLATES), own], "NAME": "forms", "OPTIONS": {}})
