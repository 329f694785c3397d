"""A test client that looks at every page it gets: each GET of HTML must keep the promises that hold for all pages."""

import contextvars
import re
from html.parser import HTMLParser

from flask.testing import FlaskClient

# Our own markup, escaped on its way into a page: what a template writes and hardly anybody types.
ESCAPED = re.compile(
    r"&lt;(?:(?:a|form|button|details|section|time|p|div|ul|li|span|input) |/(?:a|form|time|div|ul|li|span)&gt;)"
)
VOID_LABELS = {"hidden", "submit", "button", "image"}


class Page(HTMLParser):
    """Collects what the promises are about."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.ids, self.labels, self.controls, self.tags, self.problems = [], set(), [], [], []
        self.titles, self.h1, self.lang = [], 0, None
        self.navs = []
        self._in_title = self._in_main = False
        self._label_depth = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "html":
            self.lang = values.get("lang")
        if tag == "h1":
            self.h1 += 1
        if tag == "main":
            self._in_main = True
        if tag == "nav" and self._in_main:  # the head shows one of its two main menus at a time
            self.navs.append(values.get("aria-label") or values.get("aria-labelledby") or "")
        if tag == "title":
            self._in_title = True
            self.titles.append("")
        if tag == "label":
            self._label_depth += 1
            if values.get("for"):
                self.labels.add(values["for"])
        if tag in {"input", "select", "textarea"} and values.get("type") not in VOID_LABELS:
            named = self._label_depth or values.get("aria-label") or values.get("aria-labelledby")
            self.controls.append((values.get("id"), bool(named)))
        if tag == "img" and "alt" not in values:
            self.problems.append("img without alt")
        if "style" in values or any(name.startswith("on") for name in values):
            self.problems.append(f"inline style or handler on <{tag}>")
        if tag == "style" or (tag == "script" and "src" not in values and values.get("type") != "application/json"):
            self.problems.append(f"inline <{tag}>")

    def handle_endtag(self, tag):
        if tag == "title":
            self._in_title = False
        if tag == "main":
            self._in_main = False
        if tag == "label":
            self._label_depth -= 1

    def handle_data(self, data):
        if self._in_title:
            self.titles[-1] += data


def problems(response):
    """What is wrong with a page, as a list of short sentences."""
    html = response.get_data(as_text=True)
    page = Page(html)
    found = list(page.problems)
    if not page.titles or not page.titles[0].strip(" –").strip():
        found.append("no title")
    if page.h1 != 1:
        found.append(f"{page.h1} h1")
    if page.lang not in {"da", "en"}:
        found.append("no lang")
    found += [f"markup as words: {html[at.start() : at.start() + 60]}" for at in ESCAPED.finditer(html)][:3]
    double = sorted({i for i in page.ids if page.ids.count(i) > 1})
    same = sorted({name for name in page.navs if page.navs.count(name) > 1})
    if same:
        found.append(f"navigations of one name {same}")
    if double:
        found.append(f"double ids {double}")
    found += [f"control {i} without label" for i, named in page.controls if not named and i not in page.labels]
    if "default-src 'none'" not in response.headers.get("Content-Security-Policy", ""):
        found.append("no CSP")
    if response.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("no nosniff")
    return found


def readable(response):
    """The HTML of an answer as a reader meets it, where a no-break space is a space."""
    return response.get_data(as_text=True).replace("\N{NO-BREAK SPACE}", " ")


class PageClient(FlaskClient):
    """`get` checks the page; `log_in`, `token` and `send` do what a browser does."""

    check_pages = True

    def open(self, *args, **kwargs):
        # In a context of its own: Flask would reuse the test's app context, and `g` of one would reach the next.
        return contextvars.Context().run(super().open, *args, **kwargs)

    def get(self, *args, **kwargs):
        response = super().get(*args, **kwargs)
        kind = response.headers.get("Content-Type", "")
        fragment = kwargs.get("headers", {}).get("X-Requested-With") == "fetch"
        if self.check_pages and kind.startswith("text/html") and response.status_code < 300 and not fragment:
            assert problems(response) == []
        return response

    def log_in(self, user, password=None):
        from tests.builders import PASSWORD

        email = user if isinstance(user, str) else user.email
        return self.send("/log-ind", {"email": email, "password": password or PASSWORD})

    def join(self, meeting, name=""):
        """Take part in a meeting that goes on, as a guest."""
        answer = self.send(meeting.join_path, {"name": name}, token_from=meeting.join_path)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer

    def token(self, path="/log-ind"):
        html = super().get(path).get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', html)
        assert found, f"no CSRF token on {path}"
        return found.group(1)

    def send(self, path, data=None, *, token_from="/log-ind", **kwargs):
        """POST with a CSRF token, as the page's own form would."""
        return self.post(path, data={**(data or {}), "csrf_token": self.token(token_from)}, **kwargs)
