"""``python -m tests.conformance.sklearn_ops [--record]``."""

from __future__ import annotations

import os
import sys

from tests.conformance.pandas_ops.runner import compare, compare_together, record
from tests.conformance.sklearn_ops import cases, families

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "truth.json")
FAMILIES = os.path.join(HERE, "truth_families.json")

if __name__ == "__main__":
    only = "--families" in sys.argv
    if "--record" in sys.argv:
        if not only:
            record(cases.PRELUDE, cases.CASES, TRUTH)
        record(families.PRELUDE, families.CASES, FAMILIES)
    else:
        wrong = 0 if only else compare(cases.PRELUDE, TRUTH)["wrong"]
        sys.exit(1 if wrong + compare_together(families.PRELUDE, FAMILIES)["wrong"] else 0)
