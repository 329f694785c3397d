"""What happens to the process itself."""

from dataclasses import dataclass

from forsamlingshus.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAdded(Event):
    """A budget year was set up."""

    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeAdded(Event):
    """A theme was added to a budget year."""

    theme_id: int
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MunicipalityChanged(Event):
    """The municipality's name or contacts were set."""
