"""Where the files of the lake lie: a folder of the home, or a bucket that speaks S3."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Place:
    """Where files lie (with a slash at the end), where DuckDB may spill, and the words of a bucket's secret."""

    files: str
    spill: Path
    secret: str = field(default="", repr=False)

    @property
    def folder(self) -> Path | None:
        """Return the folder, or None where the lake is a bucket."""
        return None if "://" in self.files else Path(self.files)

    def prepare(self) -> None:
        """Make the folders, for this account alone."""
        for path in (self.folder, self.spill):
            if path is not None and not path.exists():
                path.mkdir(parents=True, exist_ok=True, mode=0o700)


def place() -> Place:
    """Return where this deployment's lake lies: `AMANA_LAKE_URL`, or `lake/` in the home.

    Raises ImproperlyConfigured where the address is no bucket's.
    """
    home = Path(settings.AMANA_HOME)
    spill = home / "run" / "lake"
    url = urlsplit(settings.AMANA_LAKE_URL)
    if not settings.AMANA_LAKE_URL:
        return Place(f"{home / 'lake'}{os.sep}", spill)
    if url.scheme != "s3" or not url.netloc:
        raise ImproperlyConfigured("AMANA_LAKE_URL is s3://bucket/prefix?endpoint=host&region=name")
    files = f"s3://{url.hostname}/{url.path.strip('/')}".rstrip("/") + "/"
    return Place(files, spill, _secret(url.query))


def _secret(query: str) -> str:
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    words = {
        "KEY_ID": settings.AMANA_LAKE_KEY_ID,
        "SECRET": settings.AMANA_LAKE_KEY_SECRET,
        "ENDPOINT": asked.get("endpoint", ""),
        "REGION": asked.get("region", ""),
        "URL_STYLE": asked.get("style", ""),
        "USE_SSL": "false" if asked.get("tls") == "off" else "",
    }
    return ", ".join(
        f"{name} '{value.replace(chr(39), chr(39) * 2)}'" for name, value in words.items() if value
    )
