"""What the pages of this slice share: the blueprint."""

from flask import Blueprint

blueprint = Blueprint("polls", __name__)
