"""A text that meets an obstacle on its way comes back in the very box that it was typed in."""

import pytest
from playwright.sync_api import expect

from tests.browser.words import da

TEXT = "Der mangler lys på stien bag skolen."


def type_and_send(page, script):
    if script:
        page.locator("#skriv[data-ready]").wait_for()
    page.locator("#skriv-body").fill(TEXT)
    page.locator("#skriv button[type=submit]").click()


def arrives(house, page, path):
    """The text stands in the box, and one more press sends it."""
    page.wait_for_url(f"**{path}#skriv")
    expect(page.locator("#skriv-body")).to_have_value(TEXT)
    page.locator("#skriv button[type=submit]").click()
    expect(page.locator("#feed .fh-text", has_text=TEXT)).to_have_count(1)
    assert house.value("SELECT count(*) FROM post WHERE source = ? AND thread_id = ?", TEXT, thread_of(path)) == 1


def thread_of(path):
    return int(path.rpartition("/")[2].partition("-")[0])


@pytest.mark.parametrize("script", [True, False])
def test_session_that_ended_leads_through_log_in_back_to_the_box(house, visitor, script):
    path, email = house.thread(), house.person()
    writer = visitor(house, email, java_script_enabled=script)
    writer.expects("403")
    page = writer.open(path)
    writer.context.clear_cookies()
    type_and_send(page, script)
    page.wait_for_url("**/log-ind/fra-debat")
    expect(page.locator("main")).to_contain_text(da("Your text is kept here. Sign in, and send it afterwards"))
    page.get_by_label(da("E-mail")).fill(email)
    page.locator("#password").fill(house.password)
    page.locator("main form").first.get_by_role("button", name=da("Sign in")).click()
    arrives(house, page, path)


@pytest.mark.parametrize("script", [True, False])
def test_form_that_stood_open_too_long_leads_back_to_the_box(house, visitor, script):
    path, email = house.thread(), house.person()
    writer = visitor(house, email, java_script_enabled=script)
    writer.expects("400")
    page = writer.open(path)
    writer.context.clear_cookies()
    writer.context.add_cookies(house.caller(email).cookies)  # signed in anew elsewhere: the page's token is old
    type_and_send(page, script)
    expect(page.locator("h1")).to_have_text(da("The page has been open too long"))
    expect(page.locator("#kept")).to_have_value(TEXT)
    page.get_by_role("button", name=da("Go on with your text")).click()
    arrives(house, page, path)


def test_language_switch_after_a_refusal_keeps_page_and_text(house, visitor):
    path = house.thread()
    writer = visitor(house, house.person(), java_script_enabled=False)
    writer.expects("422")
    page = writer.open(path)
    page.locator("#skriv-body").fill("Mit nummer er 22 33 44 55.")
    page.locator("#skriv button[type=submit]").click()
    expect(page.locator(".fh-errors")).to_be_visible()
    page.locator("header a[lang=en]:visible").click()
    assert page.url == f"{house.url}{path}?sprog=en"
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#skriv-body")).to_have_value("Mit nummer er 22 33 44 55.")


def test_edit_that_meets_the_log_in_page_comes_back(house, visitor):
    path, email = house.thread(), house.person()
    post = house.caller(email).write(path, "Sådan stod det før.")
    writer = visitor(house, email, java_script_enabled=False)
    page = writer.open(f"/i/{post}/ret")
    page.get_by_label(da("Your post")).fill("Sådan skal det stå.")
    writer.context.clear_cookies()
    page.get_by_role("button", name=da("Save changes")).click()
    page.get_by_label(da("E-mail")).fill(email)
    page.locator("#password").fill(house.password)
    page.locator("main form").first.get_by_role("button", name=da("Sign in")).click()
    expect(page.get_by_label(da("Your post"))).to_have_value("Sådan skal det stå.")
    page.get_by_role("button", name=da("Save changes")).click()
    expect(page.locator(f"#i-{post}")).to_contain_text("Sådan skal det stå.")
