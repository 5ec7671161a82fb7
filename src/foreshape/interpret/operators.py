"""Operators, comparison and truth: scalars here, everything else by the rules of its type."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Final

from foreshape.domain import compare as compare_dims
from foreshape.domain.dim import Dim, DimLike, ceildiv, lower, product, upper
from foreshape.domain.truth import NO, YES, Truth, both
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    LibraryRef,
    Partial,
    RangeValue,
    Sequence,
    Typed,
    Unknown,
    UnknownElement,
    Value,
    as_dim,
    const,
    int_value,
    is_none,
    joined_length,
)
from foreshape.faults.base import Raises
from foreshape.interpret.access import Access
from foreshape.semantics.registry import REGISTRY

BINARY: Final = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
COMPARE: Final = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
PYTHON: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "**": operator.pow, "<<": operator.lshift, ">>": operator.rshift, "&": operator.and_,
    "|": operator.or_, "^": operator.xor, "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
PYTHON_UNARY: Final[dict[str, Callable[[Any], Any]]] = {"-": operator.neg, "+": operator.pos, "~": operator.invert}
DUNDER: Final = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor", "==": "eq", "!=": "ne", "<": "lt", "<=": "le",
    ">": "gt", ">=": "ge",
}  # fmt: skip
DIM_COMPARE: Final = {
    "==": compare_dims.eq, "!=": compare_dims.ne, "<": compare_dims.lt, "<=": compare_dims.le,
    ">": compare_dims.gt, ">=": compare_dims.ge,
}  # fmt: skip
MIRRORED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
SCALARS: Final = (Const, Int, Typed, Sequence, DictValue)
NUMBER_KINDS: Final = ("bool", "int", "float", "complex")
BIGGEST: Final = 10**9


class Operators(Access):
    """``binary``, ``compare``, ``unary`` and ``truth``."""

    # -- arithmetic -----------------------------------------------------------------------------------------------
    def binary(self, op: str, left: Value, right: Value) -> Value:
        """``left op right``."""
        if op in MIRRORED or op in ("in", "not in", "is", "is not"):
            return self.compare(op, left, right)
        left, right = unwrapped(left), unwrapped(right)
        if isinstance(left, Choice):
            return self.distribute(left, lambda option: self.binary(op, option, right))
        if isinstance(right, Choice):
            return self.distribute(right, lambda option: self.binary(op, left, option))
        scalar = self._scalar(op, left, right)
        if scalar is not None:
            return scalar
        if op == "|" and (isinstance(left, (LibraryRef, ClassValue)) or isinstance(right, (LibraryRef, ClassValue))):
            return Unknown("it is a union of types")
        if op == "*":
            left, right = self._times(left, right), self._times(right, left)
        made = self._by_type(op, left, right)
        if made is not None:
            return made
        if isinstance(left, Unknown):
            return Unknown(left.reason)
        if isinstance(right, Unknown):
            return Unknown(right.reason)
        names = [self._without_operators(value) for value in (left, right)]
        if all(names) and self.certain():
            return self.python_error(TypeError(f"unsupported operand type(s) for {op}: '{names[0]}' and '{names[1]}'"))
        return Unknown(f"'{op}' between these is not modelled")

    def _without_operators(self, value: Value) -> str:
        """The type of a plain value, or of an object whose classes are all there to be seen and have no operators."""
        if not isinstance(value, Instance):
            return kind_of(value)
        return value.cls.name if value.is_plain and "~items" not in value.fields else ""

    def _times(self, value: Value, other: Value) -> Value:
        """A whole number of NumPy beside text or a list says how often, as an int does."""
        repeated = kind_of(other) in ("str", "bytes") or (
            isinstance(other, Sequence) and other.kind in ("list", "tuple")
        )
        if (
            repeated
            and isinstance(value, Array)
            and value.kind == "numpy"
            and value.shape == ()
            and "0d" not in value.meta
        ):
            if value.dtype is not None and value.dtype.startswith(("int", "uint")):
                return self.rule("builtins.int", value)
        return value

    def _scalar(self, op: str, left: Value, right: Value) -> Value | None:
        if isinstance(left, Const) and isinstance(right, Const):
            return self._constants(op, left, right)
        if not isinstance(left, (Const, Int, Typed)) or not isinstance(right, (Const, Int, Typed)):
            return None
        a, b = as_dim(left), as_dim(right)
        if a is not None and b is not None:
            made = self._dims(op, self.resolve(a), self.resolve(b))
            if made is not None:
                return made
        scaled = self._scaled(op, left, right)
        if scaled is not None:
            return scaled
        kinds = (kind_of(left), kind_of(right))
        if op in ("/", "//", "%") and isinstance(right, Const) and right.value == 0 and kinds[0] in NUMBER_KINDS:
            return self.python_error(ZeroDivisionError("float division by zero" if op == "/" else "division by zero"))
        if kinds[0] in NUMBER_KINDS and kinds[1] in NUMBER_KINDS:
            rank = max(NUMBER_KINDS.index(kinds[0]), NUMBER_KINDS.index(kinds[1]), 1)
            if op == "**" and rank == 1:
                return _power(right, b)
            if op == "/":
                rank = max(rank, 2)
            return Typed(NUMBER_KINDS[rank])
        if op == "+" and kinds == ("str", "str"):
            return Typed("str", length=joined_length(left, right))
        return None

    def _constants(self, op: str, left: Const, right: Const) -> Value | None:
        a, b = left.value, right.value
        if op not in PYTHON:
            return None
        if op in ("**", "<<", "*") and (_is_big(a) or _is_big(b)):
            return Typed("float" if isinstance(a, float) or isinstance(b, float) else "int")
        if op == "*" and isinstance(a, (str, bytes)) and isinstance(b, int) and b > 10_000:
            return Typed("str" if isinstance(a, str) else "bytes")
        if op == "**" and isinstance(a, int) and isinstance(b, int) and abs(b) > 64 and abs(a) > 1:
            return Typed("int")
        try:
            return Const(PYTHON[op](a, b))
        except (TypeError, ValueError, ArithmeticError) as error:
            return self.python_error(error)

    def _dims(self, op: str, a: DimLike, b: DimLike) -> Value | None:
        if op == "+":
            return int_value(a + b)
        if op == "-":
            return int_value(a - b)
        if op == "*":
            return int_value(a * b)
        if op in ("//", "%", "/"):
            if isinstance(b, int) and b == 0:
                return self.python_error(ZeroDivisionError("division by zero"))
            if compare_dims.eq(b, 0).is_unknown and not isinstance(b, int) and not compare_dims.gt(b, 0).is_yes:
                return None if op != "/" else Typed("float")
            if op == "/":
                return Typed("float", floor=a // b, ceil=ceildiv(a, b))
            return int_value(a // b if op == "//" else a % b)
        if op == "**" and isinstance(b, int) and 0 <= b <= 4:
            return int_value(a**b if isinstance(a, Dim) else int(a**b))
        return None

    def _scaled(self, op: str, left: Value, right: Value) -> Value | None:
        """``n * 0.8``: a float whose floor is one variable between 0 and n, the same at each mention. A part of something
        is taken to be something, as a loop over it is."""
        if op not in ("*", "/"):
            return None
        if isinstance(left, Const) and isinstance(left.value, float) and op == "*":
            left, right = right, left
        size = as_dim(left)
        if size is None or not isinstance(right, Const) or not isinstance(right.value, float):
            return None
        factor = right.value if op == "*" else (1 / right.value if right.value else 0.0)
        if not 0.0 < factor < 1.0 or not compare_dims.ge(size, 0, self.facts).is_yes:
            return Typed("float")
        key = ("~scaled", size, factor)
        known: Dim | None = self.process.get(key)
        if known is None:
            some = 1 if compare_dims.ge(size, 1, self.facts).is_yes else 0
            known = self.fresh(f"int({size} * {factor:g})", some, size)
            self.process[key] = known
        return Typed("float", floor=known, ceil=self.fresh(None, known, size))

    def _by_type(self, op: str, left: Value, right: Value) -> Value | None:
        """By the classes of the operands: the program's own ``__add__`` first, then the rules of the library."""
        name = DUNDER.get(op)
        if name is not None:
            for value, other, method in ((left, right, f"__{name}__"), (right, left, f"__r{name}__")):
                found = self.user_method(value, method)
                if found is not None and value is right and isinstance(left, Array) and left.kind == "numpy":
                    if not is_preferred(right):
                        return Unknown("an array does it with each of its elements")
                if found is not None and value is right and isinstance(left, Unknown):
                    return Unknown("what is on the left may do it in its own way")
                if found is not None:
                    return self.call(found, (other,))
        order = [(left, right, False), (right, left, True)]
        if op == "%" and kind_of(left) in ("str", "bytes"):
            pass  # text formats whatever it is given
        elif _leads(right) and not _leads(left):
            order.reverse()  # a frame decides what an array does with it
        elif isinstance(right, Array) and not _leads(left):
            if not (isinstance(left, Array) and rank_of(left) >= rank_of(right)):
                order.reverse()
        for value, other, reflected in order:
            if isinstance(value, (Array, Instance, Sequence, DictValue, Const, Typed, Int)):
                made = self.type_rule(value, "__binary__", const(op), other, const(reflected))
                if made is not None:
                    return made
        return None

    def unary(self, op: str, value: Value) -> Value:
        """``-value``, ``+value``, ``~value``."""
        if isinstance(value, Choice):
            return self.distribute(value, lambda option: self.unary(op, option))
        if isinstance(value, Const) and isinstance(value.value, (int, float, complex)):
            try:
                return Const(PYTHON_UNARY[op](value.value))
            except TypeError as error:
                return self.python_error(error)
        if isinstance(value, Int) and op in ("-", "+"):
            return int_value(-value.dim if op == "-" else value.dim)
        if isinstance(value, (Typed, Int)):
            return Typed("int" if isinstance(value, Int) else value.kind)
        method = self.user_method(value, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[op])
        if method is not None:
            return self.call(method)
        made = self.type_rule(value, "__unary__", const(op))
        return made if made is not None else Unknown(f"unary '{op}' of this is not modelled")

    # -- comparison -------------------------------------------------------------------------------------------------
    def compare(self, op: str, left: Value, right: Value) -> Value:
        """``left op right`` for comparisons, identity and membership."""
        if isinstance(left, Choice):
            return self.distribute(left, lambda option: self.compare(op, option, right))
        if isinstance(right, Choice):
            return self.distribute(right, lambda option: self.compare(op, left, option))
        if op in MIRRORED:
            left, right = unwrapped(left), unwrapped(right)
        if op in ("is", "is not"):
            truth = self._identical(left, right)
            return self.from_truth(truth if op == "is" else truth.negate())
        if op in ("in", "not in"):
            truth = self._contains(right, left)
            return self.from_truth(truth if op == "in" else truth.negate())
        if isinstance(left, Const) and isinstance(right, Const):
            try:
                return Const(PYTHON[op](left.value, right.value))
            except TypeError as error:
                return self.python_error(error)
        a, b = as_dim(left), as_dim(right)
        if a is not None and b is not None and not isinstance(left, Array) and not isinstance(right, Array):
            return self.from_truth(DIM_COMPARE[op](a, b, self.facts))
        for value, other in ((left, right), (right, left)):
            element = isinstance(value, UnknownElement) and isinstance(other, Instance)
            if isinstance(value, Unknown) and not element:
                return Unknown(value.reason)  # it may be an array, and so may be what comes out
        made = self._compare_by_type(op, left, right)
        if made is None and (isinstance(left, Unknown) or isinstance(right, Unknown)):
            return Unknown("how it is compared is not known")
        return made if made is not None else Typed("bool")

    def _compare_by_type(self, op: str, left: Value, right: Value) -> Value | None:
        name = DUNDER[op]
        for value, other, method in (
            (left, right, f"__{name}__"),
            (right, left, f"__{DUNDER[MIRRORED[op]]}__"),
        ):
            found = self.user_method(value, method)
            if found is not None:
                return self.call(found, (other,))
        order = [(left, right, op), (right, left, MIRRORED[op])]
        if (isinstance(right, Array) and not isinstance(left, Array) and not _leads(left)) or (
            _leads(right) and not _leads(left)
        ):
            order.reverse()
        for value, other, direction in order:
            if isinstance(value, (Array, Instance, *SCALARS)):
                made = self.type_rule(value, "__binary__", const(direction), other, const(False))
                if made is not None:
                    return made
        if op in ("==", "!=") and isinstance(left, (LibraryRef, ClassValue)) and type(left) is type(right):
            return const((left == right) == (op == "=="))
        if op in ("==", "!="):
            equal = self._equal_objects(left, right)
            if equal is not None:
                return self.from_truth(equal if op == "==" else equal.negate())
        if op in ("==", "!=") and self._never_equal(left, right):
            return const(op == "!=")
        return None

    def is_plain(self, value: Value) -> bool:
        """Whether it is an object of a class of the program that derives from no library class."""
        return isinstance(value, Instance) and value.is_plain

    def _equal_objects(self, left: Value, right: Value) -> Truth | None:
        """Equality of objects whose class does not define it: identity, for dataclasses the fields."""
        if is_member(left) and is_member(right):
            return Truth.of(left is right)
        if not self.is_plain(left) and not self.is_plain(right):
            return None
        if not all(self.is_plain(value) or isinstance(value, SCALARS) for value in (left, right)):
            return None
        if not isinstance(left, Instance) or not isinstance(right, Instance) or left.cls is not right.cls:
            return Truth.of(left is right)
        if not isinstance(left.cls, ClassValue) or not left.cls.fields.get("~dataclass"):
            return Truth.of(left is right)
        truth = YES
        for key in left.fields.keys() | right.fields.keys():
            a, b = left.fields.get(key), right.fields.get(key)
            if isinstance(a, Value) and isinstance(b, Value):
                truth = both(truth, self.truth(self.compare("==", a, b)))
        return truth

    def _never_equal(self, left: Value, right: Value) -> bool:
        plain = (Const, Int, Typed, Sequence, DictValue)
        if not isinstance(left, plain) or not isinstance(right, plain):
            return False
        a, b = kind_of(left), kind_of(right)
        if a in NUMBER_KINDS and b in NUMBER_KINDS:
            return False
        return a != b and bool(a) and bool(b)

    def _identical(self, left: Value, right: Value) -> Truth:
        if left is right:
            return YES
        if isinstance(left, Unknown) or isinstance(right, Unknown):
            return Truth.depends(None)
        nothing = [isinstance(v, Const) and v.value is None for v in (left, right)]
        if any(nothing):
            return YES if all(nothing) else NO
        if isinstance(left, Const) and isinstance(right, Const):
            return Truth.of(type(left.value) is type(right.value) and left.value == right.value)
        if isinstance(left, LibraryRef) and isinstance(right, LibraryRef):
            return Truth.of(left.name == right.name)
        if isinstance(left, (Instance, ClassValue, Function)) or isinstance(right, (Instance, ClassValue, Function)):
            return NO
        return Truth.depends(None)

    def _contains(self, container: Value, item: Value) -> Truth:
        method = self.user_method(container, "__contains__")
        if method is not None:
            return self.truth(self.call(method, (item,)))
        if isinstance(container, Const) and isinstance(container.value, str) and isinstance(item, Const):
            return Truth.of(isinstance(item.value, str) and item.value in container.value)
        if isinstance(container, DictValue):
            key = self.dict_key(item)
            if key is not None and key[0] in container.entries:
                return YES
            return NO if key is not None and container.rest is None else Truth.depends(None)
        if isinstance(container, Sequence):
            items = container.contents.members()
            if items is None:
                return Truth.depends(None)
            unknown = False
            for one in items:
                if one is item and isinstance(one, Array):  # the same object is not compared
                    return Truth.depends(None)
                truth = self.truth(self.compare("==", one, item))
                if truth.is_yes:
                    return YES
                unknown = unknown or truth.is_unknown
            return Truth.depends(None) if unknown else NO
        made = self.type_rule(container, "__contains__", item)
        return self.truth(made) if made is not None else Truth.depends(None)

    # -- truth ----------------------------------------------------------------------------------------------------
    def from_truth(self, truth: Truth) -> Value:
        """The bool for a truth."""
        if truth.is_unknown:
            return Typed("bool", condition=truth.condition)
        return Const(truth.is_yes)

    def truth(self, value: Value) -> Truth:
        """``bool(value)``."""
        if isinstance(value, Const):
            return Truth.of(bool(value.value))
        if isinstance(value, Int):
            return compare_dims.ne(value.dim, 0, self.facts)
        if isinstance(value, Typed):
            if value.length is not None:
                return compare_dims.ne(value.length, 0, self.facts)
            return Truth.depends(value.condition)
        if isinstance(value, (Function, ClassValue, BoundMethod, Partial)):
            return YES
        if isinstance(value, LibraryRef):
            # a module, function or class is; of a name that no rule knows it is not said what it is
            return YES if "." not in value.name or REGISTRY.is_known(value.name) else Truth.depends(None)
        if isinstance(value, (Sequence, DictValue, RangeValue)):
            size = self.length(value)
            return Truth.depends(None) if size is None else compare_dims.ne(size, 0, self.facts)
        if isinstance(value, Choice):
            answers = self._truths(value)
            if all(answer.is_yes for answer in answers):
                return YES
            if all(answer.is_no for answer in answers):
                return NO
            sure = [when for (when, _), answer in zip(value.options, answers) if answer.is_yes]
            decided = not any(answer.is_unknown for answer in answers)
            return Truth.depends(sure[0] if len(sure) == 1 and decided else None)
        if isinstance(value, Instance):
            return self._truth_of_instance(value)
        if isinstance(value, Array):
            made = self.type_rule(value, "__bool__")
            return self.truth(made) if made is not None and not isinstance(made, Array) else Truth.depends(None)
        return Truth.depends(None)

    def _truths(self, value: Choice) -> list[Truth]:
        """That of each option; what raises for only one of them depends on which it is."""
        if all(self._has_many(option) for option in value.values):
            return [self.truth(option) for option in value.values]
        answers = []
        self.options += 1
        try:
            for when, option in value.options:
                with self.under(when):
                    answers.append(self.truth(option))
        finally:
            self.options -= 1
        return answers

    def _has_many(self, value: Value) -> bool:
        """Whether it is an array of more than one number, or of none."""
        if not isinstance(value, Array) or value.shape is None:
            return False
        return compare_dims.eq(product(value.shape), 1, self.facts).is_no

    def _truth_of_instance(self, value: Instance) -> Truth:
        for name in ("__bool__", "__len__"):
            method = self.user_method(value, name)
            if method is not None:
                return self.truth(self.call(method))
        made = self.type_rule(value, "__bool__")
        if made is not None:
            return self.truth(made)
        made = self.type_rule(value, "__len__")
        return YES if made is None else self.truth(made)

    # -- errors of Python itself ------------------------------------------------------------------------------------
    def python_error(self, error: Exception) -> Value:
        """Report what Python itself raised for constants of the program."""
        from foreshape.faults.python_error import PythonError

        self.report(PythonError(Raises(type(error).__name__, str(error)), problem=str(error)))
        made = Unknown("it raises")
        made.tainted = True
        return made


def _power(exponent: Value, size: DimLike | None) -> Value:
    """An int to the power of an int: another int, unless the exponent is negative."""
    least = lower(size) if size is not None else getattr(exponent, "lo", None)
    most = upper(size) if size is not None else getattr(exponent, "hi", None)
    if isinstance(least, (int, float)) and least >= 0:
        return Typed("int")
    if isinstance(most, (int, float)) and most < 0:
        return Typed("float")
    return Unknown("whether it is whole depends on the sign of the exponent")


def kind_of(value: Value) -> str:
    """A word for the Python type of a plain value."""
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, Int):
        return "int"
    if isinstance(value, (Typed, Sequence, DictValue)):
        return value.kind
    return ""


def unwrapped(value: Value) -> Value:
    """The number or text that a member of an ``IntEnum`` or ``StrEnum`` is; nothing where a decorator that is not modelled
    may have made a property of a method."""
    function = value.function if isinstance(value, BoundMethod) else None
    if isinstance(function, Function) and function.wrapper == "decorated":
        return Unknown("its decorator may make a property of it")
    plain = value.fields.get("~plain") if isinstance(value, Instance) else None
    return plain if isinstance(plain, Value) else value


def is_member(value: Value) -> bool:
    """Whether it is a member of an enumeration of the program."""
    return isinstance(value, Instance) and isinstance(value.cls, ClassValue) and "~members" in value.cls.fields


def rank_of(value: Array) -> int:
    """Which library's operator wins: tensors over arrays, symbolic tensors over eager ones."""
    return {"numpy": 0, "tensorflow": 1, "torch": 1, "keras": 2}.get(value.kind, 0)


def _leads(value: Value) -> bool:
    """Whether it is an object with a shape of its own (a data frame)."""
    return isinstance(value, Instance) and value.snapshot is not None


def bases_of(value: Value) -> list[ClassValue]:
    """The classes of the program that an object is of."""
    mro = value.cls.mro if isinstance(value, Instance) and isinstance(value.cls, ClassValue) else ()
    return [base for base in mro if isinstance(base, ClassValue)]


def is_preferred(value: Value) -> bool:
    """Whether NumPy leaves an operator to the class of an object rather than doing it with each element."""
    for base in bases_of(value):
        if "__array_ufunc__" in base.fields:
            return is_none(base.fields["__array_ufunc__"])
        priority = base.fields.get("__array_priority__")
        if priority is not None:
            return isinstance(priority, Const) and isinstance(priority.value, (int, float)) and priority.value > 0
    return False


def _is_big(value: object) -> bool:
    return isinstance(value, int) and abs(value) > BIGGEST
