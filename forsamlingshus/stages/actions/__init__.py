"""Verbs of the stages slice: opening and steering a stage, and what is kept of each thing that happens on one."""

from forsamlingshus.stages.actions.opening import open_stage, plan_stage
from forsamlingshus.stages.actions.record import moved, refuse_over
from forsamlingshus.stages.actions.steering import (
    ask,
    close_stage,
    continue_questions,
    pause,
    rehearse,
    rehearse_slide,
    renew_display_key,
    set_frozen,
    set_message,
    set_mode,
    show_names,
    show_poll,
    show_question,
    start_stage,
)

__all__ = [
    "ask",
    "close_stage",
    "continue_questions",
    "moved",
    "open_stage",
    "pause",
    "plan_stage",
    "refuse_over",
    "rehearse",
    "rehearse_slide",
    "renew_display_key",
    "set_frozen",
    "set_message",
    "set_mode",
    "show_names",
    "show_poll",
    "show_question",
    "start_stage",
]
