"""The pytest plugin: a failing test gets a section with the explanation. Off with ``-p no:foreshape``."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import pytest

MOST: Final = 20
"""Failures of a session that are explained: where everything fails, nobody reads more, and waiting for it is in the way."""

_EXPLAINED: Final = pytest.StashKey[int]()


@pytest.hookimpl(hookwrapper=True)  # type: ignore[untyped-decorator]
def pytest_runtest_makereport(item: Any, call: Any) -> Generator[None, Any, None]:
    """Of the test itself and of what its fixtures raise; not of failures that were expected."""
    outcome = yield
    if call.excinfo is None or not isinstance(call.excinfo.value, Exception):
        return
    report = outcome.get_result()
    explained = item.config.stash.get(_EXPLAINED, 0)
    if not report.failed or isinstance(call.excinfo.value, AssertionError) or explained >= MOST:
        return
    from foreshape.runtime.explaining import explanation

    item.config.stash[_EXPLAINED] = explained + 1
    text = explanation(call.excinfo.value)
    if text:
        report.sections.append(("foreshape", text))
