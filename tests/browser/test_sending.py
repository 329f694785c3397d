"""Nothing typed is lost and nothing sent is doubled, whatever happens between the press and the answer."""

import re

from playwright.sync_api import expect

TEXT = "Vi mangler en bænk på vejen til lægehuset."


def stored(house, path, text=TEXT):
    return house.value(
        "SELECT count(*) FROM post WHERE thread_id = ? AND source = ?", int(re.search(r"/(\d+)-", path)[1]), text
    )


def composer(page):
    """The box, its button and its line of state, once the page's script looks after them."""
    page.locator("#skriv[data-ready]").wait_for()
    return page.locator("#skriv-body"), page.locator("#skriv button[type=submit]"), page.locator("#skriv [data-state]")


def lose_answer(page, path, meanwhile=lambda: None):
    """Lose the answer to the first form that is sent to `path`, though it arrives; returns a list for its status."""
    lost = []

    def lose(route):
        if route.request.method != "POST" or lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        meanwhile()
        route.abort()

    page.route(f"**{path}", lose)
    return lost


def test_send_whose_answer_is_lost_is_one_post_after_a_retry(house, visitor):
    path = house.thread()
    writer = visitor(house, house.person())
    writer.expects("ERR_FAILED")
    page = writer.open(path)
    lost = lose_answer(page, path)
    body, button, state = composer(page)
    body.fill(TEXT)
    button.click()
    expect(state).to_contain_text("ikke sendt")
    assert (lost, stored(house, path)) == ([200], 1)
    expect(body).to_have_value(TEXT)
    button.click()
    expect(body).to_have_value("")
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    assert stored(house, path) == 1


def test_text_survives_an_unreachable_server_and_is_sent_once(house, visitor):
    path = house.thread()
    writer = visitor(house, house.person())
    writer.expects("ERR_CONNECTION_REFUSED")
    page = writer.open(path)
    page.route(
        f"**{path}",
        lambda route: route.abort("connectionrefused") if route.request.method == "POST" else route.continue_(),
    )
    body, button, state = composer(page)
    body.fill(TEXT)
    button.click()
    expect(state).to_contain_text("ikke sendt")
    assert stored(house, path) == 0
    page.reload()
    body, button, _state = composer(page)
    expect(body).to_have_value(TEXT)
    page.unroute(f"**{path}")
    button.click()
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    expect(body).to_have_value("")
    assert stored(house, path) == 1
    page.reload()
    expect(page.locator("#skriv-body")).to_have_value("")


def test_text_written_offline_is_sent_once_when_the_net_is_back(house, visitor):
    path = house.thread()
    writer = visitor(house, house.person())
    writer.expects("ERR_INTERNET_DISCONNECTED", "WebSocket")
    page = writer.open(path)
    body, button, state = composer(page)  # the page's script is there before the net goes
    writer.context.set_offline(True)
    body.fill(TEXT)
    button.click()
    expect(state).to_contain_text("ingen forbindelse")
    button.click()
    expect(body).to_have_value(TEXT)
    assert stored(house, path) == 0
    writer.context.set_offline(False)
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    page.wait_for_timeout(500)
    assert stored(house, path) == 1


def test_refused_text_comes_back_with_the_reason_and_the_focus(house, visitor):
    path = house.thread()
    writer = visitor(house, house.person())
    writer.expects("422")
    page = writer.open(path)
    body, button, _state = composer(page)
    body.fill("Mit nummer er 010180-1237.")
    button.click()
    body = page.locator("#skriv-body")
    expect(body).to_have_attribute("aria-invalid", "true")
    expect(body).to_have_value("Mit nummer er 010180-1237.")
    expect(body).to_be_focused()
    body.fill(TEXT)
    page.locator("#skriv button[type=submit]").click()
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    assert stored(house, path) == 1


def test_log_in_returns_to_the_box_with_the_text(house, visitor):
    path, email = house.thread(), house.person()
    stranger = visitor(house)
    page = stranger.open(path)
    body, button, _state = composer(page)
    body.fill(TEXT)
    button.click()
    page.wait_for_url("**/log-ind/fra-debat")
    page.get_by_text("Se din tekst").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Adgangskode").fill(house.password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"**{path}#skriv")
    body, button, _state = composer(page)
    expect(body).to_have_value(TEXT)
    expect(body).to_be_in_viewport()
    button.click()
    expect(page.locator(".fh-text", has_text=TEXT)).to_have_count(1)
    assert stored(house, path) == 1
    page.reload()
    expect(page.locator("#skriv-body")).to_have_value("")


def test_refused_log_in_keeps_the_text(house, visitor):
    path = house.thread()
    stranger = visitor(house, java_script_enabled=False)
    stranger.expects("422")
    page = stranger.open(path)
    page.locator("#skriv-body").fill(TEXT)
    page.locator("#skriv button[type=submit]").click()
    page.get_by_label("E-mail").fill(house.person())
    page.get_by_label("Adgangskode").fill("en helt forkert kode")
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_text("E-mail eller adgangskode er forkert").first).to_be_visible()
    page.get_by_text("Se din tekst").click()
    expect(page.get_by_text(TEXT)).to_be_visible()
