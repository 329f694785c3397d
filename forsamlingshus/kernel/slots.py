"""Slots: named places where a lower slice's page shows something of a higher slice, filled by the wiring."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from forsamlingshus.kernel.html import trusted

Slot = Callable[[Any], str]
"""Takes the thing that the page is about and returns the HTML of a rendered partial, or an empty string."""


def init(app: Flask, slots: Mapping[str, tuple[Slot, ...]]) -> None:
    """Bind the table of slots and give templates `slot(name, thing)`."""
    app.extensions["forsamlingshus.slots"] = slots
    app.jinja_env.globals["slot"] = fill


def fill(name: str, thing: Any) -> Markup:
    """What the higher slices show in the slot `name` for `thing`; a name that nobody wired is an error."""
    parts: tuple[Slot, ...] = current_app.extensions["forsamlingshus.slots"][name]
    return trusted("".join(part(thing) for part in parts))
