"""Where a test's accounts are kept until its report is made: texts, so that they can come from another process."""

from __future__ import annotations

from typing import Final

import pytest

_ACCOUNTS: Final = pytest.StashKey[list[str]]()


def keep_account(item: pytest.Item, account: str) -> None:
    """Keep what was seen in a test, beside what is kept already.

    Args:
        item: The test.
        account: What ``appcode_contract.reporting.session`` made of it.
    """
    item.stash.setdefault(_ACCOUNTS, []).append(account)


def take_accounts(item: pytest.Item) -> list[str]:
    """Give what was kept, and keep it no longer: a test may be run again.

    Args:
        item: The test.

    Returns:
        The accounts, in their order.
    """
    accounts = item.stash.get(_ACCOUNTS, [])
    item.stash[_ACCOUNTS] = []
    return accounts


def wants_accounts(config: pytest.Config) -> bool:
    """Say whether a session writes a report of its accounts.

    Args:
        config: The session's.

    Returns:
        Whether ``--appcode-report`` was given.
    """
    return bool(config.getoption("appcode_report", None))
