"""Passwords: argon2 hashes with a bounded cost, and the rules for a new password."""

import re
import threading
import unicodedata
from collections.abc import Collection
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# 19 MiB, 2 passes: about 40 ms. The library's default of 136 ms would hold up a hall that logs in at once.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(2)

MIN_LENGTH, MAX_LENGTH = 10, 128

# Of a random password that nobody has, so that an unknown account costs exactly one check, the first time too.
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$3yC2lELP0wbp7B+GjKprJg$s+FXIYfOjuHQR9ndFSC/SfC/oaONClMK5X87IlVbTvo"

_COMMON_FILE = Path(__file__).with_name("common_passwords.txt")
# What a guesser of this place and language adds to the list.
_OUR_WORDS = frozenset({
    "adgangskode", "kodeord", "hemmeligt", "velkommen", "sommer", "vinter", "efterår", "forår", "danmark", "københavn",
    "albertslund", "forsamlingshus", "forsamlingshuset", "kommune", "kommunen", "budget", "borger", "borgermøde",
    "borgermoede", "medarbejder", "ordstyrer", "administrator",
})  # fmt: skip
_KEYS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_ROWS = tuple(row for keys in _KEYS for row in (keys * 3, keys[::-1] * 3))
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_AS_LETTERS = str.maketrans("013457@$!", "oieastasi")


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    with _at_once:
        return _hasher.hash(_plain(password))


def verify(password_hash: str | None, password: str) -> bool:
    """True when the password fits. Takes as long for no hash at all: time must not tell which accounts exist."""
    with _at_once:
        try:
            # Far above the limit, also for composed letters: a megabyte of password is not worth hashing.
            fits = _hasher.verify(password_hash or _NOBODYS, _plain(password[: MAX_LENGTH * 8]))
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None


def is_common(password: str, *, about: Collection[str] = ()) -> bool:
    """True for a password that a guesser tries early.

    That is a common password, also with digits around it, with digits for letters or said twice; a run of the keyboard;
    few different letters; or something of `about`, which holds the person's address and name.
    """
    plain = _plain(password).casefold()
    core = _EDGES.sub("", plain)
    words = {_letters(plain), _letters(core), _letters(core.translate(_AS_LETTERS))}
    guesses = (words | {_unit(word) for word in words}) - {""}
    pieces = [piece for text in about for piece in (text, *re.split(r"[\W_]+", text), *text.split("@"))]
    own = {_letters(piece.casefold()) for piece in pieces if len(piece) > 3}
    return len(set(plain)) < 4 or not guesses.isdisjoint(_common() | own) or any(plain in row for row in _ROWS)


def _plain(password: str) -> str:
    # The same letters are composed differently on a Mac and on Windows; a password must fit on both.
    return unicodedata.normalize("NFKC", password)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


def _unit(text: str) -> str:
    """`abcabc` → `abc`: what a text repeats, or the text itself."""
    return text[: (text + text).find(text, 1)]


@cache
def _common() -> frozenset[str]:
    lines = _COMMON_FILE.read_text(encoding="utf-8").splitlines()
    return _OUR_WORDS | {line for line in lines if line and not line.startswith("# ")}
