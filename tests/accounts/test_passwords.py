import threading
import time

import pytest

from forsamlingshus.accounts import passwords

ABOUT = ("anne.bjerre@example.org", "Anne Bjerre")


@pytest.mark.parametrize(
    "password",
    [
        "password12",
        "P4ssw0rd!23",
        "p@$$w0rd!!",
        "passwordpassword",
        "dragon12345",
        "dragondragon1",
        "1234567890",
        "0987654321",
        "9012345678",
        "qwertyuiop",
        "aaaaaaaaaab",
        "abcabcabcabc",
        "sommer2024!",
        "Albertslund2024",
        "Forsamlingshuset!",
        "bjerre1234",
        "anne.bjerre",
        "Anne Bjerre",
        "anne.bjerre@example.org",
    ],
)
def test_password_common(password):
    assert passwords.is_common(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "korrekt hest batteri",
        "xT7!kqPz0w",
        "4829174620",
        "æbleskiver på torsdag",
        "🙂🐝🌧🍞🎈🌲🐞🦆🍎🌻",
        "!!##%%&&//",
        "          x1y2z3",
    ],
)
def test_password_not_common(password):
    assert not passwords.is_common(password, about=ABOUT)


def test_list_covers_the_three_thousand_most_common():
    assert len(passwords._common()) > 3000
    assert "@" not in passwords._NOBODYS


def test_password_fits_only_itself():
    stored = passwords.hash_password("  æbler og pærer  ")
    assert passwords.verify(stored, "  æbler og pærer  ")
    assert not passwords.verify(stored, "æbler og pærer")
    assert not passwords.verify(stored, "  Æbler og pærer  ")


def test_password_fits_however_its_letters_are_composed():
    stored = passwords.hash_password("blå bær i skoven")
    assert passwords.verify(stored, "bla\u030a bær i skoven")


def test_password_of_the_greatest_length_counts_to_its_last_letter():
    stored = passwords.hash_password("a1" * 64)
    assert passwords.verify(stored, "a1" * 64)
    assert not passwords.verify(stored, "a1" * 63 + "a2")


def test_password_with_any_characters():
    for password in ("nul\x00 i midten", "' OR 1=1; --", "\U0001f600" * 30, "linje\nskift og tab\t"):
        assert passwords.verify(passwords.hash_password(password), password)


def test_no_hash_fits_nothing():
    assert not passwords.verify(None, "korrekt hest batteri")
    assert not passwords.verify("not a hash", "korrekt hest batteri")


def test_nobodys_hash_costs_what_every_hash_costs():
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODYS)
    assert "m=19456,t=2,p=1" in passwords.hash_password("korrekt hest batteri")


def test_hashes_run_two_at_a_time(monkeypatch):
    running, most, lock = [0], [0], threading.Lock()

    class Slow:
        def verify(self, *_args):
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            time.sleep(0.02)
            with lock:
                running[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords.verify, args=("x", "y")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 2
