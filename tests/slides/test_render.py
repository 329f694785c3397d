"""The renderer's sums and its cleaning of texts; what it draws is tested through the converter."""

import itertools

import pytest

from forsamlingshus.slides import render


def test_sizes_never_pass_the_limits() -> None:
    sides = [10.0**power * factor for power in range(-4, 8) for factor in (1, 1.37, 2.001, 9.99)]
    for width, height in itertools.product(sides, sides):
        across, down = render.pixels(width, height)
        assert 1 <= across <= 1600
        assert 1 <= down <= min(16_383, 25_000_000 // across)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\r\nb\rc\x0bd\u2028e", "a\nb\nc\nd\ne"),
        ("\0a\x07\x1b[2J\x85b\x9f\ud800", "a[2J\nb"),
        ("bud\ufffeget, Lolland\ufffeFalster, drift\ufffeog anlæg", "budget, Lolland-Falster, drift- og anlæg"),
        ("A\u030arhus\tØ \n\n", "Århus Ø"),
        ("x" * 30_000, "x" * 20_000),
    ],
)
def test_text_is_cleaned(raw: str, clean: str) -> None:
    assert render.cleaned(raw) == clean
