"""Which public names are free to take, how names and addresses are compared, and who may take the word from whom."""

import re
import unicodedata

from forsamlingshus.kernel.permissions import Who

MIN_NAME, MAX_NAME = 2, 40

# Letters of other alphabets that a reader takes for Latin ones; compatibility forms (full width, circled) go by NFKC.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаветкмнорсухѕіјӏԁһүԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαεηικνορτυχγϲ" + "օսոհ",
    "ABESIJKMHOPCTYXabetkmhopcyxsijldhyw" + "ABEZHIKMNOPTYXaenikvoptuxyc" + "ounh",
)
_NAMED = re.compile(r"(?:LATIN|REGIONAL) .*LETTER (?:[A-Z ]+ )?([A-Z])(?: WITH .*)?$")
_DIGITS_AS_LETTERS = str.maketrans("013457@$|!8", "oieastasiib")
_CONFUSABLE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# Letters by their category, yet drawn as nothing.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_HIDDEN_KINDS = frozenset({"Cf", "Cc", "Co", "Cn", "Cs", "Zl", "Zp"})


def may_mute(who: Who, scope_key: str) -> bool:
    """Staff anywhere; facilitators in what they facilitate, never in the whole house."""
    return who.is_staff or who.facilitates(scope_key)


def tidy_name(name: str | None) -> str:
    """A name in its plain form: compatibility letters resolved, one space between words, no emoji style marks."""
    text = unicodedata.normalize("NFKC", name or "").translate({0xFE0E: None, 0xFE0F: None})
    return " ".join(text.split())


def plain_address(email: str) -> str:
    """An e-mail address as it is stored and looked up: letter case does not count, nor how a letter was composed."""
    return unicodedata.normalize("NFC", email).strip().lower()


def has_hidden_letters(name: str) -> bool:
    """True for characters that cannot be seen, turn the writing direction or pile up: all are used to fake a name."""
    kinds = [unicodedata.category(letter) for letter in name]
    piled = any(kinds[i : i + 3] == ["Mn"] * 3 for i in range(len(kinds)))
    selectors = any("\ufe00" <= letter <= "\ufe0f" for letter in name)
    return piled or selectors or not _HIDDEN_KINDS.isdisjoint(kinds) or not _BLANK.isdisjoint(name)


def mixes_alphabets(name: str) -> bool:
    """True when one word holds letters of alphabets that look alike, such as a Cyrillic о among Latin letters."""
    return any(len(_alphabets(word) & _CONFUSABLE) > 1 for word in re.split(r"[\s\-]+", name))


def name_key(name: str) -> str:
    """What two names must not share: the letters and digits that a reader sees, without case, accents and spaces."""
    return "".join(letter for letter in _as_read(name) if letter.isalnum())[:80]


def imitates_a_guest(name: str) -> bool:
    """True for "Gæst 27" and its like, which the house gives to guests without a name."""
    return re.fullmatch(r"(gæst|gaest|gast|guest)\d+", name_key(name)) is not None


def imitates_a_role(name: str) -> bool:
    """True when a name reads like the municipality's own voice, also in look-alike letters or spread with dots.

    A tick is how other sites mark whom they have checked, so it looks like a badge of ours.
    """
    if not _TICKS.isdisjoint(name):
        return True
    words = [_skeleton(word) for word in _as_read(name).split()]
    together = _skeleton("".join(words))
    return (
        any(part in together for part in _ANYWHERE)
        or any(part in word for part in _IN_A_WORD for word in words)
        or together in _IN_A_WORD
        or not _WHOLE.isdisjoint([*words, together])
    )


def _alphabets(word: str) -> set[str]:
    # The first word of a letter's name is its alphabet: CYRILLIC SMALL LETTER O.
    letters = [letter for letter in word if unicodedata.category(letter) in {"Lu", "Ll", "Lt", "Lo"}]
    return {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}


def _as_read(name: str) -> str:
    """The Latin letters that a hurried reader sees, in lower case and without accents."""
    text = unicodedata.normalize("NFKC", name).translate(_LOOKALIKES)
    text = unicodedata.normalize("NFKD", text)
    return "".join(_latin(letter) for letter in text if not unicodedata.combining(letter)).casefold()


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    named = _NAMED.search(unicodedata.name(letter, ""))
    return named.group(1) if named else letter


def _skeleton(word: str) -> str:
    """Only letters; digits read as letters, i and l as one, rn as m, and no letter twice in a row."""
    letters = re.sub(r"[^a-z]", "", word.translate(_DIGITS_AS_LETTERS))
    return re.sub(r"(.)\1+", r"\1", letters.replace("rn", "m").replace("l", "i"))


# Long enough to look for across the spaces; "radhus" is not (Konrad Husted), nor "ansat" (Johan Sattrup).
_ANYWHERE = tuple(map(_skeleton, (
    "kommune", "kommunal", "municipal", "forvaltning", "medarbejder", "sagsbehandler", "ordstyrer", "facilitator",
    "moderator", "administrator", "administration", "webmaster", "borgmester", "direktor", "direktoer", "council",
    "forsamlingshus", "slettetbruger", "deleteduser", "borgerservice", "sekretariat", "anonymous",
    "embedsmand", "embedskvinde", "embedsfolk", "embedsvaerk", "embedsværk", "civilservant", "publicservant",
    "okonomichef", "oekonomichef", "budgetchef", "financedirector", "modeleder", "moedeleder", "meetingleader",
    "chairman", "chairwoman", "chairperson",
)))  # fmt: skip
_IN_A_WORD = tuple(map(_skeleton, ("byraad", "raadhus", "official", "officiel", "anonym")))
_WHOLE = frozenset(map(_skeleton, ("staff", "admin", "admins", "ansat", "ansatte", "mayor", "system", "dirigent")))
_TICKS = frozenset("\u2705\u2611\u2713\u2714\U0001f5f8\U0001f5f9")
