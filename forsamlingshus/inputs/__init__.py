"""Inputs: what staff collect from contributions, as titled groups of quotes."""
