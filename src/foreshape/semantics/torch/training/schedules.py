"""Schedules of the learning rate, and averaged models.

https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
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
    Unknown,
    Value,
    as_dim,
    as_int,
    as_str,
    int_value,
)
from foreshape.semantics.registry import REGISTRY, Parameters, Rule, library_type, rule
from foreshape.semantics.torch.errors import is_fraction
from foreshape.semantics.torch.support import error, given, invalid
from foreshape.semantics.torch.training.optimizers import OPTIMIZER, type_word

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BASE: Final = "torch.optim.lr_scheduler.LRScheduler"
DOC: Final = "https://docs.pytorch.org/docs/stable/optim.html"
library_type(BASE)
library_type("torch.optim.lr_scheduler._LRScheduler", BASE)

SIGNATURES: Final = {
    "ConstantLR": "optimizer factor= total_iters= last_epoch=",
    "CosineAnnealingLR": "optimizer T_max eta_min= last_epoch=",
    "CosineAnnealingWarmRestarts": "optimizer T_0 T_mult= eta_min= last_epoch=",
    "CyclicLR": "optimizer base_lr max_lr step_size_up= step_size_down= mode= gamma= scale_fn= scale_mode= cycle_momentum= "
    "base_momentum= max_momentum= last_epoch=",
    "ExponentialLR": "optimizer gamma last_epoch=",
    "LambdaLR": "optimizer lr_lambda last_epoch=",
    "LinearLR": "optimizer start_factor= end_factor= total_iters= last_epoch=",
    "MultiStepLR": "optimizer milestones gamma= last_epoch=",
    "MultiplicativeLR": "optimizer lr_lambda last_epoch=",
    "OneCycleLR": "optimizer max_lr total_steps= epochs= steps_per_epoch= pct_start= anneal_strategy= cycle_momentum= "
    "base_momentum= max_momentum= div_factor= final_div_factor= three_phase= last_epoch=",
    "PolynomialLR": "optimizer total_iters= power= last_epoch=",
    "ReduceLROnPlateau": "optimizer mode= factor= patience= threshold= threshold_mode= cooldown= min_lr= eps=",
    "SequentialLR": "optimizer schedulers milestones last_epoch=",
    "StepLR": "optimizer step_size gamma= last_epoch=",
    "ChainedScheduler": "schedulers optimizer=",
}
"""The arguments of each, as PyTorch 2.13 has them; before 2.7 all but the last took ``verbose`` too."""


def _parameters(text: str, *more: str) -> Parameters:
    made = Parameters.__new__(Parameters)
    words = [*text.split(), *more]
    made.star = made.star_star = None
    made.positional = ("self", *(word.rstrip("=") for word in words))
    made.positional_only = 0
    made.keyword_only = ()
    made.defaults = {word.rstrip("="): None for word in words if word.endswith("=")}
    made.required = tuple(name for name in made.positional if name not in made.defaults)
    return made


def _register() -> None:
    for name, text in SIGNATURES.items():
        owner = library_type(f"torch.optim.lr_scheduler.{name}", BASE)
        for since, until, more in (("2.7", "", ()), ("", "2.7", ("verbose=",))):
            made = Rule(f"{owner}.__init__", "function", scheduler_init, since, until, DOC)
            made.parameters = _parameters(text, *more)
            REGISTRY.rules.setdefault(made.name, []).append(made)


def _is_optimizer(value: Value) -> bool:
    """Whether it is an optimizer, or that is not known."""
    if not isinstance(value, Instance):
        return not isinstance(value, (Const, Sequence, DictValue, Array, Typed))
    bases = value.cls.mro if isinstance(value.cls, ClassValue) else (value.cls,)
    names = [name for base in bases if isinstance(base, LibraryRef) for name in REGISTRY.mro(base.name)]
    return OPTIMIZER in names or not all(name.startswith(("torch.", "builtins.")) for name in names)


def scheduler_init(cx: Context, self: Instance, **arguments: Any) -> Value:
    """Keeps the optimizer. TypeError for anything else, ValueError for settings that do not go together."""
    name = (self.library_type or "").rpartition(".")[2]
    optimizer = arguments.get("optimizer")
    for key, value in arguments.items():
        if isinstance(value, Value):
            cx.set(self, key, value)
    if isinstance(optimizer, Value) and given(optimizer) and not _is_optimizer(optimizer):
        from foreshape.faults.unsupported_data import UnsupportedData

        shown = type_word(optimizer).rpartition(".")[2]
        raised = error(cx, "TypeError", f"{shown} is not an Optimizer")
        raise UnsupportedData(raised, values=(optimizer,), taker=name, given=shown)
    if name == "OneCycleLR":
        _check_one_cycle(cx, arguments)
        _count_from_here(cx, self, arguments)
    if name == "ReduceLROnPlateau":
        factor = arguments.get("factor")
        if isinstance(factor, Const) and isinstance(factor.value, (int, float)) and factor.value >= 1.0:
            raise invalid(cx, "ValueError", "Factor should be < 1.0.", "factor", factor.value, factor)
        mode = as_str(arguments.get("mode"))
        if mode is not None and mode not in ("min", "max"):
            raise invalid(cx, "ValueError", f"mode {mode} is unknown!", "mode", mode)
    return Const(None)


def _check_count(cx: Context, name: str, value: Any) -> None:
    number = as_int(value)
    if is_fraction(value) or (number is not None and number <= 0):
        shown = cx.text(value) if number is None else str(number)
        raise invalid(cx, "ValueError", f"Expected positive integer {name}, but got {shown}", name, shown)


def _check_one_cycle(cx: Context, arguments: dict[str, Any]) -> None:
    steps, epochs, each = (arguments.get(key) for key in ("total_steps", "epochs", "steps_per_epoch"))
    if given(steps):
        _check_count(cx, "total_steps", steps)
        return
    if given(epochs) and given(each):
        for key, value in (("epochs", epochs), ("steps_per_epoch", each)):
            _check_count(cx, key, value)
        return
    message = "You must define either total_steps OR (epochs AND steps_per_epoch)"
    raise invalid(cx, "ValueError", message, "total_steps", "None")


def _count_from_here(cx: Context, self: Instance, arguments: dict[str, Any]) -> None:
    """How many steps there may be, and that none was made."""
    total = as_int(arguments.get("total_steps"))
    if not given(arguments.get("total_steps")):
        epochs, each = as_int(arguments.get("epochs")), as_int(arguments.get("steps_per_epoch"))
        total = None if epochs is None or each is None else epochs * each
    if total is not None and not given(arguments.get("last_epoch")):
        cx.set(self, "~total", total)
        cx.set(self, "~stepped", Const(0))


@rule(f"{BASE}.__init__")
def base_init(
    cx: Context, self: Instance, optimizer: Value, last_epoch: Value | None = None, verbose: Value | None = None
) -> Value:
    """A schedule of the program."""
    return scheduler_init(cx, self, optimizer=optimizer, last_epoch=last_epoch)


@rule(f"{BASE}.step", doc=DOC)
def step(cx: Context, self: Instance, epoch: Value | None = None) -> Value:
    """The next learning rate. ValueError where a schedule that ends is asked for one more."""
    total, stepped = self.fields.get("~total"), self.fields.get("~stepped")
    before = as_dim(stepped) if isinstance(stepped, (Const, Int)) else None
    if isinstance(total, int) and before is not None and not given(epoch):
        many = before + 1
        over = isinstance(many, int) and many > total
        cx.set(self, "~stepped", Const(None) if over else int_value(many))
        if over:
            message = f"Tried to step {total + 1} times. The specified number of total steps is {total}"
            raise invalid(cx, "ValueError", message, "total_steps", total, recover=Const(None))
    return Const(None)


@rule("torch.optim.lr_scheduler.ReduceLROnPlateau.step", doc=DOC)
def plateau_step(cx: Context, self: Instance, metrics: Value, epoch: Value | None = None) -> Value:
    """Looks at a number: a tensor must hold exactly one (RuntimeError: it is converted to float)."""
    if isinstance(metrics, Array) and metrics.shape is not None:
        cx.rule("builtins.float", metrics)
    return Const(None)


@rule(f"{BASE}.get_last_lr", f"{BASE}.get_lr", doc=DOC)
def get_last_lr(cx: Context, self: Instance) -> Value:
    """A rate for each group of parameters."""
    optimizer = self.fields.get("optimizer")
    groups = optimizer.fields.get("param_groups") if isinstance(optimizer, Instance) else None
    count = groups.contents.length if isinstance(groups, Sequence) else cx.fresh(lo=1)
    return Sequence("list", Contents((Run(count, Typed("float")),)))


@rule(f"{BASE}.state_dict", doc=DOC)
def state_dict(cx: Context, self: Instance) -> Value:
    """What the schedule remembers."""
    return DictValue({"last_epoch": Typed("int")}, Unknown("another entry of the schedule"))


@rule(f"{BASE}.load_state_dict", f"{BASE}.print_lr", doc=DOC)
def load_state_dict(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


_register()
