"""A post that somebody writes appears for the others: pushed, asked for, or after a reload."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import until


def write(page, text):
    """Type in the composer at the end of the thread, press the button, and wait for the server's answer."""
    page.locator("#skriv-body").fill(text)
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.locator("#skriv button[type=submit]").click()
    assert answer.value.status == 200
    return answer.value.json()["id"]


def stay(page):
    """Mark the page, so that a reload shows."""
    page.evaluate("window.neverLeft = true")


def stayed(page):
    return page.evaluate("window.neverLeft === true")


def test_post_reaches_another_browser_without_a_reload(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), visitor(house, house.person())
    reader.open(path)
    stay(reader.page)
    reader.listens()
    writer.open(path)
    post_id = write(writer.page, "Min mor venter tre uger på genoptræning.")
    expect(reader.page.locator(f"#i-{post_id}")).to_contain_text("Min mor venter tre uger")
    expect(writer.page.locator(f"#i-{post_id}")).to_contain_text("(dig)")
    expect(reader.page.locator(f"#i-{post_id}")).not_to_contain_text("(dig)")
    for page in (reader.page, writer.page):
        expect(page.locator("#thread-posts")).to_have_text("2 indlæg")
        expect(page.locator("#thread-people")).to_have_text("2 personer")
    assert stayed(reader.page)


def test_reply_is_put_under_its_post(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    reader.open(path)
    reader.listens()
    root = house.posts(path)[0]
    answer = writer.send(f"/i/{root}/svar", {"body": "Det samme hos os."})
    reply = int(answer.headers["Location"].rpartition("#i-")[2])
    expect(reader.page.locator(f"#replies-{root} > #i-{reply}")).to_be_visible()


def test_pushed_post_is_in_the_reader_s_language(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    reader.open(f"{path}?sprog=en")
    reader.listens()
    post_id = writer.write(path, "Tak for svaret.")
    post = reader.page.locator(f"#i-{post_id}")
    expect(post.get_by_role("link", name="Reply")).to_be_visible()
    assert post.locator(".fh-text").get_attribute("lang") == "da"


def test_post_appears_within_ten_seconds_when_the_socket_is_blocked(house, visitor):
    path = house.thread()
    reader, writer = visitor(house), house.caller(house.person())
    reader.expects("WebSocket", "socket.io")
    tries = []
    reader.context.route_web_socket(re.compile("/socket.io/"), lambda socket: (tries.append(1), socket.close()))
    reader.stops_the_clock()
    reader.open(path)
    stay(reader.page)
    until(reader.page, lambda: tries)
    post_id = writer.write(path, "Også når nettet er smalt.")
    expect(reader.page.locator(f"#i-{post_id}")).to_have_count(0)
    reader.page.clock.run_for(10_000)
    expect(reader.page.locator(f"#i-{post_id}")).to_be_visible()
    assert stayed(reader.page)


def test_post_appears_after_a_reload_without_script(house, visitor):
    path = house.thread()
    reader, writer = visitor(house, java_script_enabled=False), house.caller(house.person())
    reader.open(path)
    post_id = writer.write(path, "Uden script må man hente siden igen.")
    expect(reader.page.locator(f"#i-{post_id}")).to_have_count(0)
    reader.page.reload()
    expect(reader.page.locator(f"#i-{post_id}")).to_contain_text("Uden script")
