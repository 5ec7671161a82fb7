"""``LightningModule``, ``LightningDataModule`` and callbacks.

https://lightning.ai/docs/pytorch/stable/common/lightning_module.html
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    DictValue,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    as_str,
    is_none,
)
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.nn.base import MODULE

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LIGHTNING_MODULE: Final = library_type("lightning.LightningModule", MODULE)
library_type("lightning.core.LightningModule", LIGHTNING_MODULE)
library_type("lightning.core.lightning.LightningModule", LIGHTNING_MODULE)
library_type("lightning.core.module.LightningModule", LIGHTNING_MODULE)
DATA_MODULE: Final = library_type("lightning.LightningDataModule")
SETTINGS: Final = library_type("lightning.utilities.parsing.AttributeDict")
library_type("lightning.core.LightningDataModule", DATA_MODULE)
library_type("lightning.core.datamodule.LightningDataModule", DATA_MODULE)
HOOKS: Final = (
    "on_train_start", "on_train_end", "on_fit_start", "on_fit_end", "on_train_epoch_start", "on_train_epoch_end",
    "on_validation_start", "on_validation_end", "on_validation_epoch_start", "on_validation_epoch_end", "on_test_start",
    "on_test_end", "on_test_epoch_start", "on_test_epoch_end", "on_train_batch_start", "on_train_batch_end",
    "on_validation_batch_start", "on_validation_batch_end", "on_before_zero_grad", "on_before_optimizer_step",
    "on_after_backward", "on_before_backward", "on_predict_start", "on_predict_end", "on_sanity_check_start",
    "on_sanity_check_end", "on_save_checkpoint", "on_load_checkpoint", "setup", "teardown", "prepare_data",
)  # fmt: skip


@rule(*(f"{owner}.{name}" for owner in (LIGHTNING_MODULE, DATA_MODULE) for name in HOOKS))
def hook(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Nothing, unless the program defines it."""
    return Const(None)


@rule(
    *(f"{LIGHTNING_MODULE}.{name}" for name in (
        "log", "log_dict", "print", "toggle_optimizer", "untoggle_optimizer", "clip_gradients", "freeze", "unfreeze",
        "lr_scheduler_step", "optimizer_step", "optimizer_zero_grad", "configure_gradient_clipping", "configure_callbacks",
        "configure_model", "configure_sharded_model", "to_onnx",
    ))
)  # fmt: skip
def nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(f"{LIGHTNING_MODULE}.save_hyperparameters", f"{DATA_MODULE}.save_hyperparameters")
def save_hyperparameters(
    cx: Context,
    self: Instance,
    *args: Value,
    ignore: Value | None = None,
    frame: Value | None = None,
    logger: Value | None = None,
) -> Value:
    """The arguments of the constructor, those of them that are named, or what an object holds, are in ``self.hparams``."""
    names = [as_str(each) for each in args]
    held: dict[str, Value] = {}
    if len(args) == 1 and names[0] is None:
        held = _settings_in(args[0])
    elif all(name is not None for name in names):
        given = cx.scope().fields
        left_out = _names_in(ignore)
        for name in names or _constructor_names(self):
            value = given.get(name)
            if isinstance(value, Value) and left_out is not None and name not in left_out:
                held[str(name)] = value
    before = self.fields.get("~hparams")
    known: dict[Hashable, Any] = dict(before.fields) if isinstance(before, Instance) else {}
    known.update(held)
    cx.set(self, "~hparams", Instance(LibraryRef(SETTINGS), known))
    return Const(None)


def _names_in(value: Value | None) -> tuple[str | None, ...] | None:
    """A name, or several; None where they are not known."""
    if value is None or is_none(value):
        return ()
    items = value.contents.items() if isinstance(value, Sequence) else (value,)
    names = None if items is None else tuple(as_str(each) for each in items)
    return None if names is None or None in names else names


def _constructor_names(self: Instance) -> list[str]:
    """The parameters of the constructors of the classes of an object."""
    found: list[str] = []
    for base in self.cls.mro if isinstance(self.cls, ClassValue) else ():
        made = base.fields.get("__init__") if isinstance(base, ClassValue) else None
        spec = getattr(getattr(made, "node", None), "args", None)
        if spec is not None:
            found += [each.arg for each in (*spec.posonlyargs, *spec.args, *spec.kwonlyargs)][1:]
    return found


def _settings_in(value: Value) -> dict[str, Value]:
    """The entries of a dict or the attributes of a namespace."""
    if isinstance(value, DictValue):
        entries = {key.value if isinstance(key, Const) else key: each for key, each in value.entries.items()}
    elif isinstance(value, Instance) and value.library_type in ("argparse.Namespace", "types.SimpleNamespace"):
        entries = dict(value.fields)
    else:
        return {}
    return {key: each for key, each in entries.items() if isinstance(key, str) and not key.startswith("~")}


@attribute(f"{LIGHTNING_MODULE}.hparams", f"{DATA_MODULE}.hparams", f"{LIGHTNING_MODULE}.hparams_initial")
def hparams(cx: Context, self: Instance) -> Value:
    """What the constructor was given."""
    held = self.fields.get("~hparams")
    return held if isinstance(held, Instance) else cx.unknown("it is a hyperparameter")


@rule(f"{SETTINGS}.__getitem__")
def setting(cx: Context, self: Instance, key: Value) -> Value:
    """By its name."""
    found = self.fields.get(as_str(key) or "~")
    return found if isinstance(found, Value) else cx.unknown("it is a hyperparameter")


@rule(*(f"{SETTINGS}.{name}" for name in ("get", "items", "keys", "values", "copy")))
def settings_method(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Not followed."""
    return cx.unknown("it is about hyperparameters")


@rule(*(f"{SETTINGS}.{name}" for name in ("update", "pop", "setdefault")))
def settings_change(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Which entries change is not followed: none is known from then on."""
    for key, held in list(self.fields.items()):
        if isinstance(key, str) and isinstance(held, Value):
            cx.set(self, key, cx.unknown("it may have been changed"))
    return cx.unknown("it is about hyperparameters")


@attribute(
    f"{LIGHTNING_MODULE}.trainer", f"{LIGHTNING_MODULE}.logger", f"{LIGHTNING_MODULE}.loggers", f"{DATA_MODULE}.trainer",
    f"{LIGHTNING_MODULE}.example_input_array", f"{LIGHTNING_MODULE}.fabric", f"{LIGHTNING_MODULE}.dtype",
)  # fmt: skip
def trainer(cx: Context, self: Instance) -> Value:
    """Whoever trains."""
    return cx.unknown("it is about the trainer")


@attribute(f"{LIGHTNING_MODULE}.device")
def device(cx: Context, self: Instance) -> Value:
    """Some device."""
    return Instance(LibraryRef("torch.device"), {"type": Typed("str"), "index": Const(None)})


@attribute(
    f"{LIGHTNING_MODULE}.current_epoch", f"{LIGHTNING_MODULE}.global_step", f"{LIGHTNING_MODULE}.global_rank",
    f"{LIGHTNING_MODULE}.local_rank",
)  # fmt: skip
def number(cx: Context, self: Instance) -> Value:
    """A count."""
    return Int(cx.fresh(None, lo=0))


@rule(f"{LIGHTNING_MODULE}.optimizers")
def optimizers(cx: Context, self: Instance, use_pl_optimizer: Value | None = None) -> Value:
    """What ``configure_optimizers`` gave."""
    found = self.fields.get("~optimizers")
    return found if isinstance(found, Value) else cx.unknown("the optimizers are not known")


@rule(f"{LIGHTNING_MODULE}.lr_schedulers")
def lr_schedulers(cx: Context, self: Instance) -> Value:
    """What ``configure_optimizers`` gave."""
    return cx.unknown("the schedules are not known")


@rule(f"{LIGHTNING_MODULE}.manual_backward")
def manual_backward(cx: Context, self: Instance, loss: Value, *args: Value, **kwargs: Value) -> Value:
    """``loss.backward()``."""
    return cx.call_method(loss, "backward", args, kwargs) if isinstance(loss, Array) else Const(None)


@rule(f"{LIGHTNING_MODULE}.load_from_checkpoint", f"{DATA_MODULE}.load_from_checkpoint")
def load_from_checkpoint(cx: Context, cls: Value, checkpoint_path: Value, *args: Value, **kwargs: Value) -> Value:
    """A module whose settings a file holds."""
    if isinstance(cls, ClassValue) and kwargs:
        named = {key: value for key, value in kwargs.items() if key not in ("map_location", "hparams_file", "strict")}
        with cx.quiet():
            made = cx.call(cls, (), named)
        if isinstance(made, Instance) and not made.tainted:
            return made
    return cx.unknown("it is read from a file")


@rule(f"{DATA_MODULE}.__init__")
def data_init(cx: Context, self: Instance) -> Value:
    """Nothing."""
    return Const(None)


@rule(f"{DATA_MODULE}.from_datasets")
def from_datasets(cx: Context, cls: Value, *args: Value, **kwargs: Value) -> Value:
    """Not followed."""
    return cx.unknown("a data module of data sets")


# -- callbacks, loggers ------------------------------------------------------------------------------------------------

OTHERS: Final = (
    "lightning.callbacks.Callback", "lightning.Callback", "lightning.callbacks.ModelCheckpoint",
    "lightning.callbacks.EarlyStopping", "lightning.callbacks.LearningRateMonitor", "lightning.callbacks.TQDMProgressBar",
    "lightning.callbacks.RichProgressBar", "lightning.callbacks.ModelSummary", "lightning.callbacks.RichModelSummary",
    "lightning.callbacks.StochasticWeightAveraging", "lightning.loggers.TensorBoardLogger", "lightning.loggers.CSVLogger",
    "lightning.loggers.WandbLogger", "lightning.callbacks.GradientAccumulationScheduler", "lightning.callbacks.Timer",
    "lightning.loggers.MLFlowLogger", "lightning.callbacks.early_stopping.EarlyStopping",
    "lightning.callbacks.model_checkpoint.ModelCheckpoint",
)  # fmt: skip
for _name in OTHERS:
    library_type(_name)


@rule(*(f"{name}.__init__" for name in OTHERS))
def other_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


@rule("lightning.seed_everything", "lightning.utilities.seed.seed_everything", "lightning.fabric.seed_everything")
def seed_everything(
    cx: Context, seed: Value | None = None, workers: Value | None = None, verbose: Value | None = None
) -> Value:
    """The seed."""
    return seed if seed is not None else Typed("int")
