"""What the tests of accounts share."""

from tests.builders import PASSWORD
from tests.pages import readable

CREATE = {"email": "ny@example.org", "name": "Cykelfar", "password": "sommerfugle og kaffe"}


def cookie_of(client):
    """The value of the session cookie."""
    cookie = client.get_cookie("fh_session")
    return cookie.value if cookie else None


def with_cookie(app, value):
    """A browser that somebody copied a session cookie into."""
    thief = app.test_client()
    thief.set_cookie("fh_session", value)
    return thief


def is_in(client):
    """True when a page for accounts answers this browser."""
    return client.get("/min-side").status_code == 200


def try_password(client, email, password=PASSWORD, **kwargs):
    return client.send("/log-ind", {"email": email, "password": password}, **kwargs)


def text_of(response):
    return readable(response)
