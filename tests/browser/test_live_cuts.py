"""Whatever becomes of a connection, a reader ends with the database's posts in the database's order, each once."""

import re
from contextlib import suppress

import pytest
import websocket
from playwright.sync_api import expect

from tests.browser.visitor import until

SHOWN = "[...document.querySelectorAll('#feed [data-post]')].map((post) => Number(post.dataset.post))"
# What the page's own script does with messages, called from outside: the module that the page runs, not another copy.
RECEIVE = """async (messages) => {
  const main = document.querySelector("script[src*='/js/main.js']").src;
  const { sectionOf } = await import(main.replace("main.js", "live.js"));
  const section = sectionOf(document.querySelector("section[data-topic]"));
  for (const message of messages) section.receive(structuredClone(message));
  return section !== undefined;
}"""


def shown(page):
    """The ids of the posts on the page, from top to bottom."""
    return page.evaluate(SHOWN)


def wait_for(page, wanted):
    """Wait until the page shows exactly these posts in this order."""
    until(page, lambda: shown(page) == wanted)


class Line:
    """A reader's line to the server, which a test can cut and mend."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.whole = True
        self._open = []
        visitor.context.route_web_socket(re.compile("/socket.io/"), self._connect)
        visitor.expects("WebSocket", "socket.io", "ERR_INTERNET_DISCONNECTED")

    def _connect(self, socket):
        if not self.whole:
            socket.close()
            return
        server = socket.connect_to_server()
        self._open.append((socket, server))

    def cut(self):
        self.whole = False
        self.visitor.context.set_offline(True)
        for socket, server in self._open:
            server.close()
            socket.close()
        self._open = []

    def mend(self):
        self.whole = True
        self.visitor.context.set_offline(False)


def test_socket_cut_and_back_loses_nothing(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    line = Line(reader)
    page = reader.open(path)
    before = writer.write(path, "Før nettet forsvinder.")
    expect(page.locator(f"#i-{before}")).to_be_visible()
    line.cut()
    root = house.posts(path)[0]
    for number in range(4):
        writer.write(path, f"Nr. {number}, mens nettet er væk.")
    writer.send(f"/i/{root}/svar", {"body": "Et svar midt i det hele."})
    writer.send(f"/i/{before}/ret", {"body": "Rettet, mens nettet er væk.", "seen": "Før nettet forsvinder."})
    page.wait_for_timeout(1500)
    assert len(shown(page)) == 2
    line.mend()
    wait_for(page, house.posts(path))
    assert len(house.posts(path)) == 7
    expect(page.locator(f"#post-{before} .fh-text")).to_have_text("Rettet, mens nettet er væk.")


def test_changes_that_arrive_while_the_page_is_read_again_come_once(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    page = reader.open(path)
    reader.listens()
    held = []
    page.route(re.compile("efter="), lambda route: held.append(route))
    page.evaluate(RECEIVE, [message(100, "intet")])
    until(page, lambda: held)
    first = writer.write(path, "Nr. 1, mens der læses.")
    expect(page.locator(f"#i-{first}")).to_be_visible()
    for number in (2, 3):
        writer.write(path, f"Nr. {number}, mens der læses.")
    held[0].continue_()
    wait_for(page, house.posts(path))


@pytest.fixture
def full_door(house):
    """Strangers hold every socket that the server gives; calling it sends them away."""
    strangers = []
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        while True:
            address = f"{house.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket"
            strangers.append(websocket.create_connection(address, timeout=20))
    assert refused.value.status_code == 503

    def leave():
        while strangers:
            with suppress(OSError, websocket.WebSocketException):
                strangers.pop().close()

    yield leave
    leave()


def test_page_without_room_for_its_socket_reads_again_until_there_is(house, visitor, full_door):
    path = house.thread()
    reader, writer = visitor(house, house.person()), house.caller(house.person())
    reader.expects("WebSocket")
    reader.stops_the_clock()
    page = reader.open(path)
    until(page, lambda: page.evaluate(RECEIVE, []))  # the page's script is there
    written = writer.write(path, "Skrevet, mens der er fuldt hus.")
    page.clock.run_for(8000)  # the slow timer
    expect(page.locator(f"#i-{written}")).to_be_visible()
    # Who has no socket writes all the same, and sees the own post at once.
    page.locator("#skriv-body").fill("Jeg har ingen forbindelse, men jeg er med.")
    page.locator("#skriv button[type=submit]").click()
    wait_for(page, house.posts(path))
    assert len(house.posts(path)) == 3
    assert not any(socket["acknowledged"] for socket in reader.sockets())

    full_door()

    def listens():
        page.clock.run_for(8000)  # the longest wait between two tries
        return any(socket["acknowledged"] for socket in reader.sockets())

    until(page, listens)
    last = writer.write(path, "Nu er der plads igen.")
    expect(page.locator(f"#i-{last}")).to_be_visible()


@pytest.fixture
def page_behind(house, visitor):
    """A page that hears nothing by itself, three real posts that it lacks, and the messages that told of them."""
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    reader.expects("WebSocket", "socket.io")
    reader.context.route_web_socket(re.compile("/socket.io/"), lambda socket: socket.close())
    reader.stops_the_clock()
    page = reader.open(path)
    until(page, lambda: page.evaluate(RECEIVE, []))  # the page's script is there
    version = int(page.locator("section[data-topic]").get_attribute("data-version"))
    for number in range(3):
        writer.write(path, f"Nr. {number} af tre.")
    answer = writer.get(f"{path}?efter={version}", headers={"X-Requested-With": "fetch"}).json()
    posts = [change for change in answer["changes"] if change["action"] == "put"]
    messages = [message(version + 1 + i, **{**change, "action": "append"}) for i, change in enumerate(posts)]
    assert len(messages) == 3
    assert len(shown(page)) == 1
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url) if "efter=" in request.url else None)
    return page, messages, house.posts(path)


def message(version, target, **change):
    """One change as the server pushes it."""
    kept = {"action": "text", "parent": "", "html": "", "target": target, **change}
    return {"topic": "", "first": version, "last": version, "changes": [kept]}


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 0, 1, 1, 2, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1, 0, 2)], ids=str)
def test_duplicates_and_reorderings_end_in_the_order_of_the_database(page_behind, order):
    page, messages, posts = page_behind
    page.evaluate(RECEIVE, [messages[number] for number in order])
    assert shown(page) == posts
    page.clock.run_for(400)
    assert page.asked == []


@pytest.mark.parametrize("heard", [(1, 2), (0, 2), (2,)], ids=str)
def test_gap_is_filled_by_asking_the_server(page_behind, heard):
    page, messages, posts = page_behind
    page.evaluate(RECEIVE, [messages[number] for number in heard])
    assert shown(page) != posts
    page.clock.run_for(400)
    wait_for(page, posts)
    assert len(page.asked) == 1
