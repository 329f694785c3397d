"""Reading the record of a meeting."""

from forsamlingshus.records.queries.minutes import (
    Facts,
    Shown,
    asked,
    chosen_posts,
    facts,
    minutes_of,
    offered,
    readable,
    sections,
)
from forsamlingshus.records.queries.replay import Entry, Replay, Scene, fingerprint, replay
from forsamlingshus.records.queries.summaries import Told, Unused, chosen, sayable, summary_of, told, unused

__all__ = [
    "Entry",
    "Facts",
    "Replay",
    "Scene",
    "Shown",
    "Told",
    "Unused",
    "asked",
    "chosen",
    "chosen_posts",
    "facts",
    "fingerprint",
    "minutes_of",
    "offered",
    "readable",
    "replay",
    "sayable",
    "sections",
    "summary_of",
    "told",
    "unused",
]
