"""Every program that loads data or trains ends as it really does, and every assignment has the shapes that it really has."""

from __future__ import annotations

import pytest

from tests.conformance.torch_data import hold

KNOWN = hold.truth()
PROGRAMS = hold.programs()


def test_all_are_recorded() -> None:
    assert PROGRAMS.keys() == KNOWN.keys()


@pytest.mark.parametrize("name", sorted(PROGRAMS))  # type: ignore[untyped-decorator,unused-ignore]
def test_program(name: str) -> None:
    wrong, _, _ = hold.held(name, PROGRAMS[name], KNOWN[name])
    assert not wrong, "\n".join(wrong)


def test_little_is_unknown() -> None:
    _, same, unknown = hold.compare()
    assert unknown <= 0.05 * (same + unknown), f"{unknown} names of {same + unknown} are not known"
