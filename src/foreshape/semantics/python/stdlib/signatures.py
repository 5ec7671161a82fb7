"""``inspect.signature`` of the program's own functions.

Source: https://docs.python.org/3/library/inspect.html
"""

from __future__ import annotations

from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Unknown,
    Value,
    const,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.registry import library_type, rule

SIGNATURE = library_type("inspect.Signature")
PARAMETER = library_type("inspect.Parameter")
NOT_SEEN = "the signature of a function that is not seen"


@rule("inspect.signature", "inspect.Signature.from_callable")
def signature(
    cx: Context, obj: Value, *, follow_wrapped: Value | None = None, globals: Value | None = None,
    locals: Value | None = None, eval_str: Value | None = None,
) -> Value:  # fmt: skip
    """The parameters in order, with their defaults. Of one that ``functools.wraps`` named after another nothing is known."""
    skipped = 0
    if isinstance(obj, BoundMethod):
        obj, skipped = obj.function, 1
    elif isinstance(obj, ClassValue):
        found = next(
            (base.fields["__init__"] for base in obj.mro if isinstance(base, ClassValue) and "__init__" in base.fields),
            None,
        )
        if found is None or any(isinstance(base, LibraryRef) and base.name != "builtins.object" for base in obj.mro):
            return Unknown(NOT_SEEN)
        obj, skipped = found, 1
    if not isinstance(obj, Function) or obj.wrapper == "decorated" or obj.name != getattr(obj.node, "name", "<lambda>"):
        return Unknown(NOT_SEEN)
    spec = obj.node.args
    names = [argument.arg for argument in (*spec.posonlyargs, *spec.args)]
    defaults: dict[str, Value] = dict(zip(reversed(names), reversed(obj.defaults)))
    defaults.update(obj.kw_defaults)
    if spec.vararg is not None:
        names.append(spec.vararg.arg)
    names.extend(argument.arg for argument in spec.kwonlyargs)
    if spec.kwarg is not None:
        names.append(spec.kwarg.arg)
    made: dict[object, Value] = {}
    for name in names[skipped:]:
        default = defaults.get(name, LibraryRef("inspect.Parameter.empty"))
        made[name] = Instance(LibraryRef(PARAMETER), {"name": const(name), "default": default})
    return Instance(LibraryRef(SIGNATURE), {"parameters": DictValue(made)})
