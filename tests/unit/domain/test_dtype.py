"""Names and promotion of element types, as far as they can be stated without the libraries."""

from __future__ import annotations

import pytest

from foreshape.domain import dtype as dt


@pytest.mark.parametrize(
    ("written", "library", "name"),
    [
        ("<f4", "numpy", "float32"),
        ("float", "numpy", "float64"),
        ("float", "torch", "float32"),
        ("torch.long", "torch", "int64"),
        ("int", "torch", "int32"),
        ("tf.float32", "tensorflow", "float32"),
        ("string", "keras", "str"),
        ("U5", "numpy", "str"),
        ("<U12", "numpy", "str"),
        ("datetime64[ns]", "numpy", "datetime64"),
        ("float33", "numpy", None),
        ("weak int", "numpy", None),
        ("bfloat16", "torch", "bfloat16"),
    ],
)
def test_canonical_names(written: str, library: str, name: str | None) -> None:
    assert dt.canonical(written, library) == name


def test_scalars_beside_arrays() -> None:
    assert dt.promote_numpy2("float32", "weak float") == "float32"
    assert dt.promote_numpy2("float32", "float64") == "float64"
    assert dt.promote_numpy1("float32", "float64", b_scalar=True) == "float32"
    assert dt.promote_numpy1("float32", "float64") == "float64"
    assert dt.promote_numpy2("int32", "weak float") == "float64"
    assert dt.promote_numpy1("uint8", "weak int", b_value=300) == "uint16"
    assert dt.promote_numpy2("uint8", "weak int") == "uint8"
    assert dt.promote_numpy2("weak int", "weak float") == "weak float"
    assert dt.default_numpy("weak float") == "float64"
    assert dt.promote_torch("int64", "weak float") == "float32"
    assert dt.promote_torch("float32", ("float64", 1)) == "float32"
    assert dt.promote_keras("int64", "float32") == "float32"
    assert dt.promote_keras("int32", "weak float", floatx="float16") == "float16"


def test_kinds() -> None:
    assert dt.is_integer("uint8")
    assert not dt.is_integer("bool")
    assert dt.is_floating("bfloat16")
    assert dt.is_complex("complex64")
    assert not dt.is_number("object")
    assert dt.width("float16") == 2
    assert dt.kind("nonsense") == "?"
    assert dt.of_python(True) == "bool"
    assert dt.of_python(3) == "weak int"
    assert dt.real_part("complex64") == "float32"
    assert dt.promote_types("float32", "nonsense") is None


def test_casting() -> None:
    assert dt.can_cast("int32", "float64")
    assert not dt.can_cast("int64", "float32")
    assert dt.can_cast("float64", "float32", "same_kind")
    assert not dt.can_cast("float64", "int64", "same_kind")
    assert dt.can_cast("float64", "int64", "unsafe")
