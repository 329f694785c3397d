"""Stages: a live place of a meeting, seen on phones, steered by a facilitator and shown on the wall."""
