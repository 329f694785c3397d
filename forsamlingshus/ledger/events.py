"""What happens to money."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsSet(Event):
    """The amounts of one kind on a line were set; pairs of year and 1.000 kr., signed as effect on net expenditure."""

    line_id: int
    kind: str
    amounts: tuple[tuple[int, int], ...]
