"""The frame of every page: navigation, municipality and the demo banner."""

import re
from datetime import datetime

import pytest

from forsamlingshus.demo.models import DemoState
from forsamlingshus.kernel.db import transaction
from forsamlingshus.kernel.web import NavItem
from forsamlingshus.process import actions as process
from forsamlingshus.site.context import marked
from tests.pages import readable
from tests.queries import counted


def menu(client, path="/hjaelp"):
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'<ul class="mainmenu">(.*?)</ul>', page, re.DOTALL).group(1)
    return re.findall(r'href="([^"]+)"', found)


def test_navigation_grows_with_what_exists(client, course, at):
    at("2023-08-21T08:59:59+02:00")
    assert menu(client) == []
    course.year()
    assert menu(client) == ["/budget/2024"]
    course.meeting()
    assert menu(client) == ["/budget/2024", "/budget/2024/temaer", "/budget/2024/borgermoede"]
    course.publish(at="2023-08-21T09:00:00+02:00")
    assert "/budget/2024/katalog" not in menu(client)
    at("2023-08-21T09:00:00+02:00")
    assert menu(client)[-1] == "/budget/2024/katalog"


@pytest.mark.parametrize(
    ("path", "here"),
    [
        ("/", None),
        ("/hjaelp", None),
        ("/budget/2024", "/budget/2024"),
        ("/budget/2024/tidsplan", "/budget/2024"),
        ("/budget/2024/temaer", "/budget/2024/temaer"),
        ("/budget/2024/temaer/trivsel/7-titel", "/budget/2024/temaer"),
        ("/budget/20245", None),
    ],
)
def test_current_section_is_the_longest_that_holds_the_path(path, here):
    items = [NavItem("Budget 2024", "/budget/2024"), NavItem("Temaer", "/budget/2024/temaer")]
    assert [item.url for item in marked(items, path) if item.current] == ([here] if here else [])


def work_menu(app, user):
    client = app.test_client()
    client.log_in(user)
    page = readable(client.get("/hjaelp"))
    return sorted(set(re.findall(r'href="(/(?:styring|arbejde)[^"]*)"', page)))


def test_work_navigation_follows_the_role(app, build, course):
    from forsamlingshus.meetings import actions as meetings

    course.year()
    workshop = course.meeting()[0]
    facilitator = build.user()
    with transaction() as session:
        meetings.grant_facilitator(session, user=session.merge(facilitator), workshop=session.merge(workshop))
    assert work_menu(app, build.user()) == []
    assert work_menu(app, build.user(roles=["council", "admin"])) == []
    assert work_menu(app, facilitator) == ["/arbejde/moderation", "/styring"]
    assert work_menu(app, build.user(roles=["staff"])) == [
        "/arbejde/forslag",
        "/arbejde/input",
        "/arbejde/moderation",
        "/styring",
    ]


def test_municipality_is_shown_and_renamed_at_once(client, session):
    with transaction() as writing:
        process.set_municipality(writing, name="Albertslund Kommune", address="Rådhuset\n2620 Albertslund")
    assert "Albertslund Kommune" in readable(client.get("/hjaelp"))
    with transaction() as writing:
        process.set_municipality(writing, name="Vestby Kommune")
    page = readable(client.get("/hjaelp"))
    assert ("Vestby Kommune" in page, "Albertslund Kommune" in page) == (True, False)


def test_banner_tells_the_running_date_of_a_demo(client, session, at):
    assert "Demo:" not in readable(client.get("/hjaelp"))
    with transaction() as writing:
        writing.add(DemoState(chapter="borgermoede", moment=datetime.fromisoformat("2023-05-03T18:35:00+02:00")))
        process.set_municipality(writing, name="Albertslund Kommune")
    at("2023-05-03T18:41:00+02:00")
    assert "Demo: det er onsdag den 3. maj 2023 kl. 18.41" in readable(client.get("/hjaelp"))


def test_frame_costs_no_query_of_its_own_once_it_is_known(app, client, course):
    course.year()
    course.meeting()
    client.get("/hjaelp")
    # The one query left reads the version of the process, which tells what is open.
    assert counted(app, lambda: client.get("/hjaelp")) == 1
