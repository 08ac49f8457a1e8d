"""What a chart shows, free of how it is drawn: rooms compute charts, `web` draws them."""

from dataclasses import dataclass

MOST_SERIES = 4


@dataclass(frozen=True, slots=True)
class Series:
    """One run of values, a value or None for each label of the chart."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows. `summary` says in a sentence what is to be seen; `unit` stands above the values."""

    title: str
    summary: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.series) <= MOST_SERIES:
            raise ValueError(f"a chart has one to {MOST_SERIES} series")
        if not self.labels or any(len(one.values) != len(self.labels) for one in self.series):
            raise ValueError("every series needs one value for each label")
