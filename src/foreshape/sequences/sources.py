"""What series of numbers can come as: arrays, data frames, ``.npy`` and Parquet files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Columns = tuple[str, ...] | None


def read_series(source: Any, columns: Sequence[str] | None = None) -> tuple[NDArray[Any], Columns]:
    """The rows of a series as an array of shape (rows,) or (rows, features), and the names of its columns. It is C-contiguous, except
    for a memory-mapped file that holds its columns one after the other.

    source: an array (not copied where it is contiguous), a pandas data frame or series, a list of rows, the path of a
    ``.npy`` file (memory-mapped) or of a Parquet file (``columns`` chooses). Raises ValueError for what has no single
    number type, TypeError for what is no series.
    """
    names: Columns = None
    if isinstance(source, (str, os.PathLike)):
        array, names = _read_file(os.fspath(source), columns)
    elif hasattr(source, "to_numpy") and hasattr(source, "columns"):
        frame = source if columns is None else source[list(columns)]
        names = tuple(str(name) for name in frame.columns)
        _refuse_mixed(frame)
        array = frame.to_numpy()
    elif hasattr(source, "to_numpy"):
        array = source.to_numpy()
    else:
        array = np.asarray(source)
    if columns is not None and names is None:
        raise ValueError("columns= chooses columns by name, and an array has none. Index it instead: array[:, [0, 2]].")
    if array.dtype.kind not in "biufc":
        raise ValueError(f"A series holds numbers, but this one has dtype {array.dtype}. Convert its columns first.")
    if array.ndim not in (1, 2):
        raise ValueError(f"A series has shape (rows,) or (rows, features), but this one is {array.shape}.")
    kept = array.flags.c_contiguous or isinstance(array, np.memmap)  # a file stays where it is
    return (array if kept else np.ascontiguousarray(array)), names


def _refuse_mixed(frame: Any) -> None:
    """A frame with text or dates would become an object array, one Python object per cell."""
    strange = [f"{name} ({kind})" for name, kind in frame.dtypes.items() if getattr(kind, "kind", "O") not in "biufc"]
    if strange:
        raise ValueError(f"These columns hold no numbers: {', '.join(strange)}. Drop them, or choose others.")


def _read_file(path: str, columns: Sequence[str] | None) -> tuple[NDArray[Any], Columns]:
    if path.endswith(".npy"):
        return np.load(path, mmap_mode="r", allow_pickle=False), None
    if path.endswith((".parquet", ".pq")):
        return _read_parquet(path, columns)
    raise ValueError(f"{path} is neither .npy nor .parquet. Read it first, and hand over the array.")


def _read_parquet(path: str, columns: Sequence[str] | None) -> tuple[NDArray[Any], Columns]:
    """The columns side by side, one row group in memory besides the result."""
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(path) as file:
        names = tuple(columns) if columns is not None else tuple(file.schema_arrow.names)
        absent = [name for name in names if name not in file.schema_arrow.names]
        if absent:
            raise ValueError(f"{path} has no column {', '.join(absent)}. It has: {', '.join(file.schema_arrow.names)}.")
        kinds = [file.schema_arrow.field(name).type.to_pandas_dtype() for name in names]
        wrong = [name for name, kind in zip(names, kinds) if np.dtype(kind).kind not in "biuf"]
        if wrong:
            raise ValueError(f"These columns of {path} hold no numbers: {', '.join(wrong)}. Choose with columns=.")
        out = np.empty((file.metadata.num_rows, len(names)), dtype=np.result_type(*kinds))
        row = 0
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, columns=list(names))
            for position, name in enumerate(names):
                column = table.column(name)
                if column.null_count and out.dtype.kind != "f":
                    raise ValueError(f"{path}: {name} has missing values in its row group {group}; integers have none.")
                out[row : row + table.num_rows, position] = column.to_numpy()
            row += table.num_rows
    return out, names
