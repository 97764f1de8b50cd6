"""Where a test's accounts are kept until its report is made: texts, so that they can come from another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACCOUNTS: Final = pytest.StashKey[list[str]]()


def keep_account(item: pytest.Item, account: str) -> None:
    """Keep what was seen in a test, beside what is kept already.

    Args:
        item: The test.
        account: What ``appcode_contract.reporting.session`` made of it.
    """
    item.stash.setdefault(_ACCOUNTS, []).append(account)


def accounts_of(item: pytest.Item) -> Sequence[str]:
    """Give what was kept.

    Args:
        item: The test.

    Returns:
        The accounts, in their order.
    """
    return item.stash.get(_ACCOUNTS, [])


def wants_accounts(config: pytest.Config) -> bool:
    """Say whether a session writes a report of its accounts.

    Args:
        config: The session's.

    Returns:
        Whether ``--appcode-report`` was given.
    """
    return bool(config.getoption("appcode_report", None))
