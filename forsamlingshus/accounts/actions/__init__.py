"""Verbs of the accounts slice, by noun."""

from forsamlingshus.accounts.actions.accounts import (
    block,
    change_name,
    change_password,
    end_sessions,
    grant_role,
    log_in,
    open_account,
    revoke_role,
    unblock,
)
from forsamlingshus.accounts.actions.base import token_hash
from forsamlingshus.accounts.actions.drafts import MAX_DRAFT, carry_draft, delete_draft, drop_draft, save_draft
from forsamlingshus.accounts.actions.guests import end_guest, join_as_guest, rename_guest
from forsamlingshus.accounts.actions.mutes import lift_mute, mute

__all__ = [
    "MAX_DRAFT",
    "block",
    "carry_draft",
    "change_name",
    "change_password",
    "delete_draft",
    "drop_draft",
    "end_guest",
    "end_sessions",
    "grant_role",
    "join_as_guest",
    "lift_mute",
    "log_in",
    "mute",
    "open_account",
    "rename_guest",
    "revoke_role",
    "save_draft",
    "token_hash",
    "unblock",
]
