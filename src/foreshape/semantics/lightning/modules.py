"""``LightningModule``, ``LightningDataModule`` and callbacks.

https://lightning.ai/docs/pytorch/stable/common/lightning_module.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    Instance,
    Int,
    LibraryRef,
    Typed,
    Value,
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
def save_hyperparameters(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The arguments of the constructor are in ``self.hparams``."""
    return Const(None)


@attribute(f"{LIGHTNING_MODULE}.hparams", f"{DATA_MODULE}.hparams", f"{LIGHTNING_MODULE}.hparams_initial")
def hparams(cx: Context, self: Instance) -> Value:
    """What the constructor was given."""
    return cx.unknown("it is a hyperparameter")


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
