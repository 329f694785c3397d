"""A server that is killed while somebody writes. It stands late in the alphabet: at each start the demo's clock returns to
its evening, so that what was written before is newer than all that the tests after this one write.
"""

from playwright.sync_api import expect

from tests.browser.test_sending import TEXT, composer, lose_answer, stored


def test_text_survives_a_server_that_dies_while_it_is_sent_and_is_one_post(house, visitor):
    path = house.thread()
    writer, reader = visitor(house, house.person()), visitor(house)
    for one in (writer, reader):
        one.expects("ERR_", "WebSocket")
    page, other = writer.open(path), reader.open(path)
    writer.listens()
    reader.listens()
    lost = lose_answer(page, path, house.kill)
    body, button, state = composer(page)
    body.fill(TEXT)
    button.click()
    expect(state).to_contain_text("ikke sendt")
    expect(body).to_have_value(TEXT)
    assert lost == [200]
    house.serve()
    button.click()
    expect(body).to_have_value("")
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    expect(other.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    assert stored(house, path) == 1
    assert len(house.posts(path)) == 2
