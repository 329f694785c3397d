"""The demo's texts keep what the demo promises: enough of them, credible, exact, and nobody's personal data."""

import re
from collections import Counter

import pytest

from forsamlingshus.demo import texts
from forsamlingshus.kernel import html, personal_data
from forsamlingshus.kernel.personal_data import Level

ALL = texts.read()
POSTS = list(ALL.posts())
BY_KEY = {post.key: post for post in POSTS}
PROPOSALS = [proposal for workshop in ALL.workshops for proposal in workshop.proposals]
INPUTS = [item for workshop in ALL.workshops for item in workshop.inputs]
MEETING = ALL.moment("borgermoede")

# Said on purpose in more than one place: names of themes and committees, and the mark that figures are invented.
FIXED = {
    *(theme[name] for theme in ALL.frame["themes"] for name in ("name_da", "name_en")),
    *(milestone[name] for milestone in ALL.frame["milestones"] for name in ("title_da", "title_en")),
    "Kommunens økonomi: hvor står vi?",
    "Borgermøde om Budget 2024",
    "Citizen meeting on Budget 2024",
    "Demo: tallene er opdigtede",
}


def visible(text):
    return html.visible_text(html.render_markdown(text))


def strings(value):
    """Every text in a file, addresses and quotes of posts apart."""
    match value:
        case dict():
            quoted = {"text"} if value.get("kind") == "quote" else set()
            for key, inner in value.items():
                if key not in quoted and key not in {
                    "committee",
                    "quote",
                    "quotes",
                    "email",
                    "hearing_mailbox",
                    "theme",
                }:
                    yield from strings(inner)
        case list():
            for inner in value:
                yield from strings(inner)
        case str():
            yield value


def names():
    return ["budget", "people", "plenum", "efter-moedet", *(workshop.slug for workshop in ALL.workshops)]


def test_demo_has_enough_of_everything():
    assert len(ALL.people) >= 40
    assert sum(post.at <= MEETING for post in POSTS) >= 250
    assert len(ALL.workshops) == 4
    assert all(len(workshop.threads) >= 4 for workshop in ALL.workshops)
    assert all(len(workshop.prompts) == 3 for workshop in ALL.workshops)
    assert len(list(ALL.decks())) == 5
    assert all(len(deck.slides) >= 8 for deck in ALL.decks())
    assert len({post.author for post in POSTS}) >= 40


def test_posts_are_in_order_and_replies_point_upwards():
    assert len(BY_KEY) == len(POSTS)
    for workshop in ALL.workshops:
        for thread in workshop.threads:
            seen = {}
            for post in thread.posts:
                assert post.author in ALL.people, post.key
                assert not seen or post.at >= max(earlier.at for earlier in seen.values()), post.key
                assert not post.reply_to or not seen[post.reply_to].reply_to, post.key
                assert not post.quote_of or post.quote in visible(seen[post.quote_of].text), post.key
                assert bool(post.quote) == bool(post.quote_of), post.key
                seen[post.key] = post
            assert thread.prompt in {None, 1, 2, 3}


def test_posts_lie_within_the_open_debate():
    debate = next(phase for phase in ALL.frame["phases"] if "discuss" in phase["activities"])
    assert all(debate["opens_at"] <= post.at < debate["closes_at"] for post in POSTS)


def test_posts_fit_the_limits_of_the_forms():
    assert max(len(post.text) for post in POSTS) <= 2_000
    assert max(len(post.quote) for post in POSTS) <= 500
    assert max(len(thread.title) for workshop in ALL.workshops for thread in workshop.threads) <= 120
    assert max(len(person.name) for person in ALL.people.values()) <= 40


def test_each_theme_has_one_hidden_and_one_withdrawn_post_and_some_edits():
    for workshop in ALL.workshops:
        posts = [post for thread in workshop.threads for post in thread.posts]
        assert sum(bool(post.hidden) for post in posts) == 1
        assert all(bool(post.hidden) == bool(post.hidden_code) for post in posts)
        assert sum(post.withdrawn for post in posts) == 1
        edited = [post for post in posts if post.edited_at]
        assert len(edited) == 2
        assert all((post.edited_at - post.at).total_seconds() > 300 for post in edited)
        assert all(post.edited_from and post.edited_from != post.text for post in edited)


def test_no_more_people_support_a_post_than_there_are():
    assert all(0 <= post.supports < len(ALL.people) for post in POSTS)


def test_no_sentence_is_said_twice():
    said = Counter()
    for name in names():
        for text in strings(texts.raw(name)):
            for fixed in FIXED:
                text = text.replace(fixed, " ")
            for sentence in re.split(r"[.?!](?:\s|$)|\n", re.sub(r"(\d)\. ", r"\1 ", text)):
                if len(sentence.strip()) > 25 and " " in sentence.strip():
                    said[sentence.strip().casefold()] += 1
    assert {sentence: times for sentence, times in said.items() if times > 1} == {}


def test_quotes_of_inputs_stand_word_for_word_in_visible_posts():
    for item in INPUTS:
        assert 2 <= len(item.quotes) <= 6, item.key
        for key, words in item.quotes:
            post = BY_KEY[key]
            assert words in visible(post.text), (item.key, key)
            assert not post.hidden, key
            assert not post.withdrawn, key
            assert item.created > post.at, (item.key, key)
            assert post.edited_at is None or post.edited_at < item.created, key


def test_quotes_on_slides_stand_word_for_word_in_the_debate():
    for deck in ALL.decks():
        for slide in deck.slides:
            if slide["kind"] != "quote" or "debatten" not in slide["title"]:
                continue
            sources = [post for post in POSTS if slide["text"] in visible(post.text)]
            assert len(sources) == 1, slide["text"]
            name, day = ALL.people[sources[0].author].name, f"{sources[0].at.day}. april"
            assert slide["subtitle"] == f"{name}, {day}"
            assert sources[0].at < deck.uploaded < MEETING


@pytest.mark.parametrize(("at", "total"), [(0, -12_400), (1, -20_100), (2, -25_600), (3, -28_000)])
def test_proposals_sum_to_the_control_total(at, total):
    assert sum(proposal.amounts[at] for proposal in PROPOSALS) == total


def test_proposals_sum_to_the_share_of_each_theme():
    shares = {w.slug: tuple(sum(p.amounts[at] for p in w.proposals) for at in range(4)) for w in ALL.workshops}
    assert shares == {
        "rehabilitering-og-sundhed": (-3_400, -5_600, -7_200, -7_900),
        "effektiv-administration-og-digitalisering": (-4_900, -7_100, -8_600, -9_300),
        "trivsel-laering-og-faellesskaber": (-2_300, -4_000, -5_200, -5_600),
        "baeredygtig-og-groen-kommune": (-1_800, -3_400, -4_600, -5_200),
    }


def test_catalogue_has_47_numbered_proposals_and_twelve_full_texts():
    assert sorted(proposal.number for proposal in PROPOSALS) == list(range(1, 48))
    full = [p for p in PROPOSALS if p.content]
    assert len(full) == 12
    for proposal in full:
        parts = ("citizens", "staff", "fte", "legal", "implementation", "risk")
        assert all(getattr(proposal, part) for part in parts), proposal.number
    assert (ALL.frame["catalogue"]["control_count"], ALL.frame["catalogue"]["control_tkr"]) == (47, -28_000)


def test_proposals_from_a_workshop_are_exactly_those_an_input_led_to():
    led_to = {number for item in INPUTS for number in item.proposals}
    assert led_to == {proposal.number for proposal in PROPOSALS if proposal.source == "workshop"}
    assert sum(not item.proposals for item in INPUTS) == 4
    for workshop in ALL.workshops:
        own = {proposal.number for proposal in workshop.proposals}
        assert all(set(item.proposals) <= own for item in workshop.inputs)


def test_kinds_and_committees_are_known():
    assert {proposal.kind for proposal in PROPOSALS} <= {"operating", "income", "transfers"}
    assert {proposal.type for proposal in PROPOSALS} <= {"reduction", "efficiency", "expansion"}
    for proposal in PROPOSALS:
        assert (proposal.amounts[3] > 0) == (proposal.type == "expansion"), proposal.number


def test_speaker_notes_stand_beside_every_slide_of_three_decks():
    written = {deck.slug: [bool(slide.get("notes")) for slide in deck.slides] for deck in ALL.decks()}
    whole = {slug for slug, notes in written.items() if all(notes)}
    assert whole == {"kommunens-oekonomi", "mod-paa-hverdagen", "en-enklere-kommune"}


def test_personal_data_guard_lets_every_text_pass():
    # The guard does find what it looks for, so that silence means something.
    assert personal_data.worst(personal_data.scan("Skriv til mig: 010190-1234")) is not None
    doubtful = {}
    for name in names():
        for text in strings(texts.raw(name)):
            found = personal_data.scan_markdown(text, visible(text))
            if (personal_data.worst(found) or 0) >= Level.HOLD:
                doubtful[text[:60]] = [finding.kind for finding in found]
    assert doubtful == {}


def test_accounts_speak_with_names_of_the_cast():
    accounts = {person.account: person.role for person in ALL.people.values() if person.account}
    assert accounts == {
        "borger": "citizen",
        "borger2": "citizen",
        "facilitator": "facilitator",
        "facilitator2": "facilitator",
        "medarbejder": "staff",
        "byraad": "council",
    }


def test_real_mailbox_and_real_hosts_occur_nowhere():
    for name in names():
        raw = (texts.FOLDER / f"{name}.toml").read_text("utf-8")
        assert "albertslund.dk" not in raw
        assert re.findall(r"\S+@(?!albertslund\.example)\S+", raw) == []


def test_frame_holds_the_facts_of_budget_2024():
    dates = {m["key"]: m.get("starts_at") and m["starts_at"].date().isoformat() for m in ALL.frame["milestones"]}
    assert dates == {
        "borgermoede": "2023-05-03",
        "ejendomsaftale": "2023-06-01",
        "katalogarbejde": "2023-05-04",
        "spoergsmaal": "2023-08-14",
        "hoering-aabner": "2023-08-21",
        "hoering-lukker": "2023-09-07",
        "temamoede": "2023-09-12",
        "foerste-behandling": None,
        "budgetaftale": "2023-09-26",
        "anden-behandling": "2023-10-10",
        "frist": "2023-10-15",
    }
    uncertain = {m["key"] for m in ALL.frame["milestones"] if not m.get("certain", True)}
    assert uncertain == {"katalogarbejde", "spoergsmaal", "foerste-behandling"}
    assert ALL.meeting["starts_at"].isoformat() == "2023-05-03T18:30:00+02:00"
    assert ALL.meeting["ends_at"].isoformat() == "2023-05-03T20:30:00+02:00"
    assert ALL.moment("borgermoede").isoformat() == "2023-05-03T18:35:00+02:00"
    assert ALL.moment("katalog").isoformat() == "2023-08-21T12:00:00+02:00"


@pytest.mark.parametrize("chapter", texts.CHAPTERS)
@pytest.mark.parametrize("part", ["lead_da", "summary_da"])
def test_texts_of_the_year_are_easy_to_read(chapter, part):
    text = ALL.frame["chapters"][chapter][part]
    assert lix("Kommunalbestyrelsesmedlemmernes budgetbehandlingsprocedurer fordrer gennemsigtighed.") > 60
    assert lix(text) <= 40


def lix(text):
    """Words a sentence, plus the share of words longer than six letters in per cent."""
    words = re.findall(r"[^\W\d_]+", text)
    sentences = [part for part in re.split(r"[.?!:](?=\s|$)", text) if part.strip()]
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def test_week_after_the_meeting_names_what_there_is():
    after, questions = ALL.after, {question.key for question in ALL.questions}
    posts = {post["key"] for evening in after.workshops for post in evening.posts} | set(BY_KEY)
    assert {fate.question for fate in after.fates} <= questions
    assert {evening.slug for evening in after.workshops} == {workshop.slug for workshop in ALL.workshops}
    for question in after.all_questions():
        assert question.author in ALL.people and len(question.text) <= 300
        assert MEETING < question.at < ALL.meeting["ends_at"], question.key
    for evening in after.workshops:
        assert all(post["after"] in BY_KEY and post["author"] in ALL.people for post in evening.posts)
        assert all(point["posts"] and set(point["posts"]) <= posts for point in evening.points)
    assert set(after.minutes["posts"]) <= posts
