"""``argparse``: the defaults are the values that a script is checked with.

Source: https://docs.python.org/3/library/argparse.html
"""

from __future__ import annotations

from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_int,
    as_str,
    const,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.stdlib.plain import results
from foreshape.semantics.python.tools import elements_or_unknown, sequence
from foreshape.semantics.registry import constant, library_types, rule

library_types((
    ("argparse._ActionsContainer", ("builtins.object",)),
    ("argparse.ArgumentParser", ("argparse._ActionsContainer",)),
    ("argparse._ArgumentGroup", ("argparse._ActionsContainer",)),
    ("argparse._SubParsersAction", ("builtins.object",)),
    ("argparse.Namespace", ("builtins.object",)),
    ("argparse.Action", ("builtins.object",)),
))  # fmt: skip

SUPPRESS: Final = "==SUPPRESS=="


class Argument:
    """One declared argument. flags: its names with dashes; () for a positional one."""

    __slots__ = ("action", "const", "default", "dest", "flags", "nargs", "required", "type")

    def __init__(self, dest: str, flags: tuple[str, ...], given: dict[str, Value]) -> None:
        self.dest = dest
        self.flags = flags
        self.action = as_str(given.get("action")) or "store"
        self.default = given.get("default")
        self.const = given.get("const")
        self.nargs = given.get("nargs")
        self.type = given.get("type")
        self.required = as_bool(given.get("required")) is True


def own(self: Value) -> Instance:
    """The parser that a parser or group adds to."""
    assert isinstance(self, Instance)
    parent = self.fields.get("~parser")
    return own(parent) if isinstance(parent, Instance) else self


@rule("argparse.ArgumentParser.__init__")
def parser_init(
    cx: Context,
    self: Value,
    prog: Value | None = None,
    usage: Value | None = None,
    description: Value | None = None,
    epilog: Value | None = None,
    parents: Value | None = None,
    formatter_class: Value | None = None,
    prefix_chars: Value | None = None,
    fromfile_prefix_chars: Value | None = None,
    argument_default: Value | None = None,
    conflict_handler: Value | None = None,
    add_help: Value | None = None,
    allow_abbrev: Value | None = None,
    exit_on_error: Value | None = None,
    **newer: Value,
) -> Value:
    """A parser, with the arguments of its parents."""
    assert isinstance(self, Instance)
    arguments: tuple[Argument, ...] = ()
    if parents is not None:
        for parent in elements_or_unknown(cx, parents, "ArgumentParser").items() or ():
            if isinstance(parent, Instance):
                arguments += parent.fields.get("~arguments", ())
    cx.set(self, "~arguments", arguments)
    cx.set(self, "~defaults", ())
    return none()


@rule("argparse._ActionsContainer.add_argument")
def add_argument(cx: Context, self: Value, *name_or_flags: Value, **given: Value) -> Value:
    """Declare an argument."""
    parser = own(self)
    names = [as_str(name) for name in name_or_flags]
    if None in names or not names:
        dest = as_str(given.get("dest"))
        if dest is None:
            cx.set(parser, "~open", True)
            return cx.unknown("an argument whose name is not known")
        names = []
    flags = tuple(name for name in names if name is not None and name.startswith("-"))
    found = as_str(given.get("dest"))
    if found is None:
        found = next((name for name in names if name is not None and name.startswith("--")), None)
        found = found if found is not None else names[0]
        assert found is not None
        found = found.lstrip("-").replace("-", "_") if flags else found
    action = given.get("action")
    if isinstance(action, LibraryRef) and action.name == "argparse.BooleanOptionalAction":
        given = {**given, "action": const("boolean")}
    elif action is not None and as_str(action) is None:
        given = {**given, "action": const("custom")}
    arguments: tuple[Argument, ...] = parser.fields.get("~arguments", ())
    cx.set(parser, "~arguments", (*arguments, Argument(found, flags, given)))
    return Instance(LibraryRef("argparse.Action"), {"dest": const(found)})


@rule("argparse._ActionsContainer.add_argument_group", "argparse._ActionsContainer.add_mutually_exclusive_group")
def add_group(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """A part of the same parser."""
    return Instance(LibraryRef("argparse._ArgumentGroup"), {"~parser": self})


@rule("argparse._ActionsContainer.set_defaults")
def set_defaults(cx: Context, self: Value, **kwargs: Value) -> Value:
    """Defaults that win over those of the arguments."""
    parser = own(self)
    cx.set(parser, "~defaults", (*parser.fields.get("~defaults", ()), *kwargs.items()))
    return none()


@rule("argparse.ArgumentParser.add_subparsers")
def add_subparsers(cx: Context, self: Value, **kwargs: Value) -> Value:
    """Commands, each with a parser; which one is chosen is not known."""
    parser = own(self)
    dest = as_str(kwargs.get("dest"))
    if dest is not None:
        arguments: tuple[Argument, ...] = parser.fields.get("~arguments", ())
        given: dict[str, Value] = {"required": const(True)}
        cx.set(parser, "~arguments", (*arguments, Argument(dest, ("--",), given)))
    cx.set(parser, "~open", True)
    return Instance(LibraryRef("argparse._SubParsersAction"), {"~parser": parser})


@rule("argparse._SubParsersAction.add_parser")
def add_parser(cx: Context, self: Value, name: Value, **kwargs: Value) -> Value:
    """The parser of a command; its arguments may be there or not."""
    made = Instance(LibraryRef("argparse.ArgumentParser"))
    made.fields["~arguments"] = ()
    made.fields["~defaults"] = ()
    assert isinstance(self, Instance)
    parser = own(self)
    cx.set(parser, "~commands", (*parser.fields.get("~commands", ()), made))
    return made


# -- parsing


def converted(cx: Context, argument: Argument, value: Value) -> Value:
    """A default: a text goes through ``type``, anything else is taken as it is."""
    if argument.type is None or as_str(value) is None:
        return value
    return cx.call(argument.type, (value,))


def given_value(cx: Context, argument: Argument) -> Value:
    """What an argument that has to be given is: of its type, of unknown value."""
    of_type = argument.type
    if of_type is None:
        return Typed("str")
    if isinstance(of_type, LibraryRef) and of_type.name in ("builtins.int", "builtins.float", "builtins.str"):
        kind = of_type.name[9:]
        return Typed(kind)
    return cx.call(of_type, (Typed("str"),))


def several(cx: Context, argument: Argument) -> Value:
    """The list for ``nargs``."""
    element = given_value(cx, argument)
    count = as_int(argument.nargs)
    if count is not None:
        return sequence("list", [element] * count)
    least = 1 if as_str(argument.nargs) == "+" else 0
    return Sequence("list", Contents((Run(cx.fresh(None, lo=least), element),)))


def default_of(cx: Context, argument: Argument) -> Value | None:
    """The value without anything on the command line; None for an attribute that is not made."""
    if as_str(argument.default) == SUPPRESS:
        return None
    if argument.action in ("store_true", "store_false"):
        return argument.default if argument.default is not None else const(argument.action == "store_false")
    nargs = as_str(argument.nargs)
    positional = not argument.flags
    if argument.required or (positional and nargs not in ("?", "*") and argument.action == "store"):
        if argument.nargs is not None and nargs != "?":
            return several(cx, argument)
        return given_value(cx, argument)
    if argument.default is not None:
        return converted(cx, argument, argument.default)
    if positional and nargs == "*":
        return several(cx, argument)
    if argument.action == "custom":
        return Unknown(f"--{argument.dest} is handled by an action of the program")
    return none()


def namespace(cx: Context, parser: Instance, onto: Value | None) -> Instance:
    """The Namespace of all defaults."""
    made = onto if isinstance(onto, Instance) else Instance(LibraryRef("argparse.Namespace"))
    overriding: dict[str, Value] = dict(parser.fields.get("~defaults", ()))
    arguments: list[Argument] = list(parser.fields.get("~arguments", ()))
    for argument in arguments:
        if argument.action in ("help", "version"):
            continue
        if argument.dest in overriding:
            argument = _with_default(argument, overriding[argument.dest])
        value = default_of(cx, argument)
        if value is not None:
            known = made.fields.get(argument.dest)
            keep = isinstance(known, Value) and is_none(value)
            if not keep:
                cx.set(made, argument.dest, value)
    for key, value in overriding.items():
        if key not in made.fields:
            cx.set(made, key, value)
    if parser.fields.get("~open"):
        cx.set(made, "~open", True)
    for command in parser.fields.get("~commands", ()):
        inner = namespace(cx, command, None)
        for name, given in inner.fields.items():
            if isinstance(name, str) and not name.startswith("~") and name not in made.fields:
                cx.set(made, name, given)
    return made


def _with_default(argument: Argument, value: Value) -> Argument:
    changed = Argument(argument.dest, argument.flags, {"default": value})
    changed.action, changed.type, changed.nargs = argument.action, argument.type, argument.nargs
    changed.const, changed.required = argument.const, argument.required
    return changed


def apply_words(cx: Context, parser: Instance, made: Instance, words: list[str]) -> None:
    """A command line that the program writes itself: ``parse_args(["--epochs", "3"])``."""
    arguments: list[Argument] = list(parser.fields.get("~arguments", ()))
    by_flag = {flag: argument for argument in arguments for flag in argument.flags}
    positional = [argument for argument in arguments if not argument.flags]
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        flag, equals, attached = word.partition("=")
        argument = by_flag.get(flag if equals else word)
        if argument is None:
            if word.startswith("-") or not positional:
                continue
            argument, place = positional.pop(0), place - 1
        elif argument.action in ("store_true", "store_false"):
            cx.set(made, argument.dest, const(argument.action == "store_true"))
            continue
        elif argument.action == "store_const":
            cx.set(made, argument.dest, argument.const if argument.const is not None else none())
            continue
        if equals and argument.flags:
            cx.set(made, argument.dest, _convert(cx, argument, attached))
            continue
        taken: list[str] = []
        most = as_int(argument.nargs) or (10_000 if as_str(argument.nargs) in ("+", "*") else 1)
        while (
            place < len(words) and len(taken) < most and not (words[place].startswith("-") and words[place] in by_flag)
        ):
            taken.append(words[place])
            place += 1
        values = [_convert(cx, argument, part) for part in taken]
        if argument.nargs is None or as_str(argument.nargs) == "?":
            value = values[0] if values else argument.const if argument.const is not None else none()
            cx.set(made, argument.dest, value)
        else:
            cx.set(made, argument.dest, sequence("list", values))


def _convert(cx: Context, argument: Argument, text: str) -> Value:
    return const(text) if argument.type is None else cx.call(argument.type, (const(text),))


@rule("argparse.ArgumentParser.parse_args", "argparse.ArgumentParser.parse_intermixed_args")
def parse_args(cx: Context, self: Value, args: Value | None = None, namespace: Value | None = None) -> Value:
    """The Namespace: defaults, and what a command line in the program itself says."""
    return parsed(cx, own(self), args, namespace)


def parsed(cx: Context, parser: Instance, args: Value | None, onto: Value | None) -> Instance:
    """The Namespace for a command line."""
    made = namespace(cx, parser, onto)
    if isinstance(args, Sequence):
        items = args.contents.items(256)
        words = None if items is None else [as_str(item) for item in items]
        if words is not None and None not in words:
            apply_words(cx, parser, made, [word for word in words if word is not None])
    return made


@rule("argparse.ArgumentParser.parse_known_args")
def parse_known_args(cx: Context, self: Value, args: Value | None = None, namespace: Value | None = None) -> Value:
    """(the Namespace, words that were not known)."""
    rest = Sequence("list", Contents((Run(cx.fresh(None, lo=0), Typed("str")),)))
    return sequence("tuple", (parsed(cx, own(self), args, namespace), rest))


@rule("argparse._ActionsContainer.get_default")
def get_default(cx: Context, self: Value, dest: Value) -> Value:
    """The default of an argument."""
    text = as_str(dest)
    for argument in own(self).fields.get("~arguments", ()):
        if argument.dest == text:
            value = default_of(cx, argument)
            return value if value is not None else none()
    return none()


@rule("argparse.ArgumentParser.error", "argparse.ArgumentParser.exit")
def error(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """The program ends."""
    return cx.call(LibraryRef("sys.exit"))


results(
    "argparse.ArgumentParser",
    {
        "print_help print_usage": "none",
        "format_help format_usage": "str",
        "register": "none",
    },
)


@rule("argparse.Namespace.__init__")
def namespace_init(cx: Context, self: Value, **kwargs: Value) -> Value:
    """The given attributes."""
    assert isinstance(self, Instance)
    for key, value in kwargs.items():
        cx.set(self, key, value)
    return none()


@rule("types.SimpleNamespace")
def simple_namespace(cx: Context, mapping: Value | None = None, /, **kwargs: Value) -> Value:
    """An object with these attributes."""
    made = Instance(LibraryRef("types.SimpleNamespace"))
    if isinstance(mapping, DictValue):
        made.fields.update({key: value for key, value in mapping.entries.items() if isinstance(key, str)})
    made.fields.update(kwargs)
    return made


@constant("argparse.SUPPRESS")
def suppress(cx: Context) -> Value:
    """The mark for no default at all."""
    return Const(SUPPRESS)


@rule("argparse.FileType")
def file_type(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A function that opens a file."""
    return LibraryRef("builtins.open")
