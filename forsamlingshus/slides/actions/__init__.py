"""Verbs of the slides slice, by noun."""

from forsamlingshus.slides.actions.decks import (
    describe_slide,
    hide_deck,
    move_deck,
    remove_deck,
    rename_deck,
    rename_place,
    upload_deck,
)
from forsamlingshus.slides.actions.drawing import (
    add_slide,
    caution,
    count_slides,
    fail_deck,
    finish_deck,
    keep_pdf,
    take_up,
)
from forsamlingshus.slides.actions.showing import show_slide, start_presenting, stop_presenting
from forsamlingshus.slides.actions.talks import open_talk
from forsamlingshus.slides.actions.versions import list_deck, replace_deck

__all__ = [
    "add_slide",
    "caution",
    "count_slides",
    "describe_slide",
    "fail_deck",
    "finish_deck",
    "hide_deck",
    "keep_pdf",
    "list_deck",
    "move_deck",
    "open_talk",
    "remove_deck",
    "rename_deck",
    "rename_place",
    "replace_deck",
    "show_slide",
    "start_presenting",
    "stop_presenting",
    "take_up",
    "upload_deck",
]
