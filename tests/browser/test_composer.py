"""What the page does with what one writes: afterwards nothing of it is left behind, and the focus is on the post."""

import pytest
from playwright.sync_api import expect

from tests.browser.house import FORUMS
from tests.browser.words import da

LIVE = "/budget/2024/borgermoede/live"
PHONE = "Ring til mig på 22 33 44 55."


def send(page, box="#skriv"):
    """Press the button of a box and wait for the answer; returns what it says."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        page.locator(f"{box} button[type=submit]").click()
    return answer.value.json()


def ready(page):
    page.locator("#skriv[data-ready]").wait_for()
    return page


def test_confirmed_post_leaves_an_empty_composer_and_the_focus_on_what_waits(house, visitor):
    writer = visitor(house, house.person())
    writer.expects("422")
    page = ready(writer.open(house.thread()))
    page.locator("#skriv-body").fill(PHONE)
    expect(page.locator("#skriv [data-guard-hint]")).to_be_visible()
    send(page)
    expect(page.locator("#skriv .fh-guard mark")).to_be_visible()
    page.get_by_label(da("It is not private information. Send it as it is")).check()
    post_id = send(page)["id"]
    expect(page.locator(f"#i-{post_id}")).to_be_focused()
    expect(page.locator("#skriv-body")).to_have_value("")
    expect(page.locator("#skriv-body")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator("#skriv :is(.fh-guard, .form-error-message, [name=confirm_box])")).to_have_count(0)
    expect(page.locator("#skriv [data-guard-hint]")).to_be_hidden()
    expect(page.locator("#skriv.fh-composer--failed")).to_have_count(0)
    waiting, box = (page.locator(selector).bounding_box() for selector in (f"#i-{post_id}", "#skriv"))
    assert box["y"] - waiting["y"] - waiting["height"] >= 12
    page.wait_for_timeout(2300)  # the copy in this browser is written two seconds after the last letter
    page.reload()
    expect(ready(page).locator("#skriv-body")).to_have_value("")


def test_own_post_is_not_counted_as_new_although_the_socket_is_faster(house, visitor):
    path = house.thread(body="Et langt indlæg.\n\n" + "En linje til.\n\n" * 40)
    writer, neighbour = visitor(house, house.person()), house.caller(house.person())
    page = ready(writer.open(path))
    writer.listens()
    page.evaluate(
        """window.shown = [];
        const pill = document.querySelector("[data-pill]");
        new MutationObserver(() => window.shown.push(pill.hidden)).observe(pill, { attributes: true });"""
    )

    def late(route):
        if route.request.method != "POST":
            return route.continue_()
        answer = route.fetch()
        page.wait_for_timeout(1000)
        return route.fulfill(response=answer)

    page.route(f"**{path}", late)
    page.locator("#skriv-body").fill("Mit eget indlæg.")
    own = send(page)["id"]
    expect(page.locator(f"#i-{own}")).to_be_focused()
    expect(page.locator("#skriv-body")).to_have_value("")
    assert False not in page.evaluate("window.shown")

    page.unroute(f"**{path}")
    page.evaluate("scrollTo(0, 0)")
    other = neighbour.write(path, "Naboens indlæg.")
    expect(page.locator("[data-pill] a")).to_have_text("1 nyt indlæg")
    expect(page.locator("[data-pill]")).to_be_visible()
    page.locator("[data-pill] a").click()
    expect(page.locator(f"#i-{other}")).to_be_in_viewport()
    expect(page.locator("[data-pill]")).to_be_hidden()


def test_quote_without_a_selection_holds_the_whole_post(house, visitor):
    words = "Vi cykler hver dag. Lygterne er for svage."
    path = house.thread(body=words)
    root = house.posts(path)[0]
    page = ready(visitor(house, house.person(), viewport={"width": 390, "height": 844}, has_touch=True).open(path))
    page.locator(f"#post-{root} .fh-more summary").tap()
    page.locator(f"#post-{root} [data-quote]").tap()
    expect(page.locator(f"#svar-{root}-quote")).to_have_value(words)
    expect(page.locator(f"#svar-{root}-body")).to_be_focused()
    page.locator(f"#svar-{root}-body").fill("Det samme her.")
    reply = send(page, f"#svar-{root}")["id"]
    expect(page.locator(f"#i-{reply} .fh-quote")).to_contain_text(words)
    expect(page.locator(f"#i-{reply}")).to_be_focused()


def test_reply_form_stays_when_its_post_changes_and_can_be_closed(house, visitor):
    author = house.caller(house.person())
    path = house.thread(body="Første udgave.", by=house.person())
    post = author.write(path, "Min første tanke.")
    writer = visitor(house, house.person())
    page = ready(writer.open(path))
    writer.listens()
    page.locator(f"#post-{post} [data-reply]").click()
    page.locator(f"#svar-{post}-body").fill("Et halvt svar")
    author.send(f"/i/{post}/ret", {"body": "Min anden tanke.", "seen": "Min første tanke."})
    expect(page.locator(f"#post-{post}")).to_contain_text("Min anden tanke.")
    expect(page.locator(f"#svar-{post}-body")).to_have_value("Et halvt svar")
    page.locator(f"#svar-{post} [data-cancel]").click()
    expect(page.locator(f"#svar-{post}")).to_have_count(0)
    expect(page.locator(f"#post-{post} [data-reply]")).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_focus_is_on_the_post_after_reply_edit_and_withdrawal(house, visitor, script):
    writer = visitor(house, house.person(), java_script_enabled=script)
    path = house.thread()
    root = house.posts(path)[0]
    page = writer.open(f"/i/{root}/svar")
    page.get_by_label(da("Write a reply")).fill("Et svar, der skal rettes.")
    if script:
        page.locator(f"#svar-{root}[data-ready]").wait_for()
    page.get_by_role("button", name=da("Send reply")).click()
    expect(page.locator("#feed")).to_contain_text("Et svar, der skal rettes.")
    reply = house.posts(path)[1]
    expect(page.locator(f"#i-{reply}")).to_be_focused()

    page.goto(f"{house.url}/i/{reply}/ret")
    page.get_by_label(da("Your post")).fill("Et rettet svar.")
    page.get_by_role("button", name=da("Save changes")).click()
    expect(page.locator(f"#i-{reply}")).to_contain_text("Et rettet svar.")
    expect(page.locator(f"#i-{reply}")).to_be_focused()

    page.goto(f"{house.url}/i/{reply}/traek-tilbage")
    page.get_by_role("button", name=da("Withdraw post")).click()
    expect(page.locator(f"#i-{reply} .fh-gone")).to_be_visible()
    expect(page.locator(f"#i-{reply}")).to_be_focused()


def test_top_of_a_long_thread_leads_to_the_composer(house, visitor):
    path = house.thread(body="Langt.\n\n" + "En linje til.\n\n" * 60)
    page = visitor(house, house.person(), viewport={"width": 390, "height": 844}).open(path)
    link = page.get_by_role("link", name=da("Write a post"), exact=True)
    expect(link).to_be_in_viewport()
    expect(page.locator("#skriv-body")).not_to_be_in_viewport()
    link.click()
    expect(page.locator("#skriv-body")).to_be_focused()
    expect(page.locator("label[for=skriv-body]")).to_be_in_viewport()


def test_next_person_at_the_machine_never_reads_a_draft(house, visitor):
    path, first, second = house.thread(), house.person(), house.person()
    seat = visitor(house, first)
    page = ready(seat.open(path))
    page.locator("#skriv-body").fill("En privat kladde.")
    page.wait_for_timeout(2300)
    assert "En privat kladde." in page.evaluate("Object.values(localStorage).join()")
    seat.context.clear_cookies()
    expect(ready(seat.open(path)).locator("#skriv-body")).to_have_value("")
    seat.context.add_cookies(house.cookies(second))
    expect(ready(seat.open(path)).locator("#skriv-body")).to_have_value("")
    seat.context.clear_cookies()
    seat.context.add_cookies(house.cookies(first))
    expect(ready(seat.open(path)).locator("#skriv-body")).to_have_value("En privat kladde.")


def test_text_typed_without_a_pause_is_kept_every_two_seconds(house, visitor):
    writer = visitor(house, house.person())
    writer.stops_the_clock()
    page = ready(writer.open(house.thread()))
    for letter in "uden pause":
        page.locator("#skriv-body").press_sequentially(letter)
        page.clock.run_for(300)
    assert "uden pa" in page.evaluate("Object.values(localStorage).join()")


def test_text_typed_just_before_leaving_comes_back(house, visitor):
    path = house.thread()
    page = ready(visitor(house, house.person()).open(path))
    page.locator("#skriv-body").press_sequentially("Kom jeg med?")
    page.reload()
    expect(ready(page).locator("#skriv-body")).to_have_value("Kom jeg med?")


def test_newer_words_win_over_the_draft_of_the_server_and_over_no_other_s(house, visitor):
    path, email = house.thread(), house.person()
    writer = visitor(house, email)
    page = ready(writer.open(path))
    with page.expect_response("**/min-side/kladder/gem", timeout=20000):
        page.locator("#skriv-body").fill("Det første")
    expect(page.locator("#skriv [data-state]")).to_contain_text("gemt")
    page.locator("#skriv-body").fill("Det første, og lidt til")
    page.reload()
    expect(ready(page).locator("#skriv-body")).to_have_value("Det første, og lidt til")

    elsewhere = {"box": f"thread:{path.rpartition('/')[2].partition('-')[0]}", "path": path, "body": "Fra telefonen"}
    assert house.caller(email).send("/min-side/kladder/gem", elsewhere).status_code == 303
    page.reload()
    expect(ready(page).locator("#skriv-body")).to_have_value("Fra telefonen")


def test_question_box_of_a_meeting_keeps_a_text_for_its_writer_alone(house, visitor):
    first, second = house.person(), house.person()
    seat = visitor(house, first)
    page = ready(seat.open(LIVE))
    page.locator("#skriv-body").fill("Mit private spørgsmål")
    page.reload()
    expect(ready(page).locator("#skriv-body")).to_have_value("Mit private spørgsmål")
    for cookies in ([], house.cookies(second)):
        seat.context.clear_cookies()
        seat.context.add_cookies(cookies)
        expect(ready(seat.open(LIVE)).locator("#skriv-body")).to_have_value("")


def test_new_thread_keeps_title_and_question_and_counts_each_field(house, visitor):
    page = visitor(house, house.person()).open(f"{FORUMS}/rehabilitering-og-sundhed/ny")
    page.locator("form[data-ready]").wait_for()
    title, question, body = (page.locator(f"#{name}") for name in ("title", "prompt_no", "body"))
    expect(page.locator("#body-count")).to_have_text("2.000 tegn tilbage")
    title.fill("Hvem åbner?")
    question.select_option("2")
    expect(page.locator("#title-count")).to_have_text("109 tegn tilbage")
    body.fill("Ingen ved det.")
    expect(page.locator("#title-count")).to_have_text("109 tegn tilbage")
    expect(page.locator("#body-count")).to_have_text("1.986 tegn tilbage")
    page.reload()
    page.locator("form[data-ready]").wait_for()
    expect(title).to_have_value("Hvem åbner?")
    expect(question).to_have_value("2")
    expect(body).to_have_value("Ingen ved det.")


def test_new_thread_leaves_no_draft_behind(house, visitor):
    page = visitor(house, house.person()).open(f"{FORUMS}/rehabilitering-og-sundhed/ny")
    page.locator("form[data-ready]").wait_for()
    page.get_by_label(da("What is it about?")).fill("Hvem åbner hallen om søndagen?")
    page.get_by_label(da("Write a post")).fill("Den står tom hele dagen.")
    page.get_by_role("button", name=da("Start the thread")).click()
    expect(page.locator("#feed")).to_contain_text("Den står tom hele dagen.")
    page.goto(f"{house.url}{FORUMS}/rehabilitering-og-sundhed/ny")
    page.locator("form[data-ready]").wait_for()
    expect(page.get_by_label(da("Write a post"))).to_have_value("")


def test_password_can_be_shown_and_is_sent_as_a_password(house, visitor):
    email = house.person()
    page = visitor(house).open("/log-ind")
    page.locator("#email").fill(email)
    page.locator("#password").fill(house.password)
    page.get_by_role("button", name="Vis adgangskoden").click()
    expect(page.locator("#password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Skjul adgangskoden").click()
    expect(page.locator("#password")).to_have_attribute("type", "password")
    page.get_by_role("button", name="Vis adgangskoden").click()
    page.locator("#password").press("Enter")
    expect(page.locator("main")).to_contain_text(da("You are signed in as %(name)s", name="").strip())
    plain = visitor(house, java_script_enabled=False).open("/opret")
    expect(plain.locator("main form button")).to_have_count(1)


def test_escape_closes_the_menu_of_a_post_and_gives_the_focus_back(house, visitor):
    page = ready(visitor(house, house.person()).open(house.thread()))
    menu = page.locator(".fh-more").first
    menu.locator("summary").click()
    menu.get_by_role("link").first.focus()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    expect(menu.locator("summary")).to_be_focused()
