"""Every case of the tables, once, with a title. No framework is imported here.

python tests/conformance/keras_layers/cases.py        counts per layer
"""

from __future__ import annotations

import collections
from collections.abc import Iterator

import cases_convolution
import cases_core
import cases_preprocessing
import cases_recurrent
from tables import Case, title


def cases() -> Iterator[Case]:
    """Every different case, in a fixed order, with its ``title``."""
    seen = set()
    for module in (cases_core, cases_recurrent, cases_convolution, cases_preprocessing):
        for one in module.cases():
            name = title(one)
            if name not in seen:
                seen.add(name)
                yield {"title": name, **one}


if __name__ == "__main__":
    counts = collections.Counter(one["layer"].rsplit(".", 1)[1] for one in cases())
    for name, count in sorted(counts.items()):
        print(f"{count:5}  {name}")
    print(f"{sum(counts.values()):5}  in {len(counts)} layers")
