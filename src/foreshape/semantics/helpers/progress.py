"""tqdm: an iterable with a progress bar.

https://tqdm.github.io
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Instance, IteratorValue, LibraryRef, Typed, Value, none
from foreshape.semantics.python.stdlib.plain import attributes, results
from foreshape.semantics.registry import library_types, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_types((("tqdm.tqdm", ("builtins.object",)),))


@rule("tqdm.tqdm.__init__")
def tqdm_init(cx: Context, self: Value, iterable: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A bar over an iterable, or one that is moved by hand."""
    if isinstance(self, Instance) and iterable is not None:
        cx.set(self, "iterable", iterable)
    return none()


@rule("tqdm.tqdm.__iter__")
def tqdm_iter(cx: Context, self: Value) -> Value:
    """The elements of the iterable."""
    found = self.fields.get("iterable") if isinstance(self, Instance) else None
    contents = cx.iterate(found) if isinstance(found, Value) else None
    return cx.unknown("what a progress bar goes over") if contents is None else IteratorValue(contents)


@rule("tqdm.tqdm.__len__")
def tqdm_len(cx: Context, self: Value) -> Value:
    """How many elements the iterable has."""
    found = self.fields.get("iterable") if isinstance(self, Instance) else None
    return cx.rule("builtins.len", found) if isinstance(found, Value) else Typed("int")


@rule("tqdm.trange")
def trange(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A bar over a range."""
    return Instance(LibraryRef("tqdm.tqdm"), {"iterable": cx.rule("builtins.range", *args)})


results(
    "tqdm.tqdm",
    {
        "set_description set_postfix set_postfix_str set_description_str close refresh write pandas": "none",
        "reset clear __exit__": "none",
        "update": "bool",
        "__enter__": "self",
    },
)
attributes("tqdm.tqdm", {"n total": "int"})
