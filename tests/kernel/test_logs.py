"""The log: a line a record, whatever strangers put into it, and no personal data."""

import importlib.util
import io
import logging

import pytest

from forsamlingshus.kernel import live, logs
from forsamlingshus.kernel.web import ROOT

CPR = "140245-5019"  # a made-up number: born in a year to come


def written(message, *args, exc_info=None):
    record = logging.LogRecord("forsamlingshus", logging.ERROR, "file.py", 1, message, args, exc_info)
    return logs.OneLine(logs.FORMAT).format(record)


def raised(words):
    try:
        raise ValueError(words)
    except ValueError as error:
        return type(error), error, error.__traceback__


def test_a_fault_is_one_line_with_its_traceback():
    plain = logging.Formatter().format(logging.LogRecord("x", 40, "f", 1, "fault", (), raised("a\nb")))
    assert len(plain.splitlines()) > 3
    line = written("fault %s", "1A2B3C4D", exc_info=raised("a\nb"))
    assert len(line.splitlines()) == 1
    assert "fault 1A2B3C4D" in line and "test_logs.py" in line and line.endswith(r"ValueError: a\nb")


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b", "\x00", "\x85", "\u2028", "\u202e", "\u200b", "\ud800"])
def test_nobody_makes_a_line_or_moves_the_cursor(sign):
    line = written("asked for %s", f"x{sign}2026-01-01 INFO forged")
    assert sign not in line
    assert len(line.splitlines()) == 1
    line.encode()  # can be written, as a lone surrogate could not


def test_what_a_person_typed_does_not_stand_in_an_errors_words():
    line = written("fault", exc_info=raised(f"bad value 'Nr. {CPR}, ole@example.dk'"))
    assert CPR not in line and "ole@" not in line
    assert line.endswith("ValueError: bad value 'Nr. [cpr], [email]'")


def test_a_record_keeps_its_end_when_it_is_endless():
    line = written("fault %s", "x" * 100_000, exc_info=raised("the reason"))
    assert len(line) < logs.LONGEST + 300
    assert line.endswith("ValueError: the reason")


@pytest.mark.parametrize("name", ["engineio.server", "socketio.server"])
def test_socket_library_writes_through_our_log_alone(app, name):
    """It would add a handler of its own, which writes a second line in another form."""
    logger = logging.getLogger(name)
    assert (logger.handlers, logger.level, logger.propagate) == ([], logging.ERROR, True)
    assert {live.socketio.server.logger.name, live.socketio.server.eio.logger.name} == {
        "socketio.server",
        "engineio.server",
    }


def test_server_writes_one_line_too(monkeypatch, tmp_path):
    from gunicorn.config import Config

    monkeypatch.setenv("FORSAMLINGSHUS_DATA_DIR", str(tmp_path))
    spec = importlib.util.spec_from_file_location("gunicorn_conf", ROOT / "deploy" / "gunicorn.conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    logger = module.logger_class(Config())
    logger.error("Error handling request %s", "/x\nforged", exc_info=raised("deep"))
    logger.error_log.handlers.clear()
    assert len(stream.getvalue().splitlines()) == 1
    assert "ValueError: deep" in stream.getvalue()
