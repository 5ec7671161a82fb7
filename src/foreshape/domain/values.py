"""What is known about a Python value, without having it.

Values are immutable but for :class:`Mutable` ones, whose ``fields`` change only through a
:class:`~foreshape.domain.trail.Trail`. Nothing here knows a library: an array is an :class:`Array` whatever made it, a
layer or a data frame is an :class:`Instance` of a :class:`LibraryRef`.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Union

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.origin import Origin
from foreshape.domain.trail import Fields

if TYPE_CHECKING:
    import ast

    from foreshape.domain.contents import Contents
    from foreshape.domain.truth import Condition

Shape = tuple[DimLike, ...]
Number = int | float
Bound = Union[int, float, Dim, None]  # noqa: UP007
"""A bound of the values of an array: a number, a dimension expression, or None where nothing is known."""


class Value:
    """Base of everything that a Python expression can evaluate to.

    origin: where it came from. tainted: it follows from a fault that was already reported, so that nothing more is
    said about it.
    """

    __slots__ = ("origin", "tainted")

    def __init__(self, origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False


class Unknown(Value):
    """A value that nothing is known about, and why."""

    __slots__ = ("reason",)

    def __init__(self, reason: str, origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False
        self.reason = reason

    def __repr__(self) -> str:
        return f"Unknown({self.reason})"


class OneOf(Unknown):
    """One of several functions or methods, too many to follow each. ``options``: which."""

    __slots__ = ("options",)

    def __init__(self, reason: str, options: tuple[Value, ...]) -> None:
        super().__init__(reason)
        self.options = options


class UnknownElement(Unknown):
    """One element of a table: not an array itself, whatever else it may be."""

    __slots__ = ()


class UnknownTable(Unknown):
    """A table whose columns are not known, of ``rows`` rows. A list of names selects so many columns of it."""

    __slots__ = ("rows",)

    def __init__(self, reason: str, rows: DimLike) -> None:
        super().__init__(reason)
        self.rows = rows


class Const(Value):
    """A known immutable Python scalar: None, bool, int, float, complex, str, bytes or Ellipsis."""

    __slots__ = ("value",)

    def __init__(self, value: Any, origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False
        self.value = value

    def __repr__(self) -> str:
        return f"Const({self.value!r})"


class Int(Value):
    """An integer whose value is a symbolic dimension expression."""

    __slots__ = ("dim",)

    def __init__(self, dim: Dim, origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False
        self.dim = dim

    def __repr__(self) -> str:
        return f"Int({self.dim})"


class Typed(Value):
    """A scalar of a known Python type and unknown value.

    kind: "int", "float", "complex", "str", "bytes" or "bool". lo, hi: inclusive bounds of a number, where known.
    condition: what a bool is true under, where it can be said. floor, ceil: of a float that came from sizes, the ints
    below and above it (``n / 2`` has ``floor`` n//2), so that ``int(n / 2)`` and ``math.ceil(n / 2)`` stay exact.
    length: the number of characters of a text, where known.
    """

    __slots__ = ("ceil", "condition", "floor", "hi", "kind", "length", "lo")

    def __init__(
        self,
        kind: str,
        *,
        lo: Bound = None,
        hi: Bound = None,
        condition: Condition | None = None,
        floor: DimLike | None = None,
        ceil: DimLike | None = None,
        length: DimLike | None = None,
        origin: Origin | None = None,
    ) -> None:
        super().__init__(origin)
        self.kind = kind
        self.length = length
        self.lo = lo
        self.hi = hi
        self.condition = condition
        self.floor = floor
        self.ceil = ceil

    def __repr__(self) -> str:
        return f"Typed({self.kind})"


class Choice(Value):
    """One of a few values, each under its own condition (None where the condition cannot be said)."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[tuple[Condition | None, Value], ...], origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False
        self.options = options

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(value for _, value in self.options)

    def __repr__(self) -> str:
        return f"Choice{self.values!r}"


class SliceValue(Value):
    """A ``slice`` object."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: Value, stop: Value, step: Value, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self.start = start
        self.stop = stop
        self.step = step


class RangeValue(Value):
    """``range(start, stop, step)`` with symbolic ends. ``step`` is a known non-zero int."""

    __slots__ = ("start", "step", "stop")

    def __init__(self, start: DimLike, stop: DimLike, step: int = 1, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self.start = start
        self.stop = stop
        self.step = step


class Array(Value):
    """An n-dimensional array or tensor of any library.

    kind: "numpy", "tensorflow", "keras" (symbolic tensor of the functional API), "torch".
    shape: None where the rank is not known. dtype: canonical name ("float32"), None where not known.
    lo, hi: inclusive bounds of its values where known. data: the elements in C order, for small constant arrays.
    roles: a word per axis ("batch", "time", "feature", "channel", "height", "width", "class") or None, where known.
    meta: what only one library cares about (the layer that made a Keras tensor, strides, device, mask, ...).
    """

    __slots__ = ("data", "dtype", "hi", "kind", "lo", "meta", "roles", "shape")

    def __init__(
        self,
        kind: str,
        shape: Shape | None,
        dtype: str | None,
        *,
        lo: Bound = None,
        hi: Bound = None,
        data: tuple[Any, ...] | None = None,
        roles: tuple[str | None, ...] | None = None,
        meta: Mapping[str, Any] | None = None,
        origin: Origin | None = None,
    ) -> None:
        super().__init__(origin)
        self.kind = kind
        self.shape = shape
        self.dtype = dtype
        self.lo = lo
        self.hi = hi
        self.data = data
        self.roles = roles if roles is None or shape is None or len(roles) == len(shape) else None
        self.meta: Mapping[str, Any] = meta if meta is not None else NO_META

    @property
    def rank(self) -> int | None:
        return None if self.shape is None else len(self.shape)

    @property
    def has_elements(self) -> bool:
        """Whether there is more of it than a shape and a dtype. What Python does with a symbolic tensor, its rules say."""
        return self.kind != "keras"

    def replace(self, **changes: Any) -> Array:
        """A copy with some attributes changed; provenance is dropped unless given. New shape drops roles and data."""
        kept: dict[str, Any] = {
            "kind": self.kind, "shape": self.shape, "dtype": self.dtype, "lo": self.lo, "hi": self.hi,
            "data": self.data, "roles": self.roles, "meta": self.meta,
        }  # fmt: skip
        if "shape" in changes:
            kept["roles"] = kept["data"] = None
        kept.update(changes)
        made = Array(**kept)
        made.tainted = self.tainted
        return made

    def __repr__(self) -> str:
        return f"Array({self.kind}, {self.shape}, {self.dtype})"


NO_META: Final[Mapping[str, Any]] = {}


class Shaped(Value):
    """What is known at one moment of an object that has a shape but is no array (a data frame). An object keeps it in a
    field of its own; whoever shows shapes asks for these three. ``kind`` is the word of the library."""

    __slots__ = ()

    @property
    def kind(self) -> str:
        raise NotImplementedError

    @property
    def shape(self) -> Shape | None:
        raise NotImplementedError

    @property
    def dtype(self) -> str | None:
        raise NotImplementedError


class Mutable(Value):
    """A value with identity and state. ``fields`` is written only through a Trail."""

    __slots__ = ("fields",)

    def __init__(self, fields: Fields | None = None, origin: Origin | None = None) -> None:
        self.origin = origin
        self.tainted = False
        self.fields: Fields = {} if fields is None else fields


class Sequence(Mutable):
    """A list, tuple, set, frozenset or deque. ``fields["contents"]`` is its :class:`Contents`."""

    __slots__ = ("kind",)

    def __init__(self, kind: str, contents: Contents, origin: Origin | None = None) -> None:
        super().__init__({"contents": contents}, origin)
        self.kind = kind

    @property
    def contents(self) -> Contents:
        found: Contents = self.fields["contents"]
        return found

    def __repr__(self) -> str:
        return f"Sequence({self.kind}, {self.contents!r})"


class DictValue(Mutable):
    """A dict. Known keys (Python scalars, or tuples of them) map to values in ``fields["entries"]`` (an immutable view:
    always replaced as a whole). ``fields["rest"]`` is a value standing for entries under other, unknown keys, or None.
    ``fields["size"]`` is a DimLike where the number of entries is known although the keys are not, else None.
    """

    __slots__ = ("kind",)

    def __init__(
        self,
        entries: Mapping[Hashable, Value],
        rest: Value | None = None,
        size: DimLike | None = None,
        kind: str = "dict",
        origin: Origin | None = None,
    ) -> None:
        super().__init__({"entries": dict(entries), "rest": rest, "size": size}, origin)
        self.kind = kind

    @property
    def entries(self) -> Mapping[Hashable, Value]:
        found: Mapping[Hashable, Value] = self.fields["entries"]
        return found

    @property
    def rest(self) -> Value | None:
        found: Value | None = self.fields["rest"]
        return found

    @property
    def maybe(self) -> frozenset[Hashable]:
        """The keys that only some of the paths to here have put in."""
        found: frozenset[Hashable] = self.fields.get("~maybe") or frozenset()
        return found


class IteratorValue(Mutable):
    """A generator or iterator whose elements are known: ``fields["contents"]`` and how many were taken,
    ``fields["taken"]`` (an int)."""

    __slots__ = ("kind",)

    def __init__(self, contents: Contents, kind: str = "iterator", origin: Origin | None = None) -> None:
        super().__init__({"contents": contents, "taken": 0}, origin)
        self.kind = kind


class Scope(Mutable):
    """The variables of a module, a function call or a class body; ``fields`` maps names to values."""

    __slots__ = ("kind", "parent", "path")

    def __init__(self, kind: str, path: str, parent: Scope | None = None) -> None:
        super().__init__()
        self.kind = kind
        self.path = path
        self.parent = parent


class ModuleValue(Value):
    """A module of the person's own project, with its scope."""

    __slots__ = ("name", "scope")

    def __init__(self, name: str, scope: Scope, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self.name = name
        self.scope = scope


class LibraryRef(Value):
    """A module, class, function or constant of a library, by its canonical qualified name. spelled: the name that the
    program reaches it by, where it was imported: ``tensorflow.keras.layers`` for ``keras.layers``; "" elsewhere."""

    __slots__ = ("name", "spelled")

    def __init__(self, name: str, origin: Origin | None = None, spelled: str = "") -> None:
        self.origin = origin
        self.tainted = False
        self.name = name
        self.spelled = spelled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LibraryRef) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"LibraryRef({self.name})"


class Function(Value):
    """A function or lambda written in the checked program, with its closure and evaluated defaults."""

    __slots__ = ("defaults", "kw_defaults", "name", "node", "owner", "scope", "within", "wrapper")

    def __init__(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
        scope: Scope,
        defaults: tuple[Value, ...],
        kw_defaults: Mapping[str, Value],
        owner: ClassValue | None = None,
        origin: Origin | None = None,
    ) -> None:
        super().__init__(origin)
        self.node = node
        self.name: str = getattr(node, "name", "<lambda>")
        self.scope = scope
        self.defaults = defaults
        self.kw_defaults = kw_defaults
        self.owner = owner
        self.wrapper: str | None = None
        """"staticmethod", "classmethod", "property", "cached_property", the rule that ``tf.function`` is called by, or None."""
        self.within: Value | None = None
        """A context manager that is entered around every call (``@torch.no_grad()``)."""

    def again(self) -> Function:
        """The same function as a value of its own, which may be called in another way."""
        made = Function(self.node, self.scope, self.defaults, self.kw_defaults, self.owner, self.origin)
        made.wrapper, made.within = self.wrapper, self.within
        return made


class BoundMethod(Value):
    """A function together with the object that it was looked up on. ``function`` is a Function or a LibraryRef."""

    __slots__ = ("function", "receiver")

    def __init__(self, function: Value, receiver: Value, origin: Origin | None = None) -> None:
        super().__init__(origin)
        self.function = function
        self.receiver = receiver


class Partial(Value):
    """``functools.partial(function, *args, **kwargs)``."""

    __slots__ = ("args", "function", "kwargs")

    def __init__(
        self, function: Value, args: tuple[Value, ...], kwargs: Mapping[str, Value], origin: Origin | None = None
    ) -> None:
        super().__init__(origin)
        self.function = function
        self.args = args
        self.kwargs = kwargs


class ClassValue(Mutable):
    """A class written in the checked program. ``fields`` holds its namespace. ``mro`` starts with the class itself and
    ends with whatever library classes it derives from."""

    __slots__ = ("bases", "mro", "name", "node", "scope")

    def __init__(
        self, name: str, bases: tuple[Value, ...], scope: Scope, node: ast.ClassDef | None, origin: Origin | None = None
    ) -> None:
        super().__init__(scope.fields, origin)
        self.name = name
        self.bases = bases
        self.scope = scope
        self.node = node
        self.mro: tuple[ClassValue | LibraryRef, ...] = (self,)


class Instance(Mutable):
    """An object. ``cls`` is a class of the program, or a LibraryRef for an object of a library (a layer, a model, a
    data frame, a scaler). ``fields`` holds attributes; names that start with ``~`` are a rule's own state."""

    __slots__ = ("cls",)

    def __init__(
        self, cls: ClassValue | LibraryRef, fields: Fields | None = None, origin: Origin | None = None
    ) -> None:
        super().__init__(fields, origin)
        self.cls = cls

    @property
    def library_type(self) -> str | None:
        """The qualified name of the nearest library class that it is an instance of."""
        if isinstance(self.cls, LibraryRef):
            return self.cls.name
        for base in self.cls.mro:
            if isinstance(base, LibraryRef):
                return base.name
        return None

    @property
    def is_plain(self) -> bool:
        """Whether its classes are all the program's own, none of them makes its objects itself (``__new__`` may set anything in
        the class), and none of its attributes was set under a name that is not known."""
        if not isinstance(self.cls, ClassValue) or self.fields.get("~open"):
            return False
        return all(
            isinstance(base, ClassValue) and not base.fields.get("~open") and "__new__" not in base.fields
            for base in self.cls.mro
        )

    @property
    def snapshot(self) -> Value | None:
        """The :class:`Shaped` that describes it now (or a choice of them), for objects that have a shape."""
        found = self.fields.get("~frame")
        return found if isinstance(found, Value) else None

    def __repr__(self) -> str:
        return f"Instance({self.cls.name})"


def none() -> Const:
    """A fresh Python ``None``."""
    return Const(None)


def const(value: Any) -> Const:
    """A fresh known scalar."""
    return Const(value)


def int_value(dim: DimLike) -> Const | Int:
    """The Python int with this value."""
    return Const(dim) if isinstance(dim, int) else Int(dim)


def text_length(value: Value | None) -> DimLike | None:
    """How many characters a text has, or bytes; None where that is not known, or it is none."""
    if isinstance(value, Typed):
        return value.length
    return len(value.value) if isinstance(value, Const) and isinstance(value.value, (str, bytes)) else None


def joined_length(a: Value, b: Value) -> DimLike | None:
    """How many characters two texts have together."""
    one, other = text_length(a), text_length(b)
    return None if one is None or other is None else one + other


def is_none(value: Value | None) -> bool:
    """Whether it is certainly Python's None (or was not given at all)."""
    return value is None or (isinstance(value, Const) and value.value is None)


def dim_or(value: Value | None, otherwise: DimLike) -> DimLike:
    """The size that a value is; another where it is none. (A symbolic size has no truth value: ``or`` will not do.)"""
    found = as_dim(value)
    return otherwise if found is None else found


def as_dim(value: Value | None) -> DimLike | None:
    """The int that a value certainly is, known or symbolic; None where it is not certainly an int."""
    if isinstance(value, Int):
        return value.dim
    if isinstance(value, Const) and isinstance(value.value, (int, bool)):
        return int(value.value)
    if isinstance(value, Instance):
        return as_dim(value.fields.get("~plain"))
    if isinstance(value, Array) and value.shape == () and value.dtype is not None and "int" in value.dtype:
        if value.data is not None and len(value.data) == 1 and isinstance(value.data[0], (int, Dim)):
            return value.data[0]
        if value.lo is not None and value.lo == value.hi and isinstance(value.lo, (int, Dim)):
            return value.lo
    return None


def as_int(value: Value | None) -> int | None:
    """The known Python int that a value is, or None."""
    dim = as_dim(value)
    return dim if isinstance(dim, int) else None


def as_str(value: Value | None) -> str | None:
    """The known str that a value is, or None."""
    if isinstance(value, Instance):
        value = value.fields.get("~plain")
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def as_bool(value: Value | None) -> bool | None:
    """The known bool that a value is (True/False only), or None."""
    if isinstance(value, Const) and isinstance(value.value, (bool, int, type(None))):
        return bool(value.value)
    return None


def any_tainted(values: Iterable[Value]) -> bool:
    """Whether one of them follows from a reported fault."""
    for value in values:  # noqa: SIM110, asked at every call of a rule
        if value.tainted:
            return True
    return False
