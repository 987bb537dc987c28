"""One transaction an action, and what it calls by which name."""

import pytest

import make
import outages
from undersigned.campaigns.tables import Campaign
from undersigned.kit import database as db
from undersigned.kit.errors import Unavailable

pytestmark = pytest.mark.usefixtures("database")


async def test_a_missing_file_inside_a_transaction_is_no_database_that_is_away() -> None:
    with pytest.raises(FileNotFoundError):
        async with db.transaction():
            await make.campaign()
            raise FileNotFoundError("the letter")
    assert await Campaign.count() == 0


async def test_a_line_that_breaks_inside_a_transaction_means_that_the_database_is_away() -> None:
    with pytest.raises(Unavailable):
        async with db.transaction():
            await make.campaign()
            await db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert await Campaign.count() == 0


async def test_a_transaction_that_cannot_begin_means_that_the_database_is_away() -> None:
    async with outages.database_away():
        with pytest.raises(Unavailable):
            async with db.transaction():
                raise AssertionError("It began.")


async def test_transactions_do_not_nest() -> None:
    async with db.transaction():
        with pytest.raises(RuntimeError, match="inside another"):
            async with db.transaction():
                pass
