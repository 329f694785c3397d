"""Verbs of the meetings slice: setting up, planning, and signing up."""

from forsamlingshus.meetings.actions.planning import (
    change_agenda_item,
    change_meeting,
    change_workshop,
    count_attendance,
    move_agenda_item,
    remove_agenda_item,
)
from forsamlingshus.meetings.actions.setting_up import (
    add_agenda_item,
    add_meeting,
    add_workshop,
    change_code,
    grant_facilitator,
    revoke_facilitator,
    set_guest_policy,
)
from forsamlingshus.meetings.actions.signing_up import (
    cancel_sign_up,
    forget_sign_ups,
    join_meeting,
    see_news,
    sign_up,
)

__all__ = [
    "add_agenda_item",
    "add_meeting",
    "add_workshop",
    "cancel_sign_up",
    "change_agenda_item",
    "change_code",
    "change_meeting",
    "change_workshop",
    "count_attendance",
    "forget_sign_ups",
    "grant_facilitator",
    "join_meeting",
    "move_agenda_item",
    "remove_agenda_item",
    "revoke_facilitator",
    "see_news",
    "set_guest_policy",
    "sign_up",
]
