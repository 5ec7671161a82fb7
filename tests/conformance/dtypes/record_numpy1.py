"""Record what NumPy 1 promotes to: `python record_numpy1.py numpy1.json` with a NumPy before 2 (1.26.4 was used)."""

from __future__ import annotations

import json
import sys
import warnings

import numpy as np

INTEGER_DTYPES = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
DTYPES = ["bool", *INTEGER_DTYPES, "float16", "float32", "float64", "complex64", "complex128"]
INTEGERS = [1, -1, 127, 128, 200, 255, 256, 1000, -129, 40000, 70000, -40000, 2**31, 2**33, -(2**40)]
FLOATS = [1.0, -3.5, 1e5, 1e39, float("inf")]
COMPLEXES = [1j, 1e39j]


def cases() -> list[list[object]]:
    """[dtype of the array, what the other one is, its value, its dtype or Python type, the result]."""
    found: list[list[object]] = []
    for dtype in DTYPES:
        array = np.ones(2, dtype)
        for value in [*INTEGERS, *FLOATS, *COMPLEXES, True]:
            written = [value.real, value.imag] if isinstance(value, complex) else value
            result = str(np.result_type(array, value))
            found.append([dtype, "python", written, type(value).__name__, result])
        for other in DTYPES:
            found.append([dtype, "scalar", 1, other, str(np.result_type(array, np.ones((), other)))])
            found.append([dtype, "array", 1, other, str(np.result_type(array, np.ones(2, other)))])
    return found


if __name__ == "__main__":
    if int(np.__version__.split(".", maxsplit=1)[0]) >= 2:
        sys.exit("needs NumPy 1")
    warnings.simplefilter("ignore")
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        lines = ",\n".join(json.dumps(case) for case in cases())
        file.write(f'{{"numpy": "{np.__version__}", "cases": [\n{lines}\n]}}\n')
