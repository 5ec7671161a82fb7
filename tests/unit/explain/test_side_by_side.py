"""``docs/side_by_side.md`` is the current one."""

from __future__ import annotations

from foreshape.dev import side_by_side


def test_page_is_current() -> None:
    """``python -m foreshape.dev.side_by_side`` where this fails."""
    assert side_by_side.PAGE.read_text(encoding="utf-8") == side_by_side.page()


def test_every_program_is_on_the_page() -> None:
    assert sorted(f"{name}.py" for name in side_by_side.ORDER) == sorted(
        each.name for each in side_by_side.FOLDER.glob("*.py")
    )
