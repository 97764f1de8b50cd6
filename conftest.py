"""What every test session of this project needs: pytester, which runs pytest inside a test."""

from __future__ import annotations

pytest_plugins = ["pytester"]
