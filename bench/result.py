"""What a benchmark says."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A figure beside that of a reference measured in the same run.

    `ratio` is our time ÷ the reference's, `growth` the figure at other sizes, `target` what was promised.
    """

    name: str
    value: float
    unit: str
    reference: float
    ratio: float
    target: str = ""
    growth: tuple[tuple[int, float], ...] = ()
    remark: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return it for JSON, figures in three significant digits or whole."""
        said = asdict(self)
        said["growth"] = {f"{size:,}": _short(figure) for size, figure in self.growth}
        return {key: _short(value) if isinstance(value, float) else value for key, value in said.items()}


def _short(figure: float) -> float:
    return round(figure) if abs(figure) >= 100 else float(f"{figure:.3g}")
