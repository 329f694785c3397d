"""Lines and their amounts: catalogue, agreement and amendments all hold their money here."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forsamlingshus.kernel.db import Base


class AmountKind(StrEnum):
    """What sort of money an amount is."""

    OPERATING = "operating"
    CAPITAL = "capital"
    TRANSFERS = "transfers"
    INCOME = "income"
    IMPLEMENTATION = "implementation"


class Line(Base):
    """Amounts that belong together. It doesn't know its owner: a proposal, later an agreement line, points at it."""

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    budget_year: Mapped[int]

    @property
    def years(self) -> tuple[int, int, int, int]:
        """The budget year and the three estimate years: the only years that may hold amounts."""
        return self.budget_year, self.budget_year + 1, self.budget_year + 2, self.budget_year + 3


class Amount(Base):
    """What a line costs (+) or saves (-) in one year, in 1.000 kr.: its effect on net expenditure."""

    __tablename__ = "amount"
    __table_args__ = (
        UniqueConstraint("line_id", "year", "kind"),
        CheckConstraint("kind IN ('operating', 'capital', 'transfers', 'income', 'implementation')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id", ondelete="CASCADE"))
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    tkr: Mapped[int]
    permanent: Mapped[bool] = mapped_column(default=True)
    """False for a one-off amount, which does not count at full phase-in."""
