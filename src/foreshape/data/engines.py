"""Who runs the kernel: DuckDB and Arrow on this machine, Ray on many, or a shard at a time. All give the same summary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from foreshape.data.binding import Binding
from foreshape.data.kernel import summarise
from foreshape.data.sources import DataError, Piece, read_piece
from foreshape.data.summary import Summary, merged

Progress = Callable[[int], None]
"""Told the number of rows of every batch."""

Part = tuple[Piece, Summary]


def run_piece(piece: Piece, binding: Binding, progress: Progress | None = None) -> Summary:
    """The summary of one piece."""
    return merged(_summaries(read_piece(piece, binding.names), binding, progress))


def _summaries(batches: Iterable[Any], binding: Binding, progress: Progress | None) -> Iterator[Summary]:
    for batch in batches:
        yield summarise(batch, binding)
        if progress is not None:
            progress(batch.num_rows)


def run_here(pieces: Sequence[Piece], binding: Binding, progress: Progress | None = None) -> Iterator[Part]:
    """One batch after the other on this machine. Parquet files are read whole by DuckDB, which reads ahead in parallel."""
    done: set[str] = set()
    whole = _whole_files(pieces)
    for piece in pieces:
        if piece.path in done:
            continue
        if piece.path in whole:
            from foreshape.data.duck import read_file

            done.add(piece.path)
            try:
                for summary in _summaries(read_file(piece.path, binding.names), binding, progress):
                    yield piece, summary
            except (ValueError, OSError) as error:
                raise DataError(f"{piece.path}: cannot be read: {error}") from None
        else:
            for summary in _summaries(read_piece(piece, binding.names), binding, progress):
                yield piece, summary


def _whole_files(pieces: Sequence[Piece]) -> set[str]:
    """Parquet files all of whose row groups are asked for, from the first one on without a gap."""
    seen: dict[str, list[Piece]] = {}
    for piece in pieces:
        if piece.kind == "parquet":
            seen.setdefault(piece.path, []).append(piece)
    import pyarrow.parquet as parquet

    return {path for path, parts in seen.items() if len(parts) == parquet.read_metadata(path).num_row_groups}


def run_on_ray(pieces: Sequence[Piece], binding: Binding, progress: Progress | None = None) -> Iterator[Part]:
    """Every piece is a task of Ray Data. Raises DataError where Ray is not installed."""
    try:
        import ray
    except ImportError:
        raise DataError("Ray is not installed: pip install 'foreshape[ray]', or use --shard and merge") from None
    from foreshape.data.partial import summary_as_dict, summary_from_dict

    plan = binding.as_dict()

    def work(batch: dict[str, Any]) -> dict[str, Any]:
        import json

        bound = Binding.from_dict(plan)
        texts = []
        for item in batch["piece"]:
            try:
                texts.append(json.dumps(summary_as_dict(run_piece(Piece.from_dict(json.loads(str(item))), bound))))
            except DataError as error:  # an error of ours crosses to here as its text, not as a traceback of Ray
                texts.append(json.dumps({"error": str(error)}))
        return {"number": batch["number"], "summary": texts}

    import json

    items = [{"number": i, "piece": json.dumps(piece.as_dict())} for i, piece in enumerate(pieces)]
    results = ray.data.from_items(items).map_batches(work, batch_size=1).take_all()
    for row in sorted(results, key=lambda each: int(each["number"])):
        data = json.loads(row["summary"])
        if "error" in data:
            raise DataError(data["error"])
        summary = summary_from_dict(data)
        if progress is not None:
            progress(max((column.rows for column in summary.values()), default=0))
        yield pieces[int(row["number"])], summary


def shard(pieces: Sequence[Piece], number: int, count: int) -> list[tuple[int, Piece]]:
    """The pieces of shard ``number`` of ``count`` (from 1), with their places in the whole."""
    return [(place, piece) for place, piece in enumerate(pieces) if place % count == number - 1]
