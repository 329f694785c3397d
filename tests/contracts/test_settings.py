"""Settings: typed, and refused with a sentence that says what to do."""

import pytest

import config


def load(**values):
    return config.load({f"FORSAMLINGSHUS_{name.upper()}": value for name, value in values.items()})


def test_defaults_are_a_local_instance_on_sqlite(tmp_path):
    settings = load(data_dir=str(tmp_path))
    assert settings.database_url == f"sqlite:///{tmp_path / 'forsamlingshus.db'}"
    assert (settings.threads, settings.socket_cap, settings.secure) == (384, 320, False)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"databse_url": "sqlite:///x"}, "is not a setting"),
        ({"threads": "many"}, "whole number"),
        ({"threads": "-1"}, "whole number"),
        ({"threads": "٣٠٠"}, "whole number"),
        ({"threads": "100", "socket_cap": "90"}, "64 threads are kept"),
        ({"database_url": "mysql://x"}, "must begin with sqlite"),
        ({"redis_url": "http://h"}, "must begin with redis"),
        ({"role": "live"}, "PostgreSQL"),
        ({"port": "0"}, "whole number from 1 to 65535"),
        ({"public_url": "forsamlingshus.example"}, "must be an address"),
        ({"public_url": "https://forsamlingshus.example"}, "SECRET_KEY must be set"),
        ({"secret_key": "short"}, "at least 32"),
        ({"default_language": "sv"}, "one of da, en"),
        ({"demo_password": "1234"}, "at least 8"),
    ],
)
def test_wrong_setting_is_refused_with_a_sentence(values, sentence):
    with pytest.raises(config.SettingsError, match=sentence):
        load(**values)


def test_public_address_follows_the_port_unless_it_is_given():
    assert load().public_url == "http://127.0.0.1:8000"
    assert load(port="8080").public_url == "http://127.0.0.1:8080"
    assert load(port="8080", public_url="http://localhost:1").public_url == "http://localhost:1"


def test_secret_key_of_a_local_instance_is_random_kept_and_private(tmp_path):
    settings = load(data_dir=str(tmp_path))
    key = config.secret_key(settings)
    assert len(key) >= 60
    assert config.secret_key(settings) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert config.secret_key(load(data_dir=str(tmp_path / "other"))) != key
