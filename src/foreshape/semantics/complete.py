"""Classes of libraries of which every member is known, so that it can be said that one is not there."""

from __future__ import annotations

PLAIN = frozenset({"torch.utils.data.Dataset", "torch.utils.data.IterableDataset"})
"""Classes that give their objects hardly any attributes."""
OF_DATASET = frozenset({"functions", "register_function", "register_datapipe_as_function", "set_getstate_hook",
                        "set_reduce_ex_hook", "type", "getstate_hook", "reduce_ex_hook", "str_hook", "repr_hook"})  # fmt: skip


def is_complete(type_name: str) -> bool:
    """Whether the members of a class are known well enough: what no rule knows of it, the next base class may have."""
    if type_name.startswith("torch.nn."):
        from foreshape.semantics.torch.nn.members import is_listed

        return is_listed(type_name)
    plain = type_name in ("builtins.object", "typing.NamedTuple") or type_name in PLAIN
    return plain or type_name.startswith("keras.")


def never_has(type_name: str, member: str) -> bool:
    """Whether no object of a class has such an attribute, unless the program gives it one."""
    if type_name in PLAIN:
        return not member.startswith("_") and member not in OF_DATASET
    if not type_name.startswith("torch.nn."):
        return False
    from foreshape.semantics.torch.nn.members import has_member

    return not has_member(type_name, member)
