"""A hall presses "important to me" at once: the open page ends with the database's number."""

import threading

from playwright.sync_api import expect

CROWD = 100


def test_hundred_supports_at_once_end_in_the_database_s_number(house, visitor):
    path = house.thread()
    post_id = house.posts(path)[0]
    crowd = [house.caller(house.person()) for _ in range(CROWD)]
    reader = visitor(house)
    page = reader.open(path)
    reader.listens()
    page.evaluate("window.neverLeft = true")
    statuses = press_all(crowd, post_id)
    assert statuses == [303] * CROWD
    count = house.value("SELECT support_count FROM post WHERE id = ?", post_id)
    assert count == house.value("SELECT count(*) FROM reaction WHERE post_id = ?", post_id) == CROWD
    expect(page.locator(f"#support-{post_id}")).to_have_text(str(CROWD))
    assert page.evaluate("window.neverLeft")


def test_pressing_twice_and_undoing_counts_once_and_not_at_all(house, visitor):
    path = house.thread()
    post_id = house.posts(path)[0]
    reader, person = visitor(house), visitor(house, house.person())
    reader.open(path)
    reader.listens()
    person.open(path)
    button = person.page.locator(f"#post-{post_id} .fh-support")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(reader.page.locator(f"#support-{post_id}")).to_have_text("1")
    expect(reader.page.locator(f"#post-{post_id} .fh-support")).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(reader.page.locator(f"#support-{post_id}")).to_have_text("0")


def press_all(crowd, post_id):
    """Everybody presses in the same moment; returns the answers' statuses."""
    statuses = []
    ready = threading.Barrier(len(crowd) + 1)

    def press(caller):
        ready.wait()
        statuses.append(caller.send(f"/i/{post_id}/vigtigt", {"wanted": "1"}).status_code)

    threads = [threading.Thread(target=press, args=(caller,)) for caller in crowd]
    for thread in threads:
        thread.start()
    ready.wait()
    for thread in threads:
        thread.join()
    return statuses
