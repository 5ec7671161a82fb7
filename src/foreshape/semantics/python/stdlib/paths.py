"""``os``, ``os.path``, ``pathlib``, ``glob``, ``shutil``, ``tempfile``, ``sys``, ``platform``, ``subprocess``.

Paths are texts, known where their parts are; nothing is looked up on the disk of whoever checks.

Source: https://docs.python.org/3/library/os.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    IteratorValue,
    LibraryRef,
    Mutable,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_str,
    const,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import type_error
from foreshape.semantics.python.stdlib.plain import attributes, constants, results
from foreshape.semantics.python.tools import sequence, type_name, typed_list
from foreshape.semantics.python.written import joined
from foreshape.semantics.registry import constant, library_types, rule

library_types((
    ("os._Environ", ("builtins.object",)),
    ("os.DirEntry", ("builtins.object",)),
    ("os.stat_result", ("builtins.object",)),
    ("pathlib.PurePath", ("builtins.object",)),
    ("pathlib.Path", ("pathlib.PurePath",)),
    ("pathlib.PosixPath", ("pathlib.Path",)),
    ("subprocess.CompletedProcess", ("builtins.object",)),
    ("subprocess.Popen", ("builtins.object",)),
    ("tempfile.TemporaryDirectory", ("builtins.object",)),
    ("sys.TextIO", ("io.TextIOWrapper",)),
))  # fmt: skip

# -- paths as text


def path_text(value: Value) -> str | None:
    """The text of a path, where it is known."""
    if isinstance(value, Instance) and isinstance(value.fields.get("~path"), str):
        found: str = value.fields["~path"]
        return found
    return as_str(value)


@rule("posixpath.join")
def join(cx: Context, a: Value, *p: Value) -> Value:
    """The parts with ``/`` between. TypeError where one is certainly no path."""
    for part in (a, *p):
        _check_path(part, "join() argument must be str, bytes, or os.PathLike object, not {!r}", "os.path.join")
    texts = [path_text(part) for part in (a, *p)]
    if None in texts:
        return joined((a, *p))
    return const(posixpath.join(*(text for text in texts if text is not None)))


def _check_path(value: Value, message: str, operation: str) -> None:
    shown = type_name(value)
    number = isinstance(value, (Const, Typed)) and shown in ("int", "float", "bool", "NoneType")
    if number or isinstance(value, (DictValue, Sequence)):
        text = message.format(shown)
        raise type_error(text, operation, value, types=(shown or "",), recover=Typed("str"))


def _text_function(name: str, function: Callable[[str], Any], word: str) -> None:
    @rule(f"posixpath.{name}")
    def rule_of(cx: Context, path: Value) -> Value:
        text = path_text(path)
        if text is None:
            if word == "pair":
                return sequence("tuple", (Typed("str"), Typed("str")))
            return Typed(word)
        found = function(text)
        return sequence("tuple", map(const, found)) if isinstance(found, tuple) else const(found)


_text_function("basename", posixpath.basename, "str")
_text_function("dirname", posixpath.dirname, "str")
_text_function("normpath", posixpath.normpath, "str")
_text_function("splitext", posixpath.splitext, "pair")
_text_function("split", posixpath.split, "pair")
_text_function("isabs", posixpath.isabs, "bool")
results(
    "posixpath",
    {
        "abspath realpath expanduser expandvars relpath commonpath commonprefix normcase": "str",
        "exists isfile isdir islink lexists ismount samefile": "bool",
        "getsize": "int>=0",
        "getmtime getctime getatime": "float",
    },
)
constants("posixpath", {"sep": "/", "pathsep": ":", "extsep": ".", "curdir": ".", "pardir": ".."})

# -- os

results(
    "os",
    {
        "getcwd getcwdb getlogin strerror ctermid readlink": "str",
        "getpid getppid getuid umask system cpu_count": "int>=0",
        "makedirs mkdir remove unlink rmdir removedirs rename replace chdir chmod chown symlink": "none",
        "link putenv unsetenv kill utime": "none",
        "listdir": "list[str]",
        "urandom": "bytes",
        "access": "bool",
        "nice": "int",
        "popen": "object:io.TextIOWrapper",
        "stat lstat": "object:os.stat_result",
        "fspath": "str",
        "getloadavg": "tuple[float,float,float]",
        "scandir": "iter[object:os.DirEntry]",
    },
)
attributes("os.DirEntry", {"name path": "str"})
results("os.DirEntry", {"is_file is_dir is_symlink": "bool", "stat": "object:os.stat_result"})
attributes("os.stat_result", {"st_size st_mode": "int", "st_mtime st_ctime st_atime": "float"})
constants("os", {"sep": "/", "linesep": "\n", "name": "posix", "pathsep": ":", "devnull": "/dev/null", "curdir": "."})


@rule("os.walk")
def walk(
    cx: Context,
    top: Value,
    topdown: Value | None = None,
    onerror: Value | None = None,
    followlinks: Value | None = None,
) -> Value:
    """(folder, folders in it, files in it)."""
    row = sequence("tuple", (Typed("str"), typed_list(cx, Typed("str")), typed_list(cx, Typed("str"))))
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0), row),)))


# -- os.environ


@constant("os.environ")
def environ(cx: Context) -> Value:
    """The one mapping of environment variables."""
    found = cx.process.get("~os.environ")
    if not isinstance(found, Mutable):
        found = Instance(LibraryRef("os._Environ"))
        cx.process["~os.environ"] = found
    return found


def _write(cx: Context, self: Value, key: Value, value: Value) -> None:
    name, text = as_str(key), as_str(value)
    for part in (key, value):
        shown = type_name(part)
        if isinstance(part, (Const, Typed)) and shown not in ("str", None):
            raise type_error(f"str expected, not {shown}", "os.environ", part, types=(shown or "",), recover=none())
    if name is not None and isinstance(self, Instance):
        cx.set(self, ("~environ", name), value)
        cx.process[("~environ", name)] = text


def _read(cx: Context, self: Value, key: Value) -> Value | None:
    name = as_str(key)
    found = self.fields.get(("~environ", name)) if isinstance(self, Instance) and name is not None else None
    return found if isinstance(found, Value) else None


@rule("os._Environ.__setitem__")
def environ_setitem(cx: Context, self: Value, key: Value, value: Value) -> Value:
    """Set a variable. TypeError for what is no text."""
    _write(cx, self, key, value)
    return none()


@rule("os._Environ.__delitem__")
def environ_delitem(cx: Context, self: Value, key: Value) -> Value:
    """Unset a variable."""
    name = as_str(key)
    if name is not None and isinstance(self, Instance):
        cx.set(self, ("~environ", name), None)
        cx.process.pop(("~environ", name), None)
    return none()


@rule("os._Environ.__getitem__")
def environ_getitem(cx: Context, self: Value, key: Value) -> Value:
    """What the program has set, else some text."""
    found = _read(cx, self, key)
    return found if found is not None else Typed("str")


@rule("os._Environ.get", "os._Environ.pop")
def environ_get(cx: Context, self: Value, key: Value, default: Value | None = None) -> Value:
    """What the program has set; else some text or the default: it is not known which."""
    found = _read(cx, self, key)
    if found is not None:
        return found
    return _outside(default)


def _outside(default: Value | None) -> Value:
    """A variable of the environment: its default, as a program is mostly run, else not known."""
    if default is None or is_none(default):
        return Unknown("it comes from the environment")
    return default if not isinstance(default, Const) else Typed("str") if isinstance(default.value, str) else default


@rule("os._Environ.setdefault")
def environ_setdefault(cx: Context, self: Value, key: Value, value: Value) -> Value:
    """Set a variable if it is not set."""
    found = _read(cx, self, key)
    if found is None:
        _write(cx, self, key, value)
        return Typed("str")
    return found


@rule("os._Environ.update")
def environ_update(cx: Context, self: Value, other: Value | None = None, /, **kwargs: Value) -> Value:
    """Set several variables."""
    if isinstance(other, DictValue):
        for key, value in other.entries.items():
            _write(cx, self, const(key), value)
    for name, given in kwargs.items():
        _write(cx, self, const(name), given)
    return none()


@rule("os._Environ.__contains__")
def environ_contains(cx: Context, self: Value, key: Value) -> Value:
    """Whether it is set."""
    return const(True) if _read(cx, self, key) is not None else Typed("bool")


@rule("os._Environ.copy")
def environ_copy(cx: Context, self: Value) -> Value:
    """A dict of all variables."""
    return DictValue({}, Typed("str"))


results(
    "os._Environ",
    {"keys values": "list[str]", "items": "list[tuple[str,str]]", "__iter__": "iter[str]", "__len__": "int>=0"},
)


@rule("os.getenv")
def getenv(cx: Context, key: Value, default: Value | None = None) -> Value:
    """What the program has set, else some text or the default."""
    return environ_get(cx, environ(cx), key, default)


# -- pathlib


def path_of(text: str | None) -> Instance:
    """A Path with this text."""
    return Instance(LibraryRef("pathlib.PosixPath"), {} if text is None else {"~path": text})


@rule("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath")
def path(cx: Context, *parts: Value) -> Value:
    """A path of parts."""
    for part in parts:
        message = "argument should be a str or an os.PathLike object where __fspath__ returns a str, not {!r}"
        import sys

        if sys.version_info < (3, 12):
            message = "expected str, bytes or os.PathLike object, not {}"
        _check_path(part, message, "pathlib.Path")
    texts = [path_text(part) for part in parts]
    if None in texts:
        return path_of(None)
    import pathlib

    return path_of(str(pathlib.PurePosixPath(*(text for text in texts if text is not None))))


@rule("pathlib.PurePath.__binary__")
def path_binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value | None:
    """``path / part``."""
    assert isinstance(operator, Const)
    if operator.value == "/":
        swapped = isinstance(reflected, Const) and bool(reflected.value)
        first, second = (other, self) if swapped else (self, other)
        shown = type_name(other)
        if isinstance(other, (Const, Typed)) and shown != "str":
            types = (shown, "PosixPath") if swapped else ("PosixPath", shown)
            message = f"unsupported operand type(s) for /: '{types[0]}' and '{types[1]}'"
            raise type_error(message, "/", self, other, recover=path_of(None))
        a, b = path_text(first), path_text(second)
        return path_of(None if a is None or b is None else posixpath.join(a, b))
    if operator.value == "+":
        shown = type_name(other) or "str"
        if isinstance(other, (Const, Typed)):
            swapped = isinstance(reflected, Const) and bool(reflected.value)
            message = f"unsupported operand type(s) for +: 'PosixPath' and '{shown}'"
            if swapped:
                message = f'can only concatenate str (not "PosixPath") to str' if shown == "str" else message  # noqa: F541
            raise type_error(message, "+", self, other, recover=Typed("str"))
        return None
    a, b = path_text(self), path_text(other)
    if operator.value in ("==", "!=") and a is not None and b is not None and isinstance(other, Instance):
        return const((a == b) == (operator.value == "=="))
    return Typed("bool") if operator.value in ("==", "!=", "<", ">", "<=", ">=") else None


def _pure(name: str, function: Callable[[Any], Any], word: str) -> None:
    """An attribute of a path that follows from its text."""

    @rule(f"pathlib.PurePath.{name}", kind="attribute")
    def attribute(cx: Context, self: Value) -> Value:
        text = path_text(self)
        if text is None:
            return path_of(None) if word == "path" else Typed("str")
        import pathlib

        found = function(pathlib.PurePosixPath(text))
        return path_of(str(found)) if word == "path" else const(found)


for _name in ("name", "stem", "suffix", "anchor", "root"):
    _pure(_name, attrgetter(_name), "str")
_pure("parent", attrgetter("parent"), "path")


@rule("pathlib.PurePath.parts", kind="attribute")
def parts(cx: Context, self: Value) -> Value:
    """The parts as a tuple."""
    text = path_text(self)
    if text is None:
        return typed_list(cx, Typed("str"), "tuple")
    import pathlib

    return sequence("tuple", map(const, pathlib.PurePosixPath(text).parts))


@rule("pathlib.PurePath.parents", "pathlib.PurePath.suffixes", kind="attribute")
def parents(cx: Context, self: Value) -> Value:
    """Several."""
    return Sequence("list", Contents((Run(cx.fresh(None, lo=0), path_of(None)),)))


@rule("pathlib.PurePath.joinpath")
def joinpath(cx: Context, self: Value, *other: Value) -> Value:
    """Further parts."""
    texts = [path_text(part) for part in (self, *other)]
    return path_of(None if None in texts else posixpath.join(*(text for text in texts if text is not None)))


@rule(
    "pathlib.PurePath.with_suffix", "pathlib.PurePath.with_name", "pathlib.PurePath.with_stem",
    "pathlib.PurePath.relative_to", "pathlib.Path.resolve", "pathlib.Path.absolute", "pathlib.Path.expanduser",
    "pathlib.Path.rename", "pathlib.Path.replace", "pathlib.Path.readlink",
)  # fmt: skip
def other_path(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Another path."""
    return path_of(None)


@rule("pathlib.Path.cwd", "pathlib.Path.home")
def known_folder(cx: Context) -> Value:
    """A folder."""
    return path_of(None)


@rule("pathlib.Path.iterdir", "pathlib.Path.glob", "pathlib.Path.rglob")
def iterdir(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Paths, it is not known how many."""
    return IteratorValue(Contents((Run(cx.fresh(None, lo=0), path_of(None)),)))


results("pathlib.PurePath", {"as_posix as_uri __str__ __fspath__": "str", "is_absolute match is_relative_to": "bool"})
results(
    "pathlib.Path",
    {
        "exists is_file is_dir is_symlink samefile": "bool",
        "mkdir unlink rmdir touch chmod symlink_to": "none",
        "read_text owner": "str",
        "read_bytes": "bytes",
        "write_text write_bytes": "int>=0",
        "stat": "object:os.stat_result",
    },
)


@rule("pathlib.Path.open")
def path_open(cx: Context, self: Value, mode: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The file."""
    return cx.rule("builtins.open", self, *((mode,) if mode is not None else ()))


# -- the rest

GLOBBED: Final = {"glob": "list[str]", "iglob": "iter[str]", "escape": "str"}
results("glob", GLOBBED)
results("fnmatch", {"fnmatch fnmatchcase": "bool", "filter": "list[str]", "translate": "str"})
results(
    "shutil",
    {
        "copy copy2 copyfile copytree move make_archive which": "str",
        "rmtree unpack_archive copyfileobj copymode copystat": "none",
    },
)
results(
    "tempfile",
    {
        "mkdtemp gettempdir mktemp": "str",
        "mkstemp": "tuple[int,str]",
        "NamedTemporaryFile TemporaryFile": "object:io.TextIOWrapper",
        "TemporaryDirectory": "object:tempfile.TemporaryDirectory",
    },
)
results("tempfile.TemporaryDirectory", {"__enter__": "str", "cleanup __exit__": "none"})
attributes("tempfile.TemporaryDirectory", {"name": "str"})
results(
    "platform",
    {
        "system machine node release version platform processor python_version python_implementation": "str",
    },
)
results(
    "subprocess",
    {
        "run": "object:subprocess.CompletedProcess",
        "Popen": "object:subprocess.Popen",
        "call check_call": "int",
        "check_output": "bytes",
        "getoutput": "str",
        "getstatusoutput": "tuple[int,str]",
    },
)
attributes("subprocess.CompletedProcess", {"returncode": "int", "stdout stderr args": "unknown:what a command printed"})
results("subprocess.CompletedProcess", {"check_returncode": "none"})
results("subprocess.Popen", {"wait": "int", "kill terminate": "none", "communicate": "unknown:what a command printed"})
attributes("subprocess.Popen", {"returncode pid": "int"})
results("signal", {"signal": "unknown:a handler", "alarm": "int"})
results("socket", {"gethostname": "str"})
results("getpass", {"getuser getpass": "str"})

# -- tuples whose elements have names


def named(name: str, names: tuple[str, ...], parts: tuple[Value, ...]) -> Value:
    """An object that is a tuple and has a name for each element."""
    made = Instance(LibraryRef(name), dict(zip(names, parts)))
    made.fields["~items"] = sequence("tuple", parts)
    return made


@rule("shutil.get_terminal_size", "os.get_terminal_size")
def terminal_size(cx: Context, fallback: Value | None = None) -> Value:
    """(columns, lines)."""
    return named("os.terminal_size", ("columns", "lines"), (Typed("int", lo=1), Typed("int", lo=1)))


@rule("shutil.disk_usage")
def disk_usage(cx: Context, path: Value) -> Value:
    """(total, used, free)."""
    return named("shutil.usage", ("total", "used", "free"), (Typed("int"), Typed("int"), Typed("int")))


@rule("os.uname", "platform.uname")
def uname(cx: Context) -> Value:
    """(system, node, release, version, machine)."""
    names = ("sysname", "nodename", "release", "version", "machine")
    return named("os.uname_result", names, (Typed("str"),) * 5)


# -- sys


@constant("sys.argv")
def argv(cx: Context) -> Value:
    """The name of the script and arguments that are not known."""
    return Sequence("list", Contents((Typed("str"), Run(cx.fresh(None, lo=0), Typed("str")))))


@constant("sys.path")
def sys_path(cx: Context) -> Value:
    """Folders."""
    return typed_list(cx, Typed("str"))


@constant("sys.version_info")
def version_info(cx: Context) -> Value:
    """(major, minor, micro, level, serial)."""
    parts = (const(3), Typed("int", lo=10), Typed("int", lo=0), Typed("str"), Typed("int", lo=0))
    names = ("major", "minor", "micro", "releaselevel", "serial")
    return named("sys.version_info", names, parts)


@constant("sys.modules")
def modules(cx: Context) -> Value:
    """Loaded modules."""
    return DictValue({}, cx.unknown("a module"))


constants(
    "sys",
    {
        "platform": ("str",),
        "version": ("str",),
        "executable": ("str",),
        "maxsize": 2**63 - 1,
        "byteorder": "little",
        "stdout": ("object:io.TextIOWrapper",),
        "stderr": ("object:io.TextIOWrapper",),
        "stdin": ("object:io.TextIOWrapper",),
        "float_info": ("unknown:what floats can hold",),
        "flags": ("unknown:flags",),
        "prefix": ("str",),
    },
)
results(
    "sys",
    {
        "getsizeof getrecursionlimit getrefcount": "int>=0",
        "setrecursionlimit settrace setprofile": "none",
        "exc_info": "unknown:the exception",
        "getdefaultencoding getfilesystemencoding": "str",
    },
)
