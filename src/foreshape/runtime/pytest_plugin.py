"""The pytest plugin: a failing test gets a section with the explanation. Off with ``-p no:foreshape``."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest


@pytest.hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, None]:
    outcome = yield
    if call.excinfo is None or call.when != "call" or not isinstance(call.excinfo.value, Exception):
        return
    if isinstance(call.excinfo.value, AssertionError):
        return
    from foreshape.runtime.explaining import explanation

    text = explanation(call.excinfo.value)
    if text:
        outcome.get_result().sections.append(("foreshape", text))
