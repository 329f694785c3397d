"""Limits follow the machine's clock, count for each key alone, and forget what they should."""

import threading

import pytest

from forsamlingshus.kernel import clock, limits
from forsamlingshus.kernel.limits import Limit, TokenBucket

THREE = Limit("three", 3, 10)


@pytest.fixture(autouse=True)
def fresh(machine_time):
    limits.forget_all()


def waits(limit, count, key="a"):
    return [limit.wait(key) for _ in range(count)]


def test_limit_lets_its_amount_through_and_then_says_how_long():
    assert waits(THREE, 4) == [0, 0, 0, 600]


def test_limit_counts_each_key_and_each_name_alone():
    waits(THREE, 4)
    assert THREE.wait("b") == 0
    assert Limit("other three", 3, 10).wait("a") == 0


def test_limit_lets_one_through_for_each_that_grows_old(machine_time):
    assert THREE.wait("a") == 0
    machine_time.shift(300)
    assert waits(THREE, 3) == [0, 0, 300]
    machine_time.shift(301)
    assert waits(THREE, 2) == [0, 299]


def test_refused_tries_do_not_make_the_wait_longer(machine_time):
    waits(THREE, 10)
    machine_time.shift(599)
    assert THREE.wait("a") <= 2
    machine_time.shift(2)
    assert THREE.wait("a") == 0


def test_limit_never_says_less_than_a_second(machine_time):
    waits(THREE, 3)
    machine_time.shift(599.9)
    assert THREE.wait("a") == 1


def test_limit_follows_the_machine_not_the_demo(at):
    waits(THREE, 3)
    at("2099-01-01T00:00:00+01:00")
    assert THREE.wait("a") == 600
    clock.start_at(None)


def test_left_counts_nothing():
    assert [THREE.left("a") for _ in range(9)] == [0] * 9
    assert waits(THREE, 3) == [0, 0, 0]
    assert THREE.left("a") == 600
    assert THREE.left("b") == 0


def test_forgive_forgets_that_key_alone():
    waits(THREE, 3)
    waits(THREE, 3, "b")
    THREE.forgive("a")
    assert THREE.wait("a") == 0
    assert THREE.wait("b") == 600


def test_give_back_forgets_one_try():
    waits(THREE, 3)
    THREE.give_back("a")
    assert waits(THREE, 2) == [0, 600]


def test_give_back_without_tries_gives_none():
    for _ in range(5):
        THREE.give_back("a")
    assert waits(THREE, 4) == [0, 0, 0, 600]


def test_many_at_once_pass_exactly_the_amount():
    thirty, passed, lock = Limit("thirty", 30, 10), [], threading.Lock()

    def try_it():
        for _ in range(10):
            wait = thirty.wait("a")
            with lock:
                passed.append(wait == 0)

    threads = [threading.Thread(target=try_it) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(passed) == 30


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        (None, "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_network_is_what_one_subscriber_has(address, network):
    assert limits.network(address) == network


def test_bucket_gives_its_burst_and_then_its_rate(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: now[0])
    bucket = TokenBucket(burst=3, per_second=2)
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] += 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] += 3600
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_tries_that_no_longer_count_are_forgotten(machine_time):
    machine_time.shift(limits.SWEEP_AFTER + 1)
    for number in range(50):
        THREE.wait(f"key {number}")
    assert len(limits.kept()) == 50
    machine_time.shift(601)
    THREE.wait("new")
    assert len(limits.kept()) == 1


def test_try_starts_no_thread():
    waits(THREE, 3)
    before = threading.active_count()
    waits(THREE, 3, key="another")
    assert threading.active_count() == before
