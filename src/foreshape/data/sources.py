"""Data sets on disk as pieces that can be read one by one, each into Arrow batches."""

from __future__ import annotations

import glob
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

BLOCK_BYTES: Final = 16 << 20
SUFFIXES: Final = (".npy", ".npz", ".csv", ".tsv", ".parquet", ".pq", ".arrow", ".feather")
SPLITS: Final = {"train": "train", "training": "train", "valid": "validation", "validation": "validation", "val": "validation",
                 "dev": "validation", "test": "test", "testing": "test", "eval": "test"}  # fmt: skip


UNREADABLE: Final = (pa.ArrowException, OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error)
"""What the readers raise of a file that is cut short or damaged."""


class DataError(Exception):
    """Data that cannot be read, with the file and the reason."""


class Piece:
    """A part of a data set that is read by itself. path: of its file. kind: how to read it. first, last: row groups, rows
    or batches, by kind; last is excluded. arrays: names in an ``.npz``, by column."""

    __slots__ = ("arrays", "first", "kind", "last", "path", "rows", "split")

    def __init__(
        self,
        path: str,
        kind: str,
        split: str,
        first: int = 0,
        last: int | None = None,
        rows: int | None = None,
        arrays: dict[str, str] | None = None,
    ) -> None:
        self.path = path
        self.kind = kind
        self.split = split
        self.first = first
        self.last = last
        self.rows = rows
        self.arrays = arrays or {}

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Piece:
        return cls(**data)


class DataSet:
    """pieces: in order, by split. schema: the columns and their Arrow types."""

    __slots__ = ("path", "pieces", "schema")

    def __init__(self, path: str, pieces: Sequence[Piece], schema: pa.Schema) -> None:
        self.path = path
        self.pieces = tuple(pieces)
        self.schema = schema

    @property
    def splits(self) -> list[str]:
        return list(dict.fromkeys(piece.split for piece in self.pieces))

    @property
    def rows(self) -> int | None:
        """Of all pieces; None where a file has to be read to know."""
        counts = [piece.rows for piece in self.pieces]
        return None if any(count is None for count in counts) else sum(count for count in counts if count is not None)


def open_dataset(path: str) -> DataSet:
    """A file, a folder of files (a Hugging Face data set among them), or a pattern such as ``part-*.parquet``. Raises DataError."""
    matching = [] if os.path.exists(path) else sorted(glob.glob(path, recursive=True))
    if not matching and not os.path.exists(path):
        raise DataError(f"{path}: there is no such file or folder")
    try:
        files = [file for each in matching for file in _files(each)] or _files(path)
    except OSError as error:
        raise DataError(f"{error.filename or path}: cannot be read: {error.strerror}") from None
    if not files:
        raise DataError(f"{path}: nothing here that can be read ({', '.join(SUFFIXES)})")
    pieces: list[Piece] = []
    schema: pa.Schema | None = None
    for file in files:
        try:
            found, columns = _open(file, _split_of(file, path))
        except UNREADABLE as error:
            raise DataError(f"{file}: cannot be read: {_first_line(error)}") from None
        if schema is not None and set(columns.names) != set(schema.names):
            raise DataError(
                f"{file}: has the columns {', '.join(columns.names)}, but {files[0]} has {', '.join(schema.names)}"
            )
        schema = columns if schema is None else schema
        pieces += found
    assert schema is not None
    return DataSet(path, pieces, schema)


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _files(path: str) -> list[str]:
    if os.path.isfile(path):
        return [path]
    listed = os.path.join(path, "state.json")
    if os.path.isfile(listed):  # one split of a Hugging Face data set; its state says the order of its files
        try:
            with open(listed, encoding="utf-8") as handle:
                state = json.load(handle)
            return [os.path.join(path, each["filename"]) for each in state.get("_data_files", [])]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(f"{listed}: cannot be read: it lists no files ({error})") from None
    found: list[str] = []
    for name in sorted(os.listdir(path)):
        inner = os.path.join(path, name)
        if os.path.isdir(inner) and not name.startswith("."):
            found += _files(inner)
        elif name.endswith(SUFFIXES):
            found.append(inner)
    return found


def _split_of(file: str, root: str) -> str:
    """The split that a path names: ``test/part-0.parquet``, ``x_test.npy``; "all" where it names none."""
    words = re.split(r"[^a-z]+", os.path.relpath(file, root if os.path.isdir(root) else os.path.dirname(root)).lower())
    return next((SPLITS[word] for word in words if word in SPLITS), "all")


def _open(path: str, split: str) -> tuple[list[Piece], pa.Schema]:
    if not path.endswith(SUFFIXES):
        raise ValueError(f"its name ends in none of {', '.join(SUFFIXES)}")
    if path.endswith(".npy"):
        return _open_npy(path, split)
    if path.endswith(".npz"):
        return _open_npz(path, split)
    if path.endswith((".parquet", ".pq")):
        import pyarrow.parquet as parquet

        with parquet.ParquetFile(path) as file:
            groups = file.metadata
            pieces = [
                Piece(path, "parquet", split, group, group + 1, groups.row_group(group).num_rows)
                for group in range(groups.num_row_groups)
            ]
            return pieces, file.schema_arrow
    if path.endswith((".csv", ".tsv")):
        from foreshape.data.duck import csv_schema

        return [Piece(path, "csv", split)], csv_schema(path)
    return _open_arrow(path, split)


def _open_npy(path: str, split: str) -> tuple[list[Piece], pa.Schema]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError as error:
        if "Python objects" not in str(error):
            raise
        raise ValueError("it holds Python objects, which means a pickle, and none is ever loaded") from None
    if array.ndim == 0:
        raise ValueError("this array has no rows")
    schema = pa.schema([("x", _arrow_type(array))])
    per = max(1, BLOCK_BYTES // max(array.nbytes // max(len(array), 1), 1))
    starts = range(0, max(len(array), 1), per)
    return [
        Piece(path, "npy", split, start, min(start + per, len(array)), min(start + per, len(array)) - start)
        for start in starts
    ], schema


def _open_npz(path: str, split: str) -> tuple[list[Piece], pa.Schema]:
    """The arrays of one split have as many rows each; ``x_train`` and ``y_train`` are the columns x and y of a split."""
    by_split: dict[str, dict[str, str]] = {}
    types: dict[str, pa.DataType] = {}
    rows: dict[str, int] = {}
    refused: list[str] = []
    with np.load(path, allow_pickle=False) as archive:
        for name in archive.files:
            try:
                array = archive[name]
                kind = _arrow_type(array)
            except ValueError as error:  # names, settings: no column can be made of it
                refused.append(f"{name}: {_first_line(error)}")
                continue
            column, own = _column_and_split(name)
            own = own or split
            by_split.setdefault(own, {})[column] = name
            types[column] = kind
            if rows.setdefault(own, len(array)) != len(array):
                raise ValueError(f"{name} has {len(array)} rows, but the arrays before it have {rows[own]}")
    if not types:
        raise ValueError("; ".join(refused) or "there is no array in it")
    schema = pa.schema(list(types.items()))
    return [Piece(path, "npz", own, 0, rows[own], rows[own], names) for own, names in by_split.items()], schema


def _column_and_split(name: str) -> tuple[str, str]:
    for word, split in SPLITS.items():
        found = re.fullmatch(rf"(?P<column>.+?)_?{word}|{word}_?(?P<other>.+)", name.lower())
        if found:
            return found["column"] or found["other"], split
    return name, ""


def _open_arrow(path: str, split: str) -> tuple[list[Piece], pa.Schema]:
    with pa.memory_map(path) as source:
        try:
            file = pa.ipc.open_file(source)
        except pa.ArrowInvalid:
            source.seek(0)
            stream = pa.ipc.open_stream(source)
            return [Piece(path, "stream", split)], stream.schema
        pieces = [
            Piece(path, "file", split, number, number + 1, file.get_batch(number).num_rows)
            for number in range(file.num_record_batches)
        ]
        return pieces, file.schema


def _arrow_type(array: np.ndarray[Any, Any]) -> pa.DataType:
    if array.dtype.kind not in "biuf":
        raise ValueError(f"it holds {array.dtype}, not numbers")
    if array.ndim == 0:
        raise ValueError("this array has no rows")
    if 0 in array.shape[1:]:
        raise ValueError(f"its rows are {array.shape[1:]}: there is no number in them")
    kind = pa.from_numpy_dtype(array.dtype.newbyteorder("="))
    for size in reversed(array.shape[1:]):
        kind = pa.list_(kind, size)
    return kind


# -- reading ----------------------------------------------------------------------------------------------------------


def read_piece(piece: Piece, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The batches of a piece in order, with these columns only. Raises DataError."""
    try:
        yield from _READERS[piece.kind](piece, list(columns))
    except (*UNREADABLE, KeyError) as error:
        raise DataError(f"{piece.path}: cannot be read: {_first_line(error)}") from None


def _read_parquet(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as parquet

    with parquet.ParquetFile(piece.path) as file:
        groups = list(range(piece.first, file.metadata.num_row_groups if piece.last is None else piece.last))
        yield from file.iter_batches(row_groups=groups, columns=columns)


def _read_csv(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    from foreshape.data.duck import read_file

    yield from read_file(piece.path, columns)


def _read_npy(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    array = np.load(piece.path, mmap_mode="r", allow_pickle=False)
    yield _from_arrays({columns[0]: array[piece.first : piece.last]})


def _read_npz(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    with np.load(piece.path, allow_pickle=False) as archive:
        arrays = {column: archive[piece.arrays[column]] for column in columns}
    widest = max(array.nbytes // max(len(array), 1) for array in arrays.values())
    per = max(1, BLOCK_BYTES // max(widest, 1))
    for start in range(0, piece.last or 0, per):
        yield _from_arrays({column: array[start : start + per] for column, array in arrays.items()})


def _from_arrays(arrays: dict[str, np.ndarray[Any, Any]]) -> pa.RecordBatch:
    made = []
    for array in arrays.values():
        native = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
        column = pa.array(native.reshape(-1))
        for size in reversed(native.shape[1:]):
            column = pa.FixedSizeListArray.from_arrays(column, size)
        made.append(column)
    return pa.RecordBatch.from_arrays(made, names=list(arrays))


def _read_file(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(piece.path) as source:
        file = pa.ipc.open_file(source)
        for number in range(piece.first, file.num_record_batches if piece.last is None else piece.last):
            yield file.get_batch(number).select(columns)


def _read_stream(piece: Piece, columns: list[str]) -> Iterator[pa.RecordBatch]:
    with pa.memory_map(piece.path) as source:
        for batch in pa.ipc.open_stream(source):
            yield batch.select(columns)


_READERS: Final = {
    "parquet": _read_parquet, "csv": _read_csv, "npy": _read_npy, "npz": _read_npz, "file": _read_file, "stream": _read_stream,
}  # fmt: skip
