"""Reading the record of a meeting."""

from forsamlingshus.records.queries.replay import Entry, Replay, Scene, fingerprint, replay

__all__ = ["Entry", "Replay", "Scene", "fingerprint", "replay"]
