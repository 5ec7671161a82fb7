"""tqdm: it gives what it is given.

https://tqdm.github.io
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, LibraryRef, Value, int_value
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

BAR: Final = library_type("tqdm.tqdm")
NAMES: Final = (
    "tqdm.tqdm",
    "tqdm.auto.tqdm",
    "tqdm.notebook.tqdm",
    "tqdm.tqdm_notebook",
    "tqdm.autonotebook.tqdm",
    "tqdm.std.tqdm",
)


@rule(*NAMES)
def tqdm(cx: Context, iterable: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A bar over something: its elements are those of what it is made of."""
    return Instance(LibraryRef(BAR), {"~of": iterable if iterable is not None else Const(None)})


@rule("tqdm.trange", "tqdm.auto.trange", "tqdm.notebook.trange", "tqdm.tnrange")
def trange(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Instance(LibraryRef(BAR), {"~of": cx.rule("builtins.range", *args)})


@rule(f"{BAR}.__iter__")
def iterate(cx: Context, self: Instance) -> Value:
    found = self.fields.get("~of")
    return found if isinstance(found, Value) else cx.unknown("what the bar runs over is not known")


@rule(f"{BAR}.__len__")
def length(cx: Context, self: Instance) -> Value:
    found = self.fields.get("~of")
    size = cx.length(found) if isinstance(found, Value) and not isinstance(found, Const) else None
    return cx.unknown("the length of what the bar runs over is not known") if size is None else int_value(size)


@rule(f"{BAR}.__enter__")
def enter(cx: Context, self: Instance) -> Value:
    return self


@rule(
    *(
        f"{BAR}.{name}"
        for name in (
            "update",
            "close",
            "set_description",
            "set_postfix",
            "refresh",
            "reset",
            "set_postfix_str",
            "clear",
        )
    ),
    "tqdm.tqdm.write",
    "tqdm.tqdm.pandas",
    "tqdm.auto.tqdm.pandas",
)
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)
