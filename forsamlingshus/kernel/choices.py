"""The reader's choices, language and light or dark: from the address or a cookie, remembered, offered as links."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, request

from forsamlingshus.kernel import i18n

DISPLAY_COOKIE = "fh_visning"
DISPLAYS = {"lys": "light", "moerk": "dark", "system": None}


def display() -> str | None:
    """The reader's choice of light or dark, None for the system's."""
    return DISPLAYS.get(request.args.get("visning") or request.cookies.get(DISPLAY_COOKIE, ""))


def links(path: str, arguments: list[tuple[str, str]]) -> dict[str, Any]:
    """What templates need to offer the choices on the page with that address."""
    kept = [(key, given) for key, given in arguments if key not in {"sprog", "visning"}]

    def address(name: str, value: str) -> str:
        return f"{path}?{urlencode([*kept, (name, value)])}"

    return {
        "lang_urls": {language: address("sprog", language) for language in i18n.LANGUAGES},
        "theme_choice": display(),
        "theme_urls": {
            "light": address("visning", "lys"),
            "dark": address("visning", "moerk"),
            "system": address("visning", "system"),
        },
    }


def remember(response: Response) -> None:
    """Keep in cookies what this address chooses."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    options: dict[str, Any] = {"max_age": 31_536_000, "secure": secure, "httponly": True, "samesite": "Lax"}
    if request.args.get("sprog") in i18n.LANGUAGES:
        response.set_cookie(i18n.COOKIE, request.args["sprog"], **options)
    display = request.args.get("visning", "")
    if display == "system":
        response.delete_cookie(DISPLAY_COOKIE)
    elif display in DISPLAYS:
        response.set_cookie(DISPLAY_COOKIE, display, **options)
