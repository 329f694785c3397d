"""Fixtures of the accounts tests: an account, its browser, another browser, and the rows as they stand."""

import pytest
from sqlalchemy import select


@pytest.fixture
def other(app):
    """Another browser."""
    return app.test_client()


@pytest.fixture
def account(build):
    return build.user("Anne Bjerre", email="anne@example.org")


@pytest.fixture
def signed_in(client, account):
    """The browser of `account`, logged in."""
    assert client.log_in(account).status_code == 303
    return client


@pytest.fixture
def rows(session):
    """Read rows as they stand in the database now."""

    def read(model, **where):
        session.rollback()
        session.expire_all()
        return list(session.scalars(select(model).filter_by(**where)))

    return read
