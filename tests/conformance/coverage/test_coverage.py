"""The page on coverage is what the registry says."""

from __future__ import annotations

from foreshape.dev import coverage


def test_the_page_is_what_the_script_prints() -> None:
    """Run ``python -m foreshape.dev.coverage`` where this fails."""
    assert coverage.PAGE.read_text(encoding="utf-8") == coverage.render()


def test_every_known_layer_says_its_versions() -> None:
    """A layer that only one Keras has is not counted for the other."""
    assert coverage.is_known("keras.layers.GroupQueryAttention", "3.15")
    assert not coverage.is_known("keras.layers.GroupQueryAttention", "2.15")
    assert coverage.is_known("keras.layers.RandomHeight", "2.15")
    assert not coverage.is_known("keras.layers.RandomHeight", "3.15")
    assert coverage.bounds("keras.layers.RandomHeight") == "until 3"
    assert coverage.bounds("keras.layers.Dense") == ""


def test_methods_of_bases_count() -> None:
    """``adapt`` stands with the class that both lookups derive from."""
    assert coverage.is_known("keras.layers.StringLookup.adapt", "3.15")
    assert not coverage.is_known("keras.layers.StringLookup.no_such_method", "3.15")
