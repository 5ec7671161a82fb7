"""What Lightning (PyTorch Lightning) says of its own; the texts are those of 1.5 to 2.5."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import text

ANY: Final = ("MisconfigurationException", "RuntimeError", "TypeError", "ValueError")


def _missing(groups: dict[str, Any]) -> dict[str, Any]:
    name = str(groups["name"])
    stage = {
        "train_dataloader": "fit",
        "val_dataloader": "validate",
        "test_dataloader": "test",
        "predict_dataloader": "predict",
    }
    words = {"name": name}
    if name in stage:
        words["why"] = (
            f"trainer.{stage[name]} was called without data: neither a DataLoader nor a datamodule that has {name}."
        )
        words["mend"] = (
            f"Give it: trainer.{stage[name]}(model, DataLoader(...)), or write def {name}(self) and return a DataLoader."
        )
    else:
        words["why"] = "The method is missing, is indented into another one, or its name is spelt differently."
        words["mend"] = f"Write it in the class of the model: def {name}(self, ...)."
    return words


FAMILIES: Final = [
    Family(
        "lightning-method-missing",
        library="lightning",
        exceptions=ANY,
        patterns=[
            r"No `?'?(?P<name>\w+)(?:\(\))?'?`? method defined to run `?'?Trainer\.(?P<stage>\w+)",
            r"`?(?P<name>\w+_dataloader)`? must be implemented to be used with the Lightning Trainer",
            r"An invalid dataloader was (?:passed to|returned from) `[\w.]*?(?P<name>\w+_dataloader)",
        ],
        needles=("method defined to run", "must be implemented to be used with the Lightning", "An invalid dataloader was"),
        headline="Lightning misses {name}",
        means="The Trainer calls methods of the model and its DataLoaders by their names, and this one is not there.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_missing,
        raised=[
            text(
                "lightning.fabric.utilities.exceptions.MisconfigurationException: No `validation_step()` method defined to run "
                "`Trainer.validate`.",
                name="validation_step",
            ),
            text(
                "pytorch_lightning.utilities.exceptions.MisconfigurationException: No 'test_dataloader()' method defined to run "
                "'Trainer.test'.",
                name="test_dataloader",
            ),
            text(
                "pytorch_lightning.utilities.exceptions.MisconfigurationException: `train_dataloader` must be implemented to be "
                "used with "
                "the Lightning Trainer",
                name="train_dataloader",
            ),
        ],
    ),
    Family(
        "lightning-training-step",
        library="lightning",
        exceptions=ANY,
        patterns=[r"No `training_step\(\)` method defined\. Lightning `Trainer` expects as minimum"],
        needles=("No `training_step()` method defined",),
        headline="The model has no training_step",
        means="Trainer.fit calls training_step for every batch and takes the loss from it.",
        causes=("The method is missing, is indented into another one, or its name is spelt differently.",),
        changes=("Write def training_step(self, batch, batch_idx) in the class of the model, and return the loss.",),
        raised=[
            text(
                "lightning.fabric.utilities.exceptions.MisconfigurationException: No `training_step()` method defined. "
                "Lightning `Trainer` "
                "expects as minimum `training_step()`, `train_dataloader()` and `configure_optimizers()` to be defined."
            ),
        ],
    ),
    Family(
        "lightning-loss-returned",
        library="lightning",
        exceptions=ANY,
        patterns=[
            r"In automatic_optimization, when `training_step` returns a dict, the 'loss' key needs to be present",
            r"In automatic optimization, `training_step` must return a Tensor, a dict, or None",
        ],
        needles=("`training_step`",),
        headline="training_step does not return a loss",
        means="Lightning calls backward on what training_step returns: a tensor with one number, or a dict with the key 'loss'.",
        causes=("return is missing, or the dict has another key.",),
        changes=("End training_step with return loss.",),
        raised=[
            text(
                "MisconfigurationException: In automatic_optimization, when `training_step` returns a dict, the 'loss' key "
                "needs to be present"
            ),
            text(
                "lightning.fabric.utilities.exceptions.MisconfigurationException: In automatic optimization, `training_step` "
                "must return a "
                "Tensor, a dict, or None (where the step will be skipped)."
            ),
        ],
    ),
    Family(
        "lightning-scheduler",
        library="lightning",
        exceptions=ANY,
        patterns=[
            r"The provided lr scheduler `(?P<name>\w+)` (?:doesn't follow PyTorch's LRScheduler API|is invalid)",
            r"(?P<name>ReduceLROnPlateau) conditioned on metric (?P<metric>\S+) which is not available",
            r"(?P<name>EarlyStopping|Early stopping) conditioned on metric `(?P<metric>\w+)` which is not available",
        ],
        needles=("The provided lr scheduler", "conditioned on metric"),
        headline="{said}",
        means="{why}",
        causes=(),
        changes=("{mend}",),
        derive=lambda groups: {
            "said": f"{groups['name']} waits for {groups['metric']}, which was never logged",
            "why": "It compares a number that the model has to log under exactly this name.",
            "mend": f"Log it in validation_step: self.log({str(groups['metric'])!r}, loss); or name one that is logged.",
        }
        if "metric" in groups
        else {
            "said": f"Lightning does not take {groups['name']} for a scheduler of PyTorch",
            "why": "Since PyTorch 2.0 schedulers have another base class, which older Lightning does not know.",
            "mend": "Upgrade lightning, or override lr_scheduler_step(self, scheduler, metric) with scheduler.step().",
        },
        raised=[
            text(
                "pytorch_lightning.utilities.exceptions.MisconfigurationException: The provided lr scheduler `ExponentialLR` "
                "doesn't follow "
                "PyTorch's LRScheduler API. You should override the `LightningModule.lr_scheduler_step` hook with your own "
                "logic if you are "
                "using a custom LR scheduler.",
                name="ExponentialLR",
            ),
            text(
                "RuntimeError: Early stopping conditioned on metric `val_loss` which is not available. Pass in or modify your "
                "`EarlyStopping` "
                "callback to use any of the following: `train_loss`",
                metric="val_loss",
            ),
        ],
    ),
    Family(
        "lightning-batch-size",
        library="lightning",
        exceptions=ANY,
        patterns=[r"We could not infer the batch_size from the batch"],
        needles=("could not infer the batch_size",),
        headline="Lightning cannot see how many samples a batch has",
        means="It looks for the first tensor in the batch, and the batch holds none: a list of text, or an object of one's own.",
        causes=("A collate_fn gives something else than tensors, lists or dicts of them.",),
        changes=("Say it where a value is logged: self.log('loss', loss, batch_size=len(labels)).",),
        raised=[
            text(
                "MisconfigurationException: We could not infer the batch_size from the batch. Either simplify its structure or "
                "provide the "
                "batch_size as `self.log(..., batch_size=batch_size)`."
            ),
        ],
    ),
]  # fmt: skip
