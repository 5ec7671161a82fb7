"""Optimizers: what they are given to optimize, and their settings.

https://docs.pytorch.org/docs/stable/optim.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    IteratorValue,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import REGISTRY, Parameters, Rule, library_type, rule
from foreshape.semantics.torch.recorded import GRADED
from foreshape.semantics.torch.support import error, given, invalid, is_leaf, scalar_name
from foreshape.semantics.torch.training.modes import KEY, recording

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

OPTIMIZER: Final = "torch.optim.Optimizer"
DOC: Final = "https://docs.pytorch.org/docs/stable/optim.html"
library_type(OPTIMIZER)
library_type("torch.optim.optimizer.Optimizer", OPTIMIZER)

SIGNATURES: Final = {
    "ASGD": "lr=0.01 lambd= alpha= t0= weight_decay= foreach= maximize= differentiable= capturable=",
    "Adadelta": "lr=1.0 rho= eps= weight_decay= foreach= * capturable= maximize= differentiable=",
    "Adafactor": "lr=0.01 beta2_decay= eps= d= weight_decay= * foreach= maximize=",
    "Adagrad": "lr=0.01 lr_decay= weight_decay= initial_accumulator_value= eps= foreach= * maximize= differentiable= fused=",
    "Adam": "lr=0.001 betas= eps= weight_decay= amsgrad= * foreach= maximize= capturable= differentiable= fused= "
    "decoupled_weight_decay=",
    "AdamW": "lr=0.001 betas= eps= weight_decay= amsgrad= * maximize= foreach= capturable= differentiable= fused=",
    "Adamax": "lr=0.002 betas= eps= weight_decay= foreach= * maximize= differentiable= capturable=",
    "LBFGS": "lr=1 max_iter= max_eval= tolerance_grad= tolerance_change= history_size= line_search_fn=",
    "Muon": "lr=0.001 weight_decay= momentum= nesterov= ns_coefficients= eps= ns_steps= adjust_lr_fn=",
    "NAdam": "lr=0.002 betas= eps= weight_decay= momentum_decay= decoupled_weight_decay= * foreach= maximize= capturable= "
    "differentiable=",
    "RAdam": "lr=0.001 betas= eps= weight_decay= decoupled_weight_decay= * foreach= maximize= capturable= differentiable=",
    "RMSprop": "lr=0.01 alpha= eps= weight_decay= momentum= centered= capturable= foreach= maximize= differentiable=",
    "Rprop": "lr=0.01 etas= step_sizes= * capturable= foreach= maximize= differentiable=",
    "SGD": "lr=0.001 momentum= dampening= weight_decay= nesterov= * maximize= foreach= differentiable= fused=",
    "SparseAdam": "lr=0.001 betas= eps= maximize=",
}
"""The settings of each, after the parameters, as PyTorch 2.13 has them; with the learning rate that each begins with."""
RATES: Final = {name: text.split()[0].partition("=")[2] for name, text in SIGNATURES.items()}
NOT_NEGATIVE: Final = {
    "lr": "learning rate", "eps": "epsilon value", "weight_decay": "weight_decay value", "momentum": "momentum value",
    "alpha": "alpha value", "lr_decay": "lr_decay value",
}  # fmt: skip
"""Settings that must not be negative, and what the message calls them."""


def _parameters(text: str) -> Parameters:
    """The signature of an optimizer: ``cx, self, params, *the settings``."""
    made = Parameters.__new__(Parameters)
    before, _, after = text.partition(" * ")
    positional = [word.partition("=")[0] for word in before.split()]
    named = [word.partition("=")[0] for word in after.split()]
    made.star = made.star_star = None
    made.positional = ("self", "params", *positional)
    made.positional_only = 0
    made.keyword_only = tuple(named)
    made.defaults = dict.fromkeys((*positional, *named))
    made.required = ("self", "params")
    return made


def _register() -> None:
    for name, text in SIGNATURES.items():
        owner = library_type(f"torch.optim.{name}", OPTIMIZER)
        made = Rule(f"{owner}.__init__", "function", optimizer_init, "", "", DOC)
        made.parameters = _parameters(text)
        REGISTRY.rules.setdefault(made.name, []).append(made)


def optimizer_init(cx: Context, self: Instance, params: Value, **settings: Any) -> Value:
    """Keeps the parameters. ValueError for none of them and for settings out of range, TypeError for what is no tensor."""
    name = self.library_type or ""
    name = name.rpartition(".")[2]
    rate = settings.get("lr")
    start = Const(float(RATES.get(name, "0.001"))) if rate is None else rate
    if name == "SGD" and rate is None and not cx.targets.at_least("torch", "2.2"):
        message = "parameter group didn't specify a value of required optimization parameter lr"
        raise invalid(cx, "ValueError", message, "lr", "not given")
    _check_settings(cx, name, settings)
    groups = _groups(cx, params, start, settings)
    cx.set(self, "param_groups", groups)
    cx.set(self, "~rate", start)
    return Const(None)


def _check_settings(cx: Context, name: str, settings: dict[str, Any]) -> None:
    for key, word in NOT_NEGATIVE.items():
        value = settings.get(key)
        if not isinstance(value, Const):
            continue
        number = value.value
        if isinstance(number, (int, float)) and not isinstance(number, bool) and number < 0:
            raise invalid(cx, "ValueError", f"Invalid {word}: {number}", key, number, value)
    betas = settings.get("betas")
    items = betas.contents.items(limit=4) if isinstance(betas, Sequence) else None
    for place, beta in enumerate((items or ())[:2]):
        number = beta.value if isinstance(beta, Const) else None
        if isinstance(number, (int, float)) and not 0.0 <= number < 1.0:
            message = f"Invalid beta parameter at index {place}: {number}"
            raise invalid(cx, "ValueError", message, "betas", number, beta)
    if name == "SGD" and as_bool(settings.get("nesterov")):
        momentum, dampening = settings.get("momentum"), settings.get("dampening")
        none = momentum is None or (isinstance(momentum, Const) and momentum.value <= 0)
        damped = isinstance(dampening, Const) and dampening.value != 0
        if none or damped:
            message = "Nesterov momentum requires a momentum and zero dampening"
            raise invalid(cx, "ValueError", message, "nesterov", "True")


# -- parameters --------------------------------------------------------------------------------------------------------


def type_word(value: Value) -> str:
    """``torch.typename``."""
    if isinstance(value, Array) and value.kind == "torch":
        return f"torch.{scalar_name(value.dtype)}Tensor"
    if isinstance(value, Array):
        return "numpy.ndarray"
    if isinstance(value, Instance):
        if isinstance(value.cls, ClassValue):
            return f"__main__.{value.cls.name}"
        return _module_path(value.cls.name)
    if isinstance(value, (Sequence, Typed)):
        return value.kind
    return type(value.value).__name__ if isinstance(value, Const) else "object"


FILES: Final = (
    ("Linear", "linear"), ("Bilinear", "linear"), ("Identity", "linear"), ("Conv", "conv"), ("LSTM", "rnn"), ("GRU", "rnn"),
    ("RNN", "rnn"), ("Dropout", "dropout"), ("BatchNorm", "batchnorm"), ("InstanceNorm", "instancenorm"),
    ("LayerNorm", "normalization"), ("GroupNorm", "normalization"), ("Embedding", "sparse"), ("Flatten", "flatten"),
    ("Sequential", "container"), ("Module", "container"), ("MaxPool", "pooling"), ("AvgPool", "pooling"),
    ("Adaptive", "pooling"), ("Transformer", "transformer"), ("Upsample", "upsampling"), ("ZeroPad", "padding"),
)  # fmt: skip


def _module_path(name: str) -> str:
    """Where a module is really defined: ``torch.nn.modules.linear.Linear``."""
    owner, _, short = name.rpartition(".")
    if owner != "torch.nn":
        return name
    if short.endswith("Loss"):
        return f"torch.nn.modules.loss.{short}"
    found = next((file for start, file in FILES if short.startswith(start)), "activation")
    return f"torch.nn.modules.{found}.{short}"


def _groups(cx: Context, params: Value, rate: Value, settings: dict[str, Any]) -> Value:
    unknown = Sequence("list", Contents((Run(cx.fresh(lo=1), _group(Unknown("its parameters"), rate, settings)),)))
    if isinstance(params, Array) and params.kind == "torch":
        message = (
            "params argument given to the optimizer should be an iterable of Tensors or dicts, but got "
            f"{type_word(params)}"
        )
        raise _unsupported(cx, "TypeError", message, params, type_word(params))
    if isinstance(params, (Function, BoundMethod)):
        kind = "function" if isinstance(params, Function) else "method"
        raise _unsupported(cx, "TypeError", f"'{kind}' object is not iterable", params, kind)
    if isinstance(params, Instance) and _is_module(params) and not _iterable(cx, params):
        shown = params.cls.name.rpartition(".")[2]
        raise _unsupported(cx, "TypeError", f"'{shown}' object is not iterable", params, shown)
    contents = cx.iterate(params)
    if contents is None:
        return unknown
    from foreshape.semantics.python.iterators import exhaust

    exhaust(cx, params)
    if not contents.segments or contents.length == 0:
        message = "optimizer got an empty parameter list"
        raise invalid(cx, "ValueError", message, "params", cx.text(params), params)
    first = contents.segments[0]
    if isinstance(first, Run):
        first = first.element
    if not isinstance(first, DictValue):
        held = _checked(cx, Sequence("list", contents), contents)
        return Sequence("list", Contents((_group(held, rate, settings),)))
    items = contents.items(limit=64)
    if items is None:
        return unknown
    made = [_dict_group(cx, item, rate, settings) for item in items]
    _no_parameter_twice(cx, made, params)
    return Sequence("list", Contents(made))


def _no_parameter_twice(cx: Context, groups: list[Value], params: Value) -> None:
    """Each parameter stands in one group."""
    seen: set[int] = set()
    for group in groups:
        held = group.entries.get("params") if isinstance(group, DictValue) else None
        own = held.contents.items(limit=2048) if isinstance(held, Sequence) else None
        here = {id(one) for one in own or () if isinstance(one, Array) and one.meta.get("parameter")}
        if seen & here:
            message = "some parameters appear in more than one parameter group"
            raise invalid(cx, "ValueError", message, "params", cx.text(params), params)
        seen |= here


def _dict_group(cx: Context, item: Value, rate: Value, settings: dict[str, Any]) -> Value:
    if not isinstance(item, DictValue):
        if isinstance(item, (Unknown, Instance)):
            return cx.unknown("a group of parameters that is not known")
        shown = f"<class '{type_word(item)}'>"
        raise _unsupported(cx, "TypeError", f"param_group must be a dict, but got {shown}", item, type_word(item))
    if item.rest is not None:
        return item
    given_params = item.entries.get("params")
    if given_params is None:
        from foreshape.semantics.python.errors import key_error

        raise key_error("params", tuple(str(key) for key in item.entries), item)
    if isinstance(given_params, Sequence) and given_params.kind == "set":
        message = (
            "optimizer parameters need to be organized in ordered collections, but the ordering of tensors in sets "
            "will change between runs. Please use a list instead."
        )
        raise _unsupported(cx, "TypeError", message, given_params, "set")
    if isinstance(given_params, Array):
        held: Value = Sequence("list", Contents((given_params,)))
    elif isinstance(given_params, (Function, BoundMethod)):
        kind = "function" if isinstance(given_params, Function) else "method"
        raise _unsupported(cx, "TypeError", f"'{kind}' object is not iterable", given_params, kind)
    else:
        contents = cx.iterate(given_params)
        if contents is None:
            held = cx.unknown("the parameters are not known")
        else:
            from foreshape.semantics.python.iterators import exhaust

            exhaust(cx, given_params)
            held = _checked(cx, Sequence("list", contents), contents)
    made = _group(held, rate, settings)
    assert isinstance(made, DictValue)
    return DictValue({**made.entries, **{key: one for key, one in item.entries.items() if key != "params"}}, made.rest)


def _group(params: Value, rate: Value, settings: dict[str, Any]) -> Value:
    entries: dict[Any, Value] = {"params": params, "lr": rate}
    entries.update({key: value for key, value in settings.items() if isinstance(value, Value)})
    return DictValue(entries, Unknown("another setting of the optimizer"))


def _checked(cx: Context, held: Sequence, contents: Contents) -> Value:
    """Tensors, each a leaf."""
    for part in contents.segments[:512]:
        one = part.element if isinstance(part, Run) else part
        if isinstance(one, Sequence) and one.kind == "tuple" and cx.targets.at_least("torch", "2.6"):
            items = one.contents.items(limit=4)
            one = items[1] if items is not None and len(items) == 2 else Unknown("a named parameter")
        if isinstance(one, Array) and one.kind == "torch":
            if not is_leaf(one):
                raise invalid(cx, "ValueError", "can't optimize a non-leaf Tensor", "params", cx.text(one), one)
        elif isinstance(one, IteratorValue):  # [lstm.parameters(), head.parameters()]
            message = "optimizer can only optimize Tensors, but one of the params is Module.parameters"
            raise _unsupported(cx, "TypeError", message, one, "generator")
        elif not isinstance(one, Unknown) and not (isinstance(one, Instance) and not _is_module(one)):
            if isinstance(one, (Const, Typed, Sequence, DictValue, Array, Instance)):
                shown = type_word(one)
                message = f"optimizer can only optimize Tensors, but one of the params is {shown}"
                raise _unsupported(cx, "TypeError", message, one, shown)
    return held


def _unsupported(cx: Context, exception: str, message: str, value: Value, shown: str) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    return UnsupportedData(error(cx, exception, message), values=(value,), taker="optimizer", given=shown)


def _is_module(value: Instance) -> bool:
    bases = value.cls.mro if isinstance(value.cls, ClassValue) else (value.cls,)
    return any(isinstance(base, LibraryRef) and "torch.nn.Module" in REGISTRY.mro(base.name) for base in bases)


def _iterable(cx: Context, value: Instance) -> bool:
    """Whether a module can be iterated over, or that is not known."""
    if isinstance(value.cls, ClassValue):
        for base in value.cls.mro:
            if isinstance(base, ClassValue) and ("__iter__" in base.fields or "__getitem__" in base.fields):
                return True
            if isinstance(base, LibraryRef) and base.name not in ("torch.nn.Module", "builtins.object"):
                return True
        return False
    return "Sequential" in value.cls.name or "List" in value.cls.name or "Dict" in value.cls.name


# -- methods -----------------------------------------------------------------------------------------------------------


@rule(f"{OPTIMIZER}.__init__")
def base_init(cx: Context, self: Instance, params: Value, defaults: Value) -> Value:
    """An optimizer of the program."""
    cx.set(self, "defaults", defaults)
    rate = defaults.entries.get("lr") if isinstance(defaults, DictValue) else None
    settings = dict(defaults.entries) if isinstance(defaults, DictValue) else {}
    start = rate if rate is not None else Typed("float")
    cx.set(self, "param_groups", _groups(cx, params, start, settings))  # type: ignore[arg-type]
    return Const(None)


@rule(f"{OPTIMIZER}.step", doc=DOC)
def step(cx: Context, self: Instance, closure: Value | None = None) -> Value:
    """What the closure gives, which is called with gradients on."""
    if not given(closure):
        return Const(None)
    assert closure is not None
    before = recording(cx)
    cx.set(cx.state("torch"), KEY, True)
    try:
        return cx.call(closure, ())
    finally:
        cx.set(cx.state("torch"), KEY, before)


@rule("torch.optim.LBFGS.step", doc=DOC)
def lbfgs_step(cx: Context, self: Instance, closure: Value) -> Value:
    """Needs a closure, which gives the loss."""
    return step(cx, self, closure)


@rule(f"{OPTIMIZER}.zero_grad", doc=DOC)
def zero_grad(cx: Context, self: Instance, set_to_none: Value | None = None) -> Value:
    """Changes no shape."""
    cx.set(cx.state("torch"), GRADED, None)
    return Const(None)


@rule(
    f"{OPTIMIZER}.register_step_pre_hook",
    f"{OPTIMIZER}.register_step_post_hook",
    f"{OPTIMIZER}.share_memory",
    doc=DOC,
)
def no_shapes(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(f"{OPTIMIZER}.state_dict", doc=DOC)
def state_dict(cx: Context, self: Instance) -> Value:
    """``state`` and ``param_groups``."""
    return DictValue({
        "state": DictValue({}, Unknown("what the optimizer remembers of a parameter")),
        "param_groups": cx.get_attribute(self, "param_groups", Unknown("its groups")),
    })  # fmt: skip


@rule(f"{OPTIMIZER}.load_state_dict", doc=DOC)
def load_state_dict(cx: Context, self: Instance, state_dict: Value) -> Value:
    """Takes over what another run remembered."""
    return Const(None)


@rule(f"{OPTIMIZER}.add_param_group", doc=DOC)
def add_param_group(cx: Context, self: Instance, param_group: Value) -> Value:
    """More parameters, with settings of their own."""
    groups = self.fields.get("param_groups")
    rate = self.fields.get("~rate") or Typed("float")
    made = _dict_group(cx, param_group, rate, {})
    if isinstance(groups, Sequence):
        cx.set(groups, "contents", groups.contents.with_item(made))
    return Const(None)


_register()
