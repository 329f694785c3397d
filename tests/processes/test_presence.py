"""How many are present, counted by several real processes through a real Redis."""

import subprocess
import sys
from pathlib import Path

import pytest

from forsamlingshus.kernel import shared, shares
from forsamlingshus.kernel.shares import EXPIRES, PROCESSES, Shares
from tests.processes.people import until

TOPIC = "stage:1"
ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, threading
from forsamlingshus.kernel.shares import Shares
Shares(sys.argv[1], lambda: {"stage:1": 3}, lambda topic: None).begin()
threading.Event().wait()
"""


@pytest.fixture
def client(redis):
    client = shared.connect(redis.url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def share(redis):
    """A process's share: what it holds, and of what it heard that the others' part has changed."""

    def make(**own):
        heard = []
        made = Shares(
            redis.url, lambda: {f"stage:{number.strip('_')}": count for number, count in own.items()}, heard.append
        )
        made.heard, made.holds = heard, own
        return made

    return make


def test_page_of_any_process_tells_the_sum(client, share):
    one, other, web = share(_1=2), share(_1=5, _2=1), share()
    for each in (one, other, web):
        each.say()
    assert [each.total(TOPIC, each.holds.get("_1", 0)) for each in (one, other, web)] == [7, 7, 7]
    assert one.total("stage:2", 0) == 1 and one.total("stage:9", 0) == 0


def test_process_hears_that_the_others_part_changed_and_only_then(client, share):
    one, other = share(_1=2), share(_1=5)
    one.say()
    assert one.heard == []
    other.say()
    one.say()
    one.say()
    assert one.heard == [TOPIC]
    other.holds.clear()
    other.say()
    one.say()
    assert one.heard == [TOPIC, TOPIC] and one.total(TOPIC, 2) == 2


def test_share_that_nobody_renews_goes_by_itself(client, share):
    one, other = share(_1=2), share(_1=5)
    one.say()
    other.say()
    [name] = [name for name in client.keys(f"{PROCESSES}:*") if client.hget(name, TOPIC) == b"5"]
    assert 0 < client.ttl(name) <= EXPIRES
    client.expire(name, 0)
    assert one.total(TOPIC, 2) == 2


def test_killed_process_is_forgotten(redis, client, share):
    one = share(_1=2)
    killed = subprocess.Popen([sys.executable, "-c", HOLDER, redis.url], cwd=ROOT)
    try:
        until(lambda: one.total(TOPIC, 2) == 5, 20)
    finally:
        killed.kill()
        killed.wait()
    assert one.total(TOPIC, 2) == 5  # nobody has told that it is gone
    until(lambda: one.total(TOPIC, 2) == 2, 15)


def test_each_tells_its_own_count_while_redis_is_away_and_the_sum_when_it_is_back(redis, client, share, monkeypatch):
    monkeypatch.setattr(shares, "LET_BE", 0)
    one, other = share(_1=2), share(_1=5)
    one.say()
    other.say()
    assert one.total(TOPIC, 2) == 7
    redis.kill()
    try:
        one.say()
        assert one.total(TOPIC, 2) == 2
    finally:
        redis.start()
    other.say()
    assert one.total(TOPIC, 2) == 7
