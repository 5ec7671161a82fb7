"""Evaluation of expressions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import var
from foreshape.domain.join import scalar_kind
from foreshape.domain.truth import Condition, Truth
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    DictValue,
    Function,
    IteratorValue,
    LibraryRef,
    Scope,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    const,
    none,
)
from foreshape.faults.base import Raises
from foreshape.faults.undefined_name import UndefinedName
from foreshape.interpret.bindings import FUNCTIONS, Names, local_names
from foreshape.interpret.narrowing import narrow
from foreshape.interpret.nodes import changed_names, names_in
from foreshape.interpret.operators import BINARY, COMPARE, Operators
from foreshape.semantics.python.sets import refuse_unhashable
from foreshape.semantics.python.tools import unordered

if TYPE_CHECKING:
    from foreshape.interpret.flow import Flow
    from foreshape.semantics.protocol import Context

SPECIAL_NAMES: Final = {"__file__": "str", "__doc__": "str", "__package__": "str"}
NOTEBOOK_NAMES: Final = frozenset({"display", "get_ipython", "In", "Out", "_", "__", "exit", "quit", "HTML"})
UNARY: Final = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}


def tells_apart(node: ast.DictComp) -> bool:
    """Whether the key of a comprehension is another one for each step: it holds the counter of a ``range`` or of
    ``enumerate``, alone, in a tuple or as the only thing that changes in an f-string."""
    generator = node.generators[0]
    source, target, key = generator.iter, generator.target, node.key
    if not isinstance(source, ast.Call) or not isinstance(source.func, ast.Name):
        return False
    if source.func.id == "enumerate" and isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[0]
    elif source.func.id != "range":
        return False
    if not isinstance(target, ast.Name):
        return False
    parts = [key]
    if isinstance(key, ast.Tuple):
        parts = list(key.elts)
    elif isinstance(key, ast.JoinedStr):
        parts = [part.value for part in key.values if isinstance(part, ast.FormattedValue) and part.format_spec is None]
        if len(parts) != sum(isinstance(part, ast.FormattedValue) for part in key.values) or len(parts) != 1:
            return False
    elif isinstance(key, ast.Call) and isinstance(key.func, ast.Name) and key.func.id == "str" and len(key.args) == 1:
        parts = key.args
    return any(isinstance(part, ast.Name) and part.id == target.id for part in parts)


class Expressions(Operators):
    """``eval`` and one method per kind of expression."""

    def eval(self, node: ast.expr) -> Value:
        """The value of an expression."""
        self.step()
        outer = self.node
        self.node = node
        try:
            value = DISPATCH[type(node)](self, node)
        finally:
            self.node = outer
        return value

    def eval_constant(self, node: ast.Constant) -> Value:
        return self.stamp(Const(node.value), node)

    # -- names ----------------------------------------------------------------------------------------------------
    def eval_name(self, node: ast.Name) -> Value:
        found = self.lookup(node.id)
        if self._unbound_local(node.id, found):
            return self.undefined(node.id, local=True)
        if found is None:
            return self.undefined(node.id)
        return self.narrowed(found) if isinstance(found, Choice) else found

    def _unbound_local(self, name: str, found: Value | None) -> bool:
        """Whether a name that the function assigns somewhere is read before any of that has run."""
        frame = self.frames[-1]
        scope = frame.scope
        if scope.kind != "function" or name in scope.fields or self.muted or not self.entered:
            return False
        return isinstance(frame.function, FUNCTIONS) and name in local_names(frame.function)

    def _may_be_bound(self, name: str) -> bool:
        """Whether some statement binds a name that is not there now, in a scope where it would be found."""
        module = self.module_scope()
        names: Names | None = module.fields.get("~bound")
        if names is None or "~star" in module.fields:
            return names is not None
        scope: Scope = self.scope()
        called = False
        while scope is not module:
            if scope.kind == "function":
                function = self.frames[-1].function
                if called or not isinstance(function, FUNCTIONS):
                    return name in names.all  # the statements of the functions around this one are not at hand
                if name in local_names(function):
                    return True
                called = True
            elif scope.kind == "class" and scope is self.scope():
                return name in names.all
            assert scope.parent is not None
            scope = scope.parent
        source = self.sources.get(self.path)
        running = self.entered and not called and not self.muted and source is not None and not source.is_notebook
        return name in names.top and not running

    def lookup(self, name: str) -> Value | None:
        """The value of a name by Python's rules of scope; None where nothing defines it."""
        scope: Scope | None = self.scope()
        first = True
        while scope is not None:
            if first or scope.kind != "class":
                found: Value | None = scope.fields.get(name)
                if found is not None:
                    return found
            first = False
            scope = scope.parent
        if name in SPECIAL_NAMES:
            return Typed(SPECIAL_NAMES[name])
        if name in ("__spec__", "__loader__", "__builtins__", "__cached__", "__path__"):
            return Unknown(f"{name} is set by the import")
        if name == "__name__":
            return const(self.module_name())
        if hasattr(builtins, name):
            return LibraryRef(f"builtins.{name}")
        return None

    def module_name(self) -> str:
        scope = self.module_scope()
        found: str = scope.fields.get("~name", "__main__")
        return found

    def module_scope(self) -> Scope:
        """The scope of the module that the current frame belongs to."""
        scope = self.scope()
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def undefined(self, name: str, local: bool = False) -> Value:
        """A name that is not there: NameError, or UnboundLocalError for one that the function assigns later."""
        module = self.module_scope()
        if local:
            message = f"cannot access local variable '{name}' where it is not associated with a value"
            self.report(UndefinedName(Raises("UnboundLocalError", message), identifier=name))
            unbound = Unknown(f"{name} is not assigned yet")
            unbound.tainted = True
            self.trail.set(self.scope().fields, name, unbound)
            return unbound
        source = self.sources.get(self.path)
        if self._may_be_bound(name):
            return Unknown("it is not certain that it is defined here")
        if source is not None and source.is_notebook and name in NOTEBOOK_NAMES:
            return Unknown("it belongs to the notebook")
        if "WindowsError" in name or name in ("reveal_type", "reveal_shape", "unicode", "xrange", "raw_input"):
            return Unknown("it is not defined in every version")
        message = f"name '{name}' is not defined"
        self.report(UndefinedName(Raises("NameError", message), identifier=name))
        made = Unknown(f"{name} is not defined")
        made.tainted = True
        self.trail.set(module.fields, name, made)  # one report for a name, wherever else it is used
        return made

    # -- access ---------------------------------------------------------------------------------------------------
    def eval_attribute(self, node: ast.Attribute) -> Value:
        receiver = self.eval(node.value)
        found = self.get_attribute(receiver, node.attr)
        inputs = (receiver,) if isinstance(receiver, Array) else ()
        return self.stamp(found, node, inputs)

    def eval_subscript(self, node: ast.Subscript) -> Value:
        receiver = self.eval(node.value)
        index = self.eval(node.slice)
        found = self.get_item(receiver, index)
        return self.stamp(found, node, (receiver, index))

    def eval_slice(self, node: ast.Slice) -> Value:
        parts = [none() if part is None else self.eval(part) for part in (node.lower, node.upper, node.step)]
        return self.stamp(SliceValue(parts[0], parts[1], parts[2]), node, tuple(parts))

    # -- operators --------------------------------------------------------------------------------------------------
    def eval_binop(self, node: ast.BinOp) -> Value:
        left = self.eval(node.left)
        right = self.eval(node.right)
        return self.stamp(self.binary(BINARY[type(node.op)], left, right), node, (left, right))

    def eval_unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.eval(node.operand)
        if isinstance(node.op, ast.Not):
            return self.stamp(self.from_truth(self.truth_of_expression(node.operand, value).negate()), node, (value,))
        return self.stamp(self.unary(UNARY[type(node.op)], value), node, (value,))

    def eval_compare(self, node: ast.Compare) -> Value:
        return self._chain(node, 0, self.eval(node.left))

    def _chain(self, node: ast.Compare, start: int, left: Value) -> Value:
        """The comparisons from `start` on. One that is false ends a chain: what follows is not evaluated."""
        right = self.eval(node.comparators[start])
        made = self.stamp(self.compare(COMPARE[type(node.ops[start])], left, right), node, (left, right))
        if start == len(node.ops) - 1:
            return made
        truth = self.truth(made)
        if truth.is_no:
            return made
        if truth.is_yes:
            return self._chain(node, start + 1, right)
        rest, changes, ended = self.follow(truth.condition, lambda: self._chain(node, start + 1, right))
        if ended is None:
            self.merge(changes, {}, truth.condition)
            with self.quiet():
                if self.truth(rest).is_no:
                    false: Value = rest
                    return false
        return self.stamp(Typed("bool"), node)

    def eval_boolop(self, node: ast.BoolOp) -> Value:
        wanted_and = isinstance(node.op, ast.And)
        return self._bool_rest(node, 0, wanted_and)

    def _bool_rest(self, node: ast.BoolOp, start: int, wanted_and: bool) -> Value:
        value = self.eval(node.values[start])
        if start == len(node.values) - 1:
            return value
        truth = self.truth_of_expression(node.values[start], value)
        if truth.is_yes:
            return self._bool_rest(node, start + 1, wanted_and) if wanted_and else value
        if truth.is_no:
            return value if wanted_and else self._bool_rest(node, start + 1, wanted_and)
        condition = truth.condition
        if not wanted_and and condition is not None:
            condition = condition.negated()

        def follow_on() -> Value:
            narrow(self, node.values[start], wanted_and)
            return self._bool_rest(node, start + 1, wanted_and)

        rest, changes, ended = self.follow(condition, follow_on)
        if ended is None:
            self.merge(changes, {}, condition)
            with self.quiet():
                rest_truth = self.truth(rest)  # whoever asks for the truth of the whole asks again
            # what a comparison gives has a truth value here, or raises
            truthy = all_bool(value) or isinstance(node.values[start], ast.Compare)
            plain = truthy and isinstance(rest, Const) and rest.value is wanted_and
            if plain and truth.condition is not None:
                return self.stamp(Typed("bool", condition=truth.condition), node)  # ``x and True``, ``x or False``
            if wanted_and and rest_truth.is_no:
                return const(False)
            if not wanted_and and rest_truth.is_yes and isinstance(rest, Const) and isinstance(rest.value, bool):
                return const(True)
            if isinstance(value, Typed) and scalar_kind(value) == "bool" == scalar_kind(rest):
                return self.stamp(Typed("bool", condition=self.condition_of(node)), node)
            from foreshape.domain.join import join

            joined: Value = join(rest, value, condition)
            return self.stamp(joined, node)
        return value

    def eval_ifexp(self, node: ast.IfExp) -> Value:
        truth = self.truth_of_test(node.test)
        if truth.is_yes:
            return self.eval(node.body)
        if truth.is_no:
            return self.eval(node.orelse)

        def side(holds: bool, body: ast.expr) -> Value:
            narrow(self, node.test, holds)
            return self.eval(body)

        return self.branch(truth.condition, lambda: side(True, node.body), lambda: side(False, node.orelse))

    def truth_of_test(self, node: ast.expr) -> Truth:
        """The truth of a condition; an unknown one carries the text of the condition."""
        return self.truth_of_expression(node, self.eval(node))

    def truth_of_expression(self, node: ast.expr, value: Value) -> Truth:
        truth = self.truth(value)
        if not truth.is_unknown:
            return truth
        if truth.condition is None:
            truth = Truth.depends(self.condition_of(node))
        known = self.facts.truth_of(truth.condition) if truth.condition is not None else None
        return truth if known is None else known

    def condition_of(self, node: ast.expr) -> Condition:
        """The condition that an expression is true, in the program's own words. It is tied to what the names in it
        are bound to now, so that the same words mean the same thing only while nothing was assigned."""
        text = self.source_text(self.path, node)
        bound = tuple(id(self.lookup(name)) for name in names_in(node))
        key = ("test", text, bound)
        negative = text[4:] if text.startswith("not ") else f"not ({text})" if " " in text else f"not {text}"
        return Condition(text, negative, ("==", key), ("!=", key))

    # -- literals -------------------------------------------------------------------------------------------------
    def elements(self, nodes: list[ast.expr]) -> Contents:
        contents = Contents()
        for node in nodes:
            if isinstance(node, ast.Starred):
                spread = self.iterate(self.eval(node.value))
                unknown = Run(var(None, 0), Unknown("it is spread from something unknown"))
                contents = contents.plus(spread if spread is not None else Contents((unknown,)))
            else:
                contents = contents.with_item(self.eval(node))
        return contents

    def eval_list(self, node: ast.List) -> Value:
        return self._display("list", node, node.elts)

    def eval_tuple(self, node: ast.Tuple) -> Value:
        return self._display("tuple", node, node.elts)

    def eval_set(self, node: ast.Set) -> Value:
        if len(node.elts) == 1 and isinstance(node.elts[0], (ast.Set, ast.Dict)):
            self.eval(node.elts[0])
            return Unknown("a place of a template")  # nobody means {{...}} as Python: another program fills it in
        made = self._display("list", node, node.elts)
        return self.stamp(self.rule("builtins.set", made), node, (made,))

    def _display(self, kind: str, node: ast.expr, nodes: list[ast.expr]) -> Value:
        contents = self.elements(nodes)
        inputs = contents.distinct()[:8]
        return self.stamp(Sequence(kind, contents), node, inputs)

    def eval_dict(self, node: ast.Dict) -> Value:
        entries: dict[object, Value] = {}
        rest: Value | None = None
        for key_node, value_node in zip(node.keys, node.values):
            if key_node is None:
                spread = self.eval(value_node)
                if isinstance(spread, DictValue):
                    entries.update(spread.entries)
                    rest = rest or spread.rest
                else:
                    rest = Unknown("it is spread from something unknown")
                continue
            key_value = self.eval(key_node)
            self.guarded(lambda: refuse_unhashable(key_value))  # noqa: B023
            key = self.dict_key(key_value)
            value = self.eval(value_node)
            if key is None:
                rest = value if rest is None else Unknown("its key is not known")
            else:
                entries[key[0]] = value
        return self.stamp(DictValue(entries, rest), node)

    def eval_joined_str(self, node: ast.JoinedStr) -> Value:
        parts: list[str] | None = []
        for part in node.values:
            if isinstance(part, ast.Constant):
                text: str | None = str(part.value)
            elif isinstance(part, ast.FormattedValue):
                text = self._formatted(part)
            else:
                text = None
            if parts is not None:
                parts = None if text is None else [*parts, text]
        made: Value = Typed("str") if parts is None else const("".join(parts))
        return self.stamp(made, node)

    def _formatted(self, part: ast.FormattedValue) -> str | None:
        value = self.eval(part.value)
        spec = ""
        if part.format_spec is not None:
            evaluated = self.eval(part.format_spec)
            if not (isinstance(evaluated, Const) and isinstance(evaluated.value, str)):
                return None
            spec = evaluated.value
        if not isinstance(value, Const) or part.conversion not in (-1, 115, 114):
            return None
        try:
            return format(repr(value.value) if part.conversion == 114 else value.value, spec)
        except (TypeError, ValueError):
            return None

    def eval_formatted(self, node: ast.FormattedValue) -> Value:
        text = self._formatted(node)
        return Typed("str") if text is None else const(text)

    # -- functions and comprehensions -------------------------------------------------------------------------------
    def eval_lambda(self, node: ast.Lambda) -> Value:
        return self.stamp(self.make_function(node), node)

    def make_function(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Function:
        """The function object of a definition, its defaults evaluated now."""
        defaults = tuple(self.eval(default) for default in node.args.defaults)
        keyword = {
            argument.arg: self.eval(default)
            for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults)
            if default is not None
        }
        scope = self.scope()
        if scope.kind == "function" or scope.kind == "class":
            outer = scope if scope.kind == "function" else scope.parent
            names = changed_names(node)
            if names and outer is not None and outer.kind == "function":
                self.captured.append((outer, names))
        return Function(node, scope, defaults, keyword)

    def eval_listcomp(self, node: ast.ListComp) -> Value:
        return self._comprehension("list", node, node.generators, node.elt)

    def eval_setcomp(self, node: ast.SetComp) -> Value:
        made = self._comprehension("list", node, node.generators, node.elt)
        return self.stamp(self.rule("builtins.set", made), node, (made,))

    def eval_generator(self, node: ast.GeneratorExp) -> Value:
        made = self._comprehension("list", node, node.generators, node.elt)
        return self.stamp(self.rule("builtins.iter", made), node, (made,))

    def eval_dictcomp(self, node: ast.DictComp) -> Value:
        pair = ast.copy_location(ast.Tuple([node.key, node.value], ast.Load()), node.key)
        made = self._comprehension("list", node, node.generators, pair)
        result = self.rule("builtins.dict", made)
        if isinstance(result, DictValue) and result.rest is not None and result.fields.get("size") is None:
            generator = node.generators[0]
            if isinstance(made, Sequence) and len(node.generators) == 1 and not generator.ifs and tells_apart(node):
                self.set(result, "size", made.contents.length)
        return self.stamp(result, node, (made,))

    def _comprehension(
        self, kind: str, node: ast.expr, generators: list[ast.comprehension], element: ast.expr
    ) -> Value:
        result = Sequence(kind, Contents())
        scope = Scope("comprehension", self.path, self.scope())
        frame = self.frames[-1]
        outer = frame.scope
        first = self.eval(generators[0].iter)

        def run(number: int) -> Flow | None:
            if number == len(generators):
                value = self.eval(element)
                self.set(result, "contents", result.contents.with_item(value))
                return None
            generator = generators[number]
            source = first if number == 0 else self.eval(generator.iter)

            def body() -> Flow | None:
                return self._filtered(generator.ifs, lambda: run(number + 1))

            return self.loop_over(source, lambda value: self.assign(generator.target, value), body)

        frame.scope = scope
        try:
            run(0)
        finally:
            frame.scope = outer
        result.origin = None
        source = self.iterate(first) if isinstance(first, (Sequence, IteratorValue, DictValue)) else None
        if (
            source is not None
            and source.pool is not None
            and not any(isinstance(part, Run) for part in result.contents.segments)
        ):
            result.fields["contents"] = unordered(cast("Context", self), result.contents)
        return self.stamp(result, node, (first,))

    def _filtered(self, tests: list[ast.expr], action: Callable[[], Flow | None]) -> Flow | None:
        for number, test in enumerate(tests):
            truth = self.truth_of_test(test)
            if truth.is_no:
                return None
            if truth.is_unknown:
                rest = tests[number + 1 :]
                _, changes, ended = self.follow(truth.condition, lambda: self._filtered(rest, action))  # noqa: B023
                if ended is None:
                    self.merge(changes, {}, truth.condition)
                return None
        return action()

    # -- the rest ---------------------------------------------------------------------------------------------------
    def eval_named(self, node: ast.NamedExpr) -> Value:
        value = self.eval(node.value)
        outer = self.frames[-1].scope
        target = outer
        while target.kind == "comprehension" and target.parent is not None:
            target = target.parent
        self.frames[-1].scope = target
        try:
            self.assign(node.target, value)
        finally:
            self.frames[-1].scope = outer
        return value

    def eval_starred(self, node: ast.Starred) -> Value:
        return self.eval(node.value)

    def eval_await(self, node: ast.Await) -> Value:
        return self.eval(node.value)

    def eval_yield(self, node: ast.Yield) -> Value:
        value = none() if node.value is None else self.eval(node.value)
        collected = self.frames[-1].yields
        if collected is not None:
            self.set(collected, "contents", collected.contents.with_item(value))
        return Unknown("it is sent into the generator")

    def eval_yield_from(self, node: ast.YieldFrom) -> Value:
        contents = self.iterate(self.eval(node.value))
        collected = self.frames[-1].yields
        if collected is not None:
            more = contents if contents is not None else Contents((Run(var(None, 0), Unknown("yielded")),))
            self.set(collected, "contents", collected.contents.plus(more))
        return Unknown("it is returned by the inner generator")

    # -- wired by other parts -----------------------------------------------------------------------------------------
    def loop_over(self, source: Value, bind: Callable[[Value], object], body: Callable[[], Flow | None]) -> Flow | None:
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value) -> None:
        raise NotImplementedError

    def eval_call(self, node: ast.Call) -> Value:
        raise NotImplementedError


def all_bool(value: Value) -> bool:
    """Whether it is True or False, whichever."""
    options = value.values if isinstance(value, Choice) else (value,)
    return all(scalar_kind(option) == "bool" for option in options)


DISPATCH: Final[dict[type[ast.expr], Callable[..., Value]]] = {
    ast.Constant: Expressions.eval_constant,
    ast.Name: Expressions.eval_name,
    ast.Attribute: Expressions.eval_attribute,
    ast.Subscript: Expressions.eval_subscript,
    ast.Slice: Expressions.eval_slice,
    ast.BinOp: Expressions.eval_binop,
    ast.UnaryOp: Expressions.eval_unaryop,
    ast.Compare: Expressions.eval_compare,
    ast.BoolOp: Expressions.eval_boolop,
    ast.IfExp: Expressions.eval_ifexp,
    ast.List: Expressions.eval_list,
    ast.Tuple: Expressions.eval_tuple,
    ast.Set: Expressions.eval_set,
    ast.Dict: Expressions.eval_dict,
    ast.JoinedStr: Expressions.eval_joined_str,
    ast.FormattedValue: Expressions.eval_formatted,
    ast.Lambda: Expressions.eval_lambda,
    ast.ListComp: Expressions.eval_listcomp,
    ast.SetComp: Expressions.eval_setcomp,
    ast.GeneratorExp: Expressions.eval_generator,
    ast.DictComp: Expressions.eval_dictcomp,
    ast.NamedExpr: Expressions.eval_named,
    ast.Starred: Expressions.eval_starred,
    ast.Await: Expressions.eval_await,
    ast.Yield: Expressions.eval_yield,
    ast.YieldFrom: Expressions.eval_yield_from,
    ast.Call: lambda self, node: self.eval_call(node),
}
