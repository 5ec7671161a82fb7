"""`foreshape data`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from foreshape.cli.status import CLEAN, FAULTS, USAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from foreshape.contracts import Contract
    from foreshape.data.binding import Binding
    from foreshape.data.sources import DataSet
    from foreshape.data.summary import Summary

NEEDED: Final = ("numpy", "pyarrow", "duckdb")


@click.group("data")
def command() -> None:
    """Hold whole data sets against what a model asks of them."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing and "--help" not in sys.argv:
        raise click.UsageError(f'data sets are read with {", ".join(missing)}: python -m pip install "foreshape[data]"')


MODEL = click.option("--model", metavar="MODEL", help="A .keras file, or MODULE:FACTORY for a PyTorch module.")
FORMAT = click.option(
    "--format", "form", type=click.Choice(("terminal", "json")), default="terminal", show_default=True
)


@command.command("check")
@click.argument("path", metavar="DATA")
@MODEL
@click.option("--contract", "contract_file", metavar="FILE", help="A contract that `foreshape data contract` wrote.")
@click.option(
    "--column", "columns", multiple=True, metavar="INPUT=COLUMN", help="Which column feeds an input or a label."
)
@click.option("--engine", type=click.Choice(("duckdb", "ray")), default="duckdb", show_default=True)
@click.option("--shard", metavar="I/N", help="Check one part of N, and write its summary to --out.")
@click.option("--out", metavar="FILE", help="Where the summary of a shard goes.")
@FORMAT
@click.pass_context
def check(
    ctx: click.Context,
    path: str,
    model: str | None,
    contract_file: str | None,
    columns: tuple[str, ...],
    engine: str,
    shard: str | None,
    out: str | None,
    form: str,
) -> None:
    """Check DATA: .npy, .npz, .csv, .parquet, .arrow, a folder or a quoted pattern of them, or a Hugging Face data set on disk.

    Exit status: 0 the data is as the model wants it, 1 it is not, 2 wrong usage or something that cannot be read.
    """
    from foreshape.contracts import ContractError
    from foreshape.data.binding import bind
    from foreshape.data.sources import DataError, open_dataset

    part = _shard(shard, out)
    try:
        contract = _contract(model, contract_file)
        dataset = open_dataset(path)
        binding = bind(contract, dataset.schema, _pairs(columns))
        if part is not None and out is not None:
            _one_shard(dataset, binding, part, out)
            ctx.exit(CLEAN)
        splits, complete = _run(dataset, binding, engine)
        if complete and not any(column.rows for columns in splits.values() for column in columns.values()):
            raise DataError(f"{path}: there is no row in it")
    except (ContractError, DataError) as error:
        sys.stderr.write(f"{error}\n")
        ctx.exit(USAGE)
    ctx.exit(_tell(binding, splits, path, form, complete))


@command.command("contract")
@MODEL
@click.option("--out", "-o", metavar="FILE", help="Where it goes; standard output else.")
@click.pass_context
def contract(ctx: click.Context, model: str | None, out: str | None) -> None:
    """Write down what a model asks of its data, as JSON that can be read and changed."""
    from foreshape.contracts import ContractError
    from foreshape.data.partial import write_text
    from foreshape.data.sources import DataError

    try:
        text = _contract(model, None).to_json()
        if out is None:
            sys.stdout.write(text)
        else:
            write_text(out, text)
    except (ContractError, DataError) as error:
        sys.stderr.write(f"{error}\n")
        ctx.exit(USAGE)


@command.command("merge")
@click.argument("shards", nargs=-1, required=True, metavar="SHARD...")
@FORMAT
@click.pass_context
def merge(ctx: click.Context, shards: tuple[str, ...], form: str) -> None:
    """Put the shards of one run together: what a run over all of the data would have said."""
    from foreshape.data.partial import merge_shards
    from foreshape.data.sources import DataError

    try:
        path, binding, splits = merge_shards(shards)
    except DataError as error:
        sys.stderr.write(f"{error}\n")
        ctx.exit(USAGE)
    ctx.exit(_tell(binding, splits, path, form, True))


def _tell(binding: Binding, splits: dict[str, Summary], path: str, form: str, complete: bool) -> int:
    from foreshape.data.telling import as_json, as_text
    from foreshape.data.verdict import findings

    sys.stdout.write(as_json(binding, splits, path, complete) if form == "json" else as_text(binding, splits, complete))
    faults = sum(each.severity != "note" for each in findings(binding, splits))
    if form != "json":
        sys.stdout.flush()
        read = any(column.rows for summary in splits.values() for column in summary.values())
        until = "." if complete else " until then." if read else ", and no row was read."
        sys.stderr.write(f"{faults} fault{'' if faults == 1 else 's'}{until}\n" if faults else f"No faults{until}\n")
    if not complete:
        return 130
    return FAULTS if faults else CLEAN


def _contract(model: str | None, contract_file: str | None) -> Contract:
    from foreshape.contracts import Contract, ContractError

    if (model is None) == (contract_file is None):
        raise click.UsageError("say what the data is for: --model MODEL or --contract FILE")
    try:
        if contract_file is not None:
            with open(contract_file, encoding="utf-8") as handle:
                return Contract.from_json(handle.read(), contract_file)
        assert model is not None
        if model.endswith(".keras"):
            from foreshape.contracts.keras_file import read_keras_file

            return read_keras_file(model)
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(
            f"{contract_file or model}: cannot be read: {getattr(error, 'strerror', None) or error}"
        ) from None
    if ":" in model:
        from foreshape.runtime.factory import contract_of_factory

        made: Contract = contract_of_factory(model)
        return made
    if model.endswith((".h5", ".hdf5")):
        raise ContractError(
            f"{model}: models in HDF5 are not read. Save it again as .keras: keras.models.load_model({model!r}).save('model.keras')"
        )
    if model.endswith((".pt", ".pth", ".ckpt")):
        raise ContractError(f"{model}: a file of weights does not say what the model is. Give MODULE:FACTORY instead")
    raise ContractError(
        f"{model} is neither a .keras file nor MODULE:FACTORY; other models can be described with --contract"
    )


def _pairs(columns: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in columns:
        name, equals, column = each.partition("=")
        if not equals or not name or not column:
            raise click.UsageError(f"--column {each}: write it as INPUT=COLUMN")
        found[name] = column
    return found


def _shard(shard: str | None, out: str | None) -> tuple[int, int] | None:
    if shard is None:
        if out is not None:
            raise click.UsageError("--out goes with --shard")
        return None
    number, slash, count = shard.partition("/")
    if not slash or not number.isdigit() or not count.isdigit() or not 1 <= int(number) <= int(count):
        raise click.UsageError(f"--shard {shard}: write it as I/N, with I from 1 to N")
    if out is None:
        raise click.UsageError("--shard needs --out, where its summary goes")
    return int(number), int(count)


def _one_shard(dataset: DataSet, binding: Binding, part: tuple[int, int], out: str) -> None:
    from foreshape.data.engines import run_piece, shard
    from foreshape.data.partial import write_shard

    mine = shard(dataset.pieces, *part)
    with _Progress(sum(piece.rows or 0 for _, piece in mine) or None) as progress:
        parts = [(place, piece.split, run_piece(piece, binding, progress)) for place, piece in mine]
    write_shard(out, dataset.path, binding, part, len(dataset.pieces), parts)


def _run(dataset: DataSet, binding: Binding, engine: str) -> tuple[dict[str, Summary], bool]:
    """The summaries of the splits, and whether all was read: Ctrl-C leaves what there is so far."""
    from foreshape.data.engines import run_here, run_on_ray
    from foreshape.data.summary import add_part

    splits: dict[str, Summary] = {}
    run = run_on_ray if engine == "ray" else run_here
    try:
        with _Progress(dataset.rows) as progress:
            for piece, summary in run(dataset.pieces, binding, progress):
                add_part(splits, piece.split, summary)
    except KeyboardInterrupt:
        return splits, False
    return splits, True


class _Progress:
    """A bar on standard error where that is a terminal."""

    def __init__(self, total: int | None) -> None:
        self.total = total
        self._bar: object = None

    def __enter__(self) -> Callable[[int], None]:
        if not sys.stderr.isatty():
            return lambda rows: None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        bar = Progress(
            TextColumn("rows"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        bar.start()
        self._bar = bar
        task = bar.add_task("rows", total=self.total)
        return lambda rows: bar.advance(task, rows)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()  # type: ignore[attr-defined]
