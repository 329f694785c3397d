"""Who may let a demo show another chapter: a pure function."""

from forsamlingshus.kernel.permissions import Who


def may_jump(who: Who) -> bool:
    """Staff and administrators of the demo: a jump replaces what everybody sees there, and what they have written."""
    return who.is_staff or who.is_admin
