"""The admin API of the mock server, for tests in other languages."""

from __future__ import annotations

from appcode_contract.admin.service import PREFIX, Admin, is_loopback

__all__ = ["PREFIX", "Admin", "is_loopback"]
