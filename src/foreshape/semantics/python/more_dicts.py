"""Dicts made from keys, their order, and dicts that show the parts of an object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.values import DictValue, Instance, Value, none
from foreshape.semantics.python.dicts import key_of, put_pairs
from foreshape.semantics.python.tools import elements_of, known, sequence
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("builtins.dict.fromkeys", "collections.OrderedDict.fromkeys")
def fromkeys(cx: Context, iterable: Value, value: Value | None = None, /) -> Value:
    """A dict with these keys and one value."""
    contents = elements_of(cx, iterable)
    made = DictValue({})
    given = value if value is not None else none()
    if contents is None:
        return DictValue({}, given)
    pairs: list[Segment] = []
    for segment in contents.segments:
        if isinstance(segment, Run):
            pairs.append(Run(segment.length, sequence("tuple", (segment.element, given)), segment.index))
        else:
            pairs.append(sequence("tuple", (segment, given)))
    put_pairs(cx, made, Contents(pairs))
    return made


@rule("collections.OrderedDict.move_to_end")
def move_to_end(cx: Context, self: Value, key: Value, last: Value | None = None) -> Value:
    """Change the order of the keys."""
    assert isinstance(self, DictValue)
    wanted = key_of(cx, key)
    if wanted is not None and wanted[0] in self.entries:
        others = {k: v for k, v in self.entries.items() if k != wanted[0]}
        moved = {wanted[0]: self.entries[wanted[0]]}
        first = last is not None and known(last) == (False,)
        cx.set(self, "entries", {**moved, **others} if first else {**others, **moved})
    return none()


def write_through(cx: Context, self: DictValue, key: Value, value: Value) -> None:
    """What is written to the dict of an object's own parts (``module._modules``) is written to the object."""
    owner, name = self.fields.get("~of"), known(key)
    if isinstance(owner, Instance):
        if name is None:
            cx.set(owner, "~more", True)
        else:
            order = owner.fields.get("~order")
            if isinstance(order, tuple) and name[0] not in order:
                cx.set(owner, "~order", (*order, name[0]))
            cx.set(owner, str(name[0]), value)
