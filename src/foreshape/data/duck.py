"""DuckDB, the embedded engine: it reads CSV and Parquet of any size as a stream of Arrow batches, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from foreshape.data.kernel import BATCH_ROWS


def _connection() -> Any:
    import duckdb

    made = duckdb.connect(":memory:")
    made.execute("SET preserve_insertion_order = true")
    return made


def _relation(path: str) -> str:
    quoted = path.replace("'", "''")
    if path.endswith((".csv", ".tsv")):
        return f"read_csv('{quoted}', sample_size=-1)"  # the type of a column is what all of its rows allow
    return f"read_parquet('{quoted}')"


def csv_schema(path: str) -> pa.Schema:
    """The columns of a CSV file with the types that all of its rows allow. Raises ValueError."""
    found = _run(f"SELECT * FROM {_relation(path)} LIMIT 0").schema
    between = next((sign for sign in ",;\t|" if sign in found.names[0]), None) if len(found.names) == 1 else None
    if between is not None:
        raise ValueError(_uneven(path, between))
    return found


def _uneven(path: str, between: str) -> str:
    """Which line has another number of columns, so that none could be told apart."""
    import csv

    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=between)
        wanted = len(next(rows, []))
        for row in rows:
            if row and len(row) != wanted:
                have = f"{len(row)} column{'' if len(row) == 1 else 's'}"
                return f"line {rows.line_num} has {have}, but the first line has {wanted}"
    return f"its columns cannot be told apart, although {between!r} stands between them"


def read_file(path: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows of a file. Raises ValueError with the reason where it cannot be read."""
    chosen = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    yield from _run(f"SELECT {chosen} FROM {_relation(path)}")


def _run(query: str) -> Any:
    import duckdb

    try:
        relation = _connection().sql(query)
        reader = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader  # its name before 2.0
        return reader(BATCH_ROWS)
    except duckdb.Error as error:
        raise ValueError(str(error).strip().splitlines()[0]) from None
