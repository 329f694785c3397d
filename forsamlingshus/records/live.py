"""What the records slice shows on pages of lower slices."""

from flask import render_template

from forsamlingshus.stages.models import Stage


def stage_after_slot(stage: Stage) -> str:
    """On the control view of a meeting that is over: what is made of it now."""
    return render_template("records/_stage_after.html", stage=stage)


def stage_over_slot(stage: Stage) -> str:
    """On the live page of a meeting that is over: the way to its record."""
    return render_template("records/_stage_over.html", stage=stage)
