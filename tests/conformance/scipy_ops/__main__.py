"""``python -m tests.conformance.scipy_ops [--record]``."""

from __future__ import annotations

import os
import sys

from tests.conformance.pandas_ops.runner import compare, record
from tests.conformance.scipy_ops import cases

TRUTH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "truth.json")

if __name__ == "__main__":
    if "--record" in sys.argv:
        record(cases.PRELUDE, cases.CASES, TRUTH)
    else:
        sys.exit(1 if compare(cases.PRELUDE, TRUTH)["wrong"] else 0)
