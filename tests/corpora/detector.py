"""A browser that notices when words act: scripts that run, requests that leave, elements that nobody meant to allow."""

from contextlib import contextmanager
from threading import Thread
from urllib.parse import urlsplit

from werkzeug.serving import make_server

from forsamlingshus.kernel import html

# In force before anything of the page. What payloads call is replaced, and what the policy stops is told as well.
HOOKS = """() => {
  window.__hits = [];
  const hit = (what) => { window.__hits.push(what); };
  for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = () => hit(`called ${name}`);
  document.addEventListener("securitypolicyviolation", (event) => hit(`stopped ${event.violatedDirective}`));
}"""
# Everything is read through prototypes, because an <input name="attributes"> hides the attributes of its form.
AUDIT = """([allowed, allowedAttributes]) => {
  const getter = (type, name) => Object.getOwnPropertyDescriptor(type.prototype, name).get;
  const nameOf = getter(Element, "localName");
  const attributesOf = getter(Element, "attributes");
  const textOf = getter(Node, "textContent");
  const all = (selector) => [...Document.prototype.querySelectorAll.call(document, selector)];
  const read = (element, name) => Element.prototype.getAttribute.call(element, name) ?? "";
  const pairs = (element) => [...attributesOf.call(element)].map(({ name, value }) => [name.toLowerCase(), value]);
  const forbidden = new Set(["iframe", "frame", "frameset", "object", "embed", "applet", "math", "style", "base",
    "marquee", "audio", "video", "source", "track", "foreignobject", "animate", "set", "image", "isindex"]);
  const banned = new Set(["style", "srcdoc", "srcset"]);
  const addresses = new Set(["href", "src", "action", "formaction", "xlink:href", "poster", "data", "background"]);
  const isOwn = (address) => URL.canParse(address, location.origin) &&
    new URL(address, location.origin).origin === location.origin;
  const found = [];
  const wrong = (name, attribute, text) => {
    if (attribute.startsWith("on") || banned.has(attribute)) return `<${name} ${attribute}>`;
    if (!addresses.has(attribute)) return "";
    const scheme = /^[\\x00-\\x20]*([a-z][^/?#]*?):/i.exec(text)?.[1].toLowerCase() ?? "";
    if (scheme && !["http", "https", "mailto"].includes(scheme)) return `<${name} ${attribute}=${scheme}:>`;
    return name === "a" || name === "link" || isOwn(text) ? "" : `<${name} ${attribute}> elsewhere`;
  };
  for (const element of all("*")) {
    const name = nameOf.call(element).toLowerCase();
    if (forbidden.has(name)) found.push(`<${name}>`);
    if (name === "script" && !read(element, "src")) found.push("<script> of its own");
    if (name === "meta" && read(element, "http-equiv")) found.push("<meta http-equiv>");
    if (name === "link" && read(element, "rel") === "icon") continue;
    for (const [attribute, text] of pairs(element)) found.push(wrong(name, attribute, text));
  }
  for (const element of all(".fh-text *")) {
    const name = nameOf.call(element);
    if (!allowed.includes(name)) found.push(`<${name}> in a text`);
    for (const [attribute] of pairs(element)) {
      if (!allowedAttributes.includes(attribute)) found.push(`<${name} ${attribute}> in a text`);
    }
  }
  const fields = all("input, textarea").map((field) =>
    nameOf.call(field) === "textarea" ? textOf.call(field) : read(field, "value"));
  return {
    found: [...new Set(found)].filter(Boolean),
    hits: window.__hits,
    words: [...all("title, body").map((part) => textOf.call(part)), ...fields].join("\\n"),
    metas: all("meta[content]").map((meta) => read(meta, "content")),
    pages: all(".fh-pager a[href]").map((link) => read(link, "href").replace(/#.*/, "")),
    posts: all("[data-post]").map((post) => Number(read(post, "data-post"))),
  };
}"""


@contextmanager
def served(app):
    """The address at which the test's own app answers browsers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


class Detector:
    """One person's browser. `look(path)` opens a page; `problems` gathers what should not have been."""

    def __init__(self, browser, origin, person=None, *, policy=True, live=False):
        self.origin, self.problems = origin, []
        self.context = browser.new_context(bypass_csp=not policy)
        if not live:  # who leaves a page at once would also leave a socket half open
            self.context.add_init_script("window.WebSocket = class { close() {} }")
        self.context.add_init_script(f"({HOOKS})()")
        if person is not None and person.cookie is not None:
            self.context.add_cookies([{"name": "fh_session", "value": person.cookie.value, "url": origin}])
        self.page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("pageerror", lambda error: self._add(f"error {error} {error.stack}"))
        self.page.on("request", self._request)
        self.page.on("popup", lambda popup: self._add(f"opened {popup.url}"))

    def look(self, path):
        """Open a page and audit it; what the audit read of it comes back."""
        answer = self.page.goto(self.origin + path)
        if answer.status != 200:
            self._add(f"{path} answers {answer.status}")
        return self.audit()

    def audit(self):
        """Audit the page as it is now."""
        seen = self.page.evaluate(AUDIT, [sorted(html.TAGS), ["href", "title", "rel"]])
        for problem in [*seen["found"], *seen["hits"]]:
            self._add(problem)
        return seen

    def close(self):
        self.context.close()

    def _add(self, problem):
        self.problems.append((urlsplit(self.page.url).path, problem))

    def _dialog(self, dialog):
        self._add(f"dialog {dialog.type}")
        dialog.dismiss()

    def _request(self, request):
        if not request.url.startswith((f"{self.origin}/", "data:")):
            self._add(f"asks {request.url}")
