"""What the pages of this slice share."""

from flask import Blueprint

blueprint = Blueprint("records", __name__)
