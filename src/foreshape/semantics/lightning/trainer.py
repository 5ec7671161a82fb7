"""``Trainer``: it asks a module for its optimizers and hands it each distinct batch of its loaders.

https://lightning.ai/docs/pytorch/stable/common/trainer.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import ge
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_int,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.support import given
from foreshape.semantics.torch.training.modes import KEY, recording

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TRAINER: Final = library_type("lightning.Trainer")
library_type("lightning.trainer.Trainer", TRAINER)
library_type("lightning.trainer.trainer.Trainer", TRAINER)
SANITY: Final = 2
"""How many batches are validated before the training begins."""
MOST_LISTED: Final = 8


@rule(f"{TRAINER}.__init__")
def trainer_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings. They are the same for all versions but for names."""
    for name in ("fast_dev_run", "num_sanity_val_steps", "max_epochs", "limit_val_batches"):
        if name in kwargs:
            cx.set(self, name, kwargs[name])
    return Const(None)


def _misconfigured(message: str, value: Value) -> Fault:
    from foreshape.faults.invalid_argument import InvalidArgument

    raised = Raises("MisconfigurationException", message, by="lightning")
    return InvalidArgument(raised, values=(value,), argument="model", given="")


def _model(cx: Context, model: Value, taker: str) -> Instance | None:
    """The module that is trained; None where it is not known. TypeError for what is none."""
    if isinstance(model, Instance):
        known = cx.is_instance(model, "lightning.LightningModule")
        if known:
            return model
        if known is False and cx.is_instance(model, "torch.nn.Module"):
            from foreshape.faults.unsupported_data import UnsupportedData

            shown = model.cls.name.rpartition(".")[2]
            message = f"`model` must be a `LightningModule` or `torch._dynamo.OptimizedModule`, got `{shown}`"
            raised = Raises("TypeError", message, by="lightning")
            raise UnsupportedData(raised, values=(model,), taker=f"Trainer.{taker}", given=shown)
    return None


# -- where batches come from -------------------------------------------------------------------------------------------


def _loader(cx: Context, given: Value | None, owners: list[Value], method: str) -> Value | None:
    """The loader that was given, or that one of these makes."""
    if given is not None and not (isinstance(given, Const) and given.value is None):
        return given
    for owner in owners:
        found = cx.user_method(owner, method)
        if found is not None:
            return cx.call(found, ())
    return None


def _loaders(loader: Value) -> list[Value]:
    """The loaders one by one."""
    if isinstance(loader, Sequence):
        return list(loader.contents.items(limit=MOST_LISTED) or ())
    return [loader]


def _batches(cx: Context, loader: Value, most: int | None = None) -> Contents:
    """(number, batch) of each batch, or of the first few."""
    found = cx.iterate(cx.rule("builtins.enumerate", loader)) if isinstance(loader, Instance) else None
    if found is None or most is None:
        return found or Contents(())
    first = [found.at(place) for place in range(most) if ge(found.length, place + 1, cx.facts).is_yes]
    return Contents([pair for pair in first if pair is not None])


def _step(cx: Context, method: Value, extra: tuple[Value, ...], pair: Value) -> Value:
    """One batch of what ``_batches`` gives."""
    parts = pair.contents.items(limit=2) if isinstance(pair, Sequence) else None
    return cx.unknown("its batches are not known") if parts is None else cx.call(method, (*parts[::-1], *extra))


@contextmanager
def _mode(cx: Context, model: Instance, training: bool) -> Iterator[None]:
    """The module trains, with gradients, or it does not."""
    before = recording(cx)
    cx.call_method(model, "train" if training else "eval")
    cx.set(cx.state("torch"), KEY, training)
    try:
        yield
    finally:
        cx.set(cx.state("torch"), KEY, before)


def _hook(cx: Context, owner: Value, name: str, *args: Value) -> None:
    found = cx.user_method(owner, name)
    if found is not None:
        cx.call(found, args)


def _evaluate(cx: Context, model: Instance, loader: Value | None, step: str, most: int | None = None) -> None:
    method = cx.user_method(model, step)
    if method is None or loader is None:
        return
    loaders = _loaders(loader)
    with _mode(cx, model, False):
        for number, one in enumerate(loaders):
            extra = (Const(number),) if len(loaders) > 1 else ()
            cx.for_each(_batches(cx, one, most), partial(_step, cx, method, extra))
        for name in (f"on_{step.partition('_')[0]}_epoch_end",):
            _hook(cx, model, name)


# -- training ----------------------------------------------------------------------------------------------------------


def _backward(cx: Context, model: Instance, result: Value) -> None:
    """The loss that a step gives is gone through, unless the program does so itself."""
    if isinstance(result, DictValue):
        found = result.entries.get("loss")
        if found is None:
            if result.rest is None:
                message = (
                    "In automatic_optimization, when `training_step` returns a dict, the 'loss' key needs to be present"
                )
                raise _misconfigured(message, result)
            return
        result = found
    automatic = model.fields.get("automatic_optimization")
    if isinstance(automatic, Value) and as_bool(automatic) is not True:
        return
    if isinstance(result, Array) and result.kind == "torch":
        cx.call_method(result, "backward")


@rule(f"{TRAINER}.fit")
def fit(
    cx: Context,
    self: Instance,
    model: Value,
    train_dataloaders: Value | None = None,
    val_dataloaders: Value | None = None,
    datamodule: Value | None = None,
    ckpt_path: Value | None = None,
    weights_only: Value | None = None,
    train_dataloader: Value | None = None,
) -> Value:
    """Runs ``configure_optimizers``, a few batches of ``validation_step``, then ``training_step`` for each distinct batch
    with the backward pass of its loss, then ``validation_step``."""
    module = _model(cx, model, "fit")
    if module is None:
        return Const(None)
    source = datamodule
    if cx.is_instance(train_dataloaders, "lightning.LightningDataModule") if train_dataloaders is not None else False:
        source, train_dataloaders = train_dataloaders, None
    step = cx.user_method(module, "training_step")
    if step is None:
        message = (
            "No `training_step()` method defined. Lightning `Trainer` expects as minimum `training_step()`, "
            "`train_dataloader()` and `configure_optimizers()` to be defined."
        )
        if not module.fields.get("~open"):
            raise _misconfigured(message, module)
        return Const(None)
    owners: list[Value] = [*([source] if source is not None else []), module]
    for owner in owners:
        _hook(cx, owner, "prepare_data")
        _hook(cx, owner, "setup", Const("fit"))
    _optimizers(cx, module)
    train = _loader(cx, train_dataloaders or train_dataloader, owners, "train_dataloader")
    valid = _loader(cx, val_dataloaders, owners, "val_dataloader")
    sanity = self.fields.get("num_sanity_val_steps")
    steps = SANITY if sanity is None else as_int(sanity)
    if steps != 0:
        _evaluate(cx, module, valid, "validation_step", steps if steps is not None and steps > 0 else SANITY)
    with _mode(cx, module, True):
        _hook(cx, module, "on_fit_start")
        _hook(cx, module, "on_train_start")
        _hook(cx, module, "on_train_epoch_start")
        for loader in _loaders(train) if train is not None else []:
            cx.for_each(_batches(cx, loader), lambda pair: _backward(cx, module, _step(cx, step, (), pair)))
        _hook(cx, module, "on_train_epoch_end")
    _evaluate(cx, module, valid, "validation_step")
    return Const(None)


def _optimizers(cx: Context, module: Instance) -> None:
    method = cx.user_method(module, "configure_optimizers")
    if method is None:
        return
    made = cx.call(method, ())
    first: Value | None = made
    if isinstance(made, DictValue):
        first = made.entries.get("optimizer")
    elif isinstance(made, Sequence):
        items = made.contents.items(limit=8)
        if items:
            first = items[0]
            if isinstance(first, Sequence):
                inner = first.contents.items(limit=8)
                first = inner[0] if inner is not None and len(inner) == 1 else first
    cx.set(module, "~optimizers", first if isinstance(first, Value) else Unknown("the optimizers are not known"))


def _asked(
    cx: Context, module: Instance, dataloaders: Value | None, datamodule: Value | None, word: str, stage: str
) -> Value | None:
    """The loaders of a stage, of the call or of the data module that it is given."""
    if dataloaders is not None and cx.is_instance(dataloaders, "lightning.LightningDataModule"):
        datamodule, dataloaders = dataloaders, None
    owners: list[Value] = [*([datamodule] if datamodule is not None else []), module]
    for owner in owners:
        _hook(cx, owner, "prepare_data")
        _hook(cx, owner, "setup", Const(stage))
    return _loader(cx, dataloaders, owners, f"{word}_dataloader")


def _run(
    cx: Context, model: Value, dataloaders: Value | None, datamodule: Value | None, word: str, stage: str
) -> Instance | None:
    module = _model(cx, model, stage)
    if module is None:
        return None
    loader = _asked(cx, module, dataloaders, datamodule, word, stage)
    step = {"val": "validation_step"}.get(word, f"{word}_step")
    if cx.user_method(module, step) is None and not module.fields.get("~open"):
        kind = {"val": "validation"}.get(word, word)
        message = f"No `{kind}_step()` method defined to run `Trainer.{stage}`."
        raise _misconfigured(message, module)
    _evaluate(cx, module, loader, step)
    return module


@rule(f"{TRAINER}.validate")
def validate(
    cx: Context, self: Instance, model: Value | None = None, dataloaders: Value | None = None,
    ckpt_path: Value | None = None, verbose: Value | None = None, datamodule: Value | None = None,
    weights_only: Value | None = None,
) -> Value:  # fmt: skip
    """``validation_step`` for each distinct batch; a list of dicts."""
    if model is not None:
        _run(cx, model, dataloaders, datamodule, "val", "validate")
    return _results(cx)


@rule(f"{TRAINER}.test")
def run_test(
    cx: Context, self: Instance, model: Value | None = None, dataloaders: Value | None = None,
    ckpt_path: Value | None = None, verbose: Value | None = None, datamodule: Value | None = None,
    weights_only: Value | None = None, test_dataloaders: Value | None = None,
) -> Value:  # fmt: skip
    """``test_step`` for each distinct batch; a list of dicts."""
    if model is not None:
        _run(cx, model, dataloaders or test_dataloaders, datamodule, "test", "test")
    return _results(cx)


@rule(f"{TRAINER}.predict")
def predict(
    cx: Context, self: Instance, model: Value | None = None, dataloaders: Value | None = None,
    datamodule: Value | None = None, return_predictions: Value | None = None, ckpt_path: Value | None = None,
    weights_only: Value | None = None,
) -> Value:  # fmt: skip
    """``predict_step``, or ``forward``, for each distinct batch."""
    unsaid = cx.unknown("what is predicted for each batch")
    module = None if model is None else _model(cx, model, "predict")
    if module is None:
        return unsaid
    loader = _asked(cx, module, dataloaders, datamodule, "predict", "predict")
    own = cx.user_method(module, "predict_step")
    method = own or cx.get_attribute(module, "forward")
    loaders = _loaders(loader) if loader is not None else []
    found = Sequence("list", Contents(()))

    def one(pair: Value) -> None:
        parts = pair.contents.items(limit=2) if isinstance(pair, Sequence) else None
        made = unsaid if parts is None else cx.call(method, parts[::-1] if own else parts[1:])
        cx.call_method(found, "append", (made,))

    with _mode(cx, module, False):
        for each in loaders:
            cx.for_each(_batches(cx, each), one)
    kept = given(return_predictions) and as_bool(return_predictions) is not True
    return found if len(loaders) == 1 and not kept else unsaid


def _results(cx: Context) -> Value:
    run = Run(cx.fresh(lo=0), DictValue({}, Unknown("a logged number")))
    return Sequence("list", Contents((run,)))


@rule(f"{TRAINER}.save_checkpoint", f"{TRAINER}.tune")
def save_checkpoint(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@attribute(
    f"{TRAINER}.callback_metrics", f"{TRAINER}.logged_metrics", f"{TRAINER}.logger", f"{TRAINER}.checkpoint_callback",
    f"{TRAINER}.datamodule", f"{TRAINER}.global_step", f"{TRAINER}.current_epoch",
)  # fmt: skip
def state(cx: Context, self: Instance) -> Value:
    """What the training left behind."""
    return cx.unknown("it is about the training")
