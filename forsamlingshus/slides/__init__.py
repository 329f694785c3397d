"""Slides: decks that facilitators upload, drawn to pictures and text, shown live."""
