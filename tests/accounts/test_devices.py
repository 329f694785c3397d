from datetime import timedelta

import pytest

from forsamlingshus.accounts import devices
from forsamlingshus.kernel import clock, i18n

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/127.0 Safari/537.36 Edg/127.0": "Edge/Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox/Windows",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/127.0 Mobile Safari/537.36": "Chrome/Android",
    "Mozilla/5.0 (Android 13; SM-S911B) SamsungBrowser/25.0 Chrome/121.0 Mobile Safari": "Samsung Internet/Android",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1": "Safari/iPhone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Mobile Safari/604.1": "Chrome/iPhone",
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) FxiOS/128.0 Mobile Safari/605.1": "Firefox/iPad",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.5 Safari/605.1.15": "Safari/Mac",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/127.0 Safari/537.36 OPR/112.0": "Opera/Linux",
    "Mozilla/5.0 (X11; CrOS x86_64 14541) AppleWebKit/537.36 Chrome/127.0 Safari/537.36": "Chrome/ChromeOS",
    "curl/8.5.0": "/",
    "": "/",
    "Mozilla/5.0 (X11; Linux x86_64) Something": "/Linux",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_device_is_recognised(agent):
    assert devices.recognise(agent) == AGENTS[agent]


def test_device_is_named_in_words(app_context):
    named = [devices.in_words(device) for device in ("Chrome/Android", "/Linux", "Chrome/", "/", "")]
    assert named == ["Chrome på Android", "Linux", "Chrome", "Ukendt enhed", "Ukendt enhed"]


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=20), "lige nu"),
        (timedelta(minutes=3), "for 3 minutter siden"),
        (timedelta(hours=26), "for 1 dag siden"),
    ],
)
def test_log_in_is_told_by_the_machine_s_clock_whatever_the_demo_says(app, passed, words):
    with app.test_request_context("/"):
        assert i18n.ago(clock.machine_now() - passed) == words
