"""Help, rules, glossary and the legal pages: plain texts in both languages."""

from flask import current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from config import Settings
from forsamlingshus.kernel.permissions import PUBLIC, access
from forsamlingshus.site.views.base import blueprint

PAGES = ("hjaelp", "spilleregler", "om", "ordliste", "kontakt", "privatliv", "cookies", "tilgaengelighed")


@blueprint.get("/hjaelp")
@blueprint.get("/spilleregler")
@blueprint.get("/om")
@blueprint.get("/ordliste")
@blueprint.get("/kontakt")
@blueprint.get("/privatliv")
@blueprint.get("/cookies")
@blueprint.get("/tilgaengelighed")
@access(PUBLIC)
def text() -> str:
    """One of the text pages; its address is its name."""
    return render_template(f"site/pages{request.path}.html")


@blueprint.get("/was")
@access(PUBLIC)
def accessibility_statement() -> Response:
    """Lead to the statement at the state's service where a setting names it, else to our own."""
    settings: Settings = current_app.config["SETTINGS"]
    return redirect(settings.accessibility_url or "/tilgaengelighed", code=302)
