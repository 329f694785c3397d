"""The blueprint that the pages of this slice share."""

from flask import Blueprint

blueprint = Blueprint("site", __name__)
