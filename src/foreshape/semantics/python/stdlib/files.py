"""``io``, ``json``, ``pickle``, ``csv``, ``struct``, ``zipfile``, ``gzip`` and other readers and writers.

Source: https://docs.python.org/3/library/io.html
"""

from __future__ import annotations

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Array,
    DictValue,
    Instance,
    Sequence,
    Typed,
    Value,
    as_str,
    const,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import value_error
from foreshape.semantics.python.handles import TEXT, put, text_from
from foreshape.semantics.python.stdlib.plain import attributes, results
from foreshape.semantics.python.tools import NotKnown, lift, sequence, to_python, typed_list
from foreshape.semantics.python.written import read, write
from foreshape.semantics.registry import library_types, rule

library_types((
    ("io.IOBase", ("builtins.object",)),
    ("io.TextIOWrapper", ("io.IOBase",)),
    ("io.StringIO", ("io.TextIOWrapper",)),
    ("io.BufferedReader", ("io.IOBase",)),
    ("io.BytesIO", ("io.BufferedReader",)),
    ("csv.DictReader", ("builtins.object",)),
    ("csv.DictWriter", ("builtins.object",)),
    ("csv.writer", ("builtins.object",)),
    ("zipfile.ZipFile", ("builtins.object",)),
    ("tarfile.TarFile", ("builtins.object",)),
    ("struct.Struct", ("builtins.object",)),
))  # fmt: skip

results(
    "io.IOBase",
    {
        "fileno": "int>=0",
        "close flush __exit__": "none",
        "readable writable seekable isatty": "bool",
        "__enter__": "self",
        "reconfigure": "none",
    },
)
attributes("io.IOBase", {"name mode encoding": "str", "closed": "bool", "buffer": "object:io.BufferedReader"})
# -- json


@rule("json.loads")
def loads(cx: Context, s: Value, **kwargs: Value) -> Value:
    """What a text describes: known where the text is. JSONDecodeError of a text that is none."""
    text = as_str(s)
    if text is None or kwargs:
        return cx.unknown("it is read from JSON")
    import json

    try:
        return lift(json.loads(text))
    except ValueError as error:
        recover = cx.unknown("it is read from JSON")
        raise value_error(str(error), "json.loads", s, exception="JSONDecodeError", recover=recover) from None


@rule("json.dumps")
def dumps(cx: Context, obj: Value, **kwargs: Value) -> Value:
    """The text for a value."""
    import json

    try:
        options = {key: to_python(value) for key, value in kwargs.items()}
        if "cls" not in options and "default" not in options:
            return const(json.dumps(to_python(obj), **options))
    except (NotKnown, TypeError, ValueError):
        pass
    return Typed("str")


@rule("json.load")
def load(cx: Context, fp: Value, **kwargs: Value) -> Value:
    """What a file describes, where its text is known."""
    text = text_from(cx, fp)
    return cx.unknown("it is read from a JSON file") if text is None else loads(cx, const(text), **kwargs)


@rule("json.dump")
def dump(cx: Context, obj: Value, fp: Value, **kwargs: Value) -> Value:
    """The text goes to the file."""
    put(cx, fp, as_str(dumps(cx, obj, **kwargs)))
    return none()


results(
    "json",
    {
        "JSONEncoder JSONDecoder": "unknown:a JSON coder",
    },
)
results(
    "pickle",
    {
        "loads": "unknown:it is read from a pickle",
        "dumps": "bytes",
        "Pickler Unpickler": "unknown:a pickler",
    },
)
results("marshal", {"load loads": "unknown:it is read from a file", "dump": "none", "dumps": "bytes"})
results("shelve", {"open": "unknown:a shelf"})
results(
    "yaml",
    {
        "load safe_load full_load": "unknown:it is read from YAML",
        "load_all safe_load_all": "unknown:it is read from YAML",
        "dump safe_dump": "unknown:text or None",
    },
)
results("toml", {"load loads": "dict", "dumps": "str"})
results("tomllib", {"load loads": "dict"})
results("configparser", {"ConfigParser": "unknown:a configuration"})


@rule("pickle.dump")
def pickle_dump(cx: Context, obj: Value, file: Value, *args: Value, **kwargs: Value) -> Value:
    """Keeps what the file holds."""
    write(cx, _named(file), _copied(cx, obj))
    put(cx, file, None)
    return none()


def _copied(cx: Context, value: Value) -> Value:
    """A list or dict as it is now."""
    return cx.rule("copy.deepcopy", value) if isinstance(value, (Sequence, DictValue)) else value


@rule("pickle.load")
def pickle_load(cx: Context, file: Value, **kwargs: Value) -> Value:
    """What the program wrote there, if it did."""
    found = read(cx, _named(file))
    if isinstance(found, (Sequence, DictValue)):
        return _copied(cx, found)
    plain = isinstance(found, (Instance, Array)) and TEXT not in getattr(found, "fields", {})
    return found if isinstance(found, Value) and plain else cx.unknown("it is read from a pickle")


@rule("joblib.dump")
def joblib_dump(cx: Context, value: Value, filename: Value, *args: Value, **kwargs: Value) -> Value:
    """Keeps what the file holds."""
    write(cx, filename, value)
    return typed_list(cx, Typed("str"))


@rule("joblib.load")
def joblib_load(cx: Context, filename: Value, *args: Value, **kwargs: Value) -> Value:
    """What the program wrote there, if it did."""
    found = read(cx, filename)
    return found if isinstance(found, (Instance, Array)) else cx.unknown("it is read from a file")


def _named(file: Value) -> Value:
    """The name that a file was opened under, else the file itself."""
    found = file.fields.get("~name") if isinstance(file, Instance) else None
    return found if isinstance(found, Value) else file


# -- csv

results(
    "csv",
    {
        "field_size_limit": "int",
        "list_dialects": "list[str]",
        "register_dialect": "none",
    },
)
attributes("csv.DictReader", {"line_num": "int>=0"})

# -- struct


def _struct_values(cx: Context, fmt: str | None) -> Value:
    if fmt is None:
        return typed_list(cx, cx.unknown("a number"), "tuple")
    import struct

    try:
        empty = struct.unpack(fmt, bytes(struct.calcsize(fmt)))
    except struct.error:
        return typed_list(cx, cx.unknown("a number"), "tuple")
    return sequence("tuple", (Typed(type(part).__name__) for part in empty))


@rule("struct.unpack", "struct.unpack_from")
def unpack(cx: Context, format_: Value, buffer: Value, *args: Value, **kwargs: Value) -> Value:
    """A tuple with as many values as the format has."""
    return _struct_values(cx, as_str(format_))


@rule("struct.calcsize")
def calcsize(cx: Context, format_: Value, /) -> Value:
    """The number of bytes."""
    import struct

    fmt = as_str(format_)
    try:
        return Typed("int", lo=0) if fmt is None else const(struct.calcsize(fmt))
    except struct.error as error:
        raise value_error(str(error), "struct", format_, exception="error", recover=Typed("int")) from None


results("struct", {"pack": "bytes", "pack_into": "none", "iter_unpack": "unknown:numbers"})

# -- archives and the net

results("gzip", {"open": "object:io.BufferedReader", "compress decompress": "bytes"})
results("bz2", {"open": "object:io.BufferedReader", "compress decompress": "bytes"})
results("lzma", {"open": "object:io.BufferedReader"})
results("zlib", {"compress decompress": "bytes", "crc32 adler32": "int>=0"})
results(
    "zipfile.ZipFile",
    {
        "__enter__": "self",
        "__exit__ close extractall write writestr": "none",
        "namelist": "list[str]",
        "open": "object:io.BufferedReader",
        "read": "bytes",
        "extract": "str",
        "infolist": "list",
    },
)
results("tarfile", {"open": "object:tarfile.TarFile", "is_tarfile": "bool"})
results("zipfile", {"is_zipfile": "bool"})
results(
    "tarfile.TarFile",
    {
        "__enter__": "self",
        "__exit__ close extractall extract add": "none",
        "getnames": "list[str]",
        "getmembers": "list",
        "extractfile": "object:io.BufferedReader",
    },
)
results("base64", {"b64encode b64decode urlsafe_b64encode urlsafe_b64decode b16encode": "bytes"})
results("binascii", {"hexlify unhexlify": "bytes", "crc32": "int>=0"})
results(
    "urllib.request",
    {"urlopen": "object:io.BufferedReader", "urlretrieve": "tuple[str,str]", "Request": "unknown:a request"},
)
results(
    "urllib.parse", {"quote unquote urlencode urljoin quote_plus": "str", "urlparse": "unknown:the parts of an address"}
)


@rule("zipfile.ZipFile.__init__")
def zip_init(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Nothing is read yet."""
    return none()


def lines(cx: Context) -> Value:
    """Lines of a file."""
    return Sequence("list", Contents((Run(cx.fresh(None, lo=0), Typed("str")),)))
