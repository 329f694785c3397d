"""Verbs of the slides slice, by noun."""

from forsamlingshus.slides.actions.decks import (
    describe_slide,
    hide_deck,
    list_deck,
    move_deck,
    remove_deck,
    rename_deck,
    upload_deck,
)
from forsamlingshus.slides.actions.drawing import add_slide, caution, count_slides, fail_deck, finish_deck, take_up
from forsamlingshus.slides.actions.showing import show_slide, start_presenting, stop_presenting

__all__ = [
    "add_slide",
    "caution",
    "count_slides",
    "describe_slide",
    "fail_deck",
    "finish_deck",
    "hide_deck",
    "list_deck",
    "move_deck",
    "remove_deck",
    "rename_deck",
    "show_slide",
    "start_presenting",
    "stop_presenting",
    "take_up",
    "upload_deck",
]
