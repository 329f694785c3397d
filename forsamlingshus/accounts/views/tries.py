"""How often somebody may try to come in, and what the page says then."""

import math

from forsamlingshus.kernel.i18n import ngettext
from forsamlingshus.kernel.limits import Limit

ACCOUNT = Limit("log-in account", 10, 10)
ADDRESS = Limit("log-in address", 30, 10)
NEW_ACCOUNT = Limit("new account", 60, 10)

KNOWN = Limit("known address", 10, 10)
"""New accounts under an address that has one: without mail the answer must tell, so only few of them are free."""

NAME = Limit("public name", 5, 10)
GUEST_NAME = Limit("guest name", 6, 60)
"""Other names of one account and of one guest: a name stands on many cached pages, so each makes them all anew."""


def sentence(wait: int) -> str:
    """What to do about `wait` seconds, in minutes."""
    minutes = math.ceil(wait / 60)
    return ngettext(
        "That was too many tries. Wait %(num)s minute, and try again",
        "That was too many tries. Wait %(num)s minutes, and try again",
        minutes,
    )
