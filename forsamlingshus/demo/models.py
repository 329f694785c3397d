"""The demo's own state: which chapter is loaded."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from forsamlingshus.kernel.db import Base, UtcDateTime


class DemoState(Base):
    """One row in a demo instance: the chapter, and the moment that each start returns to."""

    __tablename__ = "demo_state"

    id: Mapped[int] = mapped_column(primary_key=True)
    chapter: Mapped[str] = mapped_column(String(40))
    moment: Mapped[datetime] = mapped_column(UtcDateTime)
