"""Rules by qualified name: what each library call does to shapes.

A rule is a Python function whose own signature is the signature of the call that it describes:

    @rule("numpy.expand_dims", doc="https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html")
    def expand_dims(cx: Context, a: Value, axis: Value) -> Value: ...

The parameters after ``cx`` are bound like Python binds them (defaults are Values or None for "not given");
a call that does not bind is a TypeError of the program. Methods take the object first (``numpy.ndarray.reshape``).
``@attribute`` describes an attribute, ``@constant`` a module-level constant, ``@library_type`` a class with its bases.
Rules of a library are imported when the first of its names is looked up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, Final, TypeVar

from foreshape.domain.values import Value

RuleFunction = TypeVar("RuleFunction", bound=Callable[..., Any])


class Rule:
    """One rule. ``since``/``until`` are version bounds of the library of its name ("3", "2.16"): since <= v < until."""

    __slots__ = ("doc", "function", "kind", "name", "parameters", "since", "until")

    def __init__(self, name: str, kind: str, function: Callable[..., Any], since: str, until: str, doc: str) -> None:
        self.name = name
        self.kind = kind
        self.function = function
        self.since = since
        self.until = until
        self.doc = doc
        self.parameters: Parameters | None = None

    def signature(self) -> Parameters:
        """How arguments bind, read from the rule's own code object (``inspect`` costs too much at start-up)."""
        if self.parameters is None:
            self.parameters = Parameters(self.function)
        return self.parameters


class Parameters:
    """The parameters of a rule after ``cx``."""

    __slots__ = ("defaults", "keyword_only", "positional", "positional_only", "required", "star", "star_star")

    def __init__(self, function: Callable[..., Any]) -> None:
        code = function.__code__
        count = code.co_argcount
        names = code.co_varnames
        defaults: tuple[Any, ...] = function.__defaults__ or ()
        self.positional: tuple[str, ...] = names[1:count]
        self.positional_only = max(code.co_posonlyargcount - 1, 0)
        self.keyword_only: tuple[str, ...] = names[count : count + code.co_kwonlyargcount]
        position = count + code.co_kwonlyargcount
        self.star: str | None = None
        self.star_star: str | None = None
        if code.co_flags & 0x04:
            self.star = names[position]
            position += 1
        if code.co_flags & 0x08:
            self.star_star = names[position]
        self.defaults: dict[str, Any] = dict(zip(names[count - len(defaults) : count], defaults))
        self.defaults.update(function.__kwdefaults__ or {})
        self.required = tuple(name for name in self.positional + self.keyword_only if name not in self.defaults)


class BindError(Exception):
    """The arguments do not fit the signature; ``text`` is what Python says after the name of the function."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def arranged(
    parameters: Parameters, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[list[Value], dict[str, Any]]:
    """The positional arguments and the keywords to call a rule with; raises BindError."""
    bound, extra, rest = _bind(parameters, args, kwargs)
    first: list[Value] = []
    if parameters.star is not None or parameters.positional_only:
        for name in parameters.positional:
            if name not in bound:
                break
            first.append(bound.pop(name))
    return [*first, *extra], {**bound, **rest}


def bind(parameters: Parameters, args: tuple[Value, ...], kwargs: dict[str, Value]) -> dict[str, Any]:
    """The arguments of a call to a rule, by name; raises BindError."""
    bound, _, rest = _bind(parameters, args, kwargs)
    return {**bound, **rest}


def _bind(
    parameters: Parameters, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[dict[str, Any], tuple[Value, ...], dict[str, Value]]:
    """Parameters by name, what ``*`` takes and what ``**`` takes.

    A keyword that is a Python keyword or clashes with ``self`` is spelt with a trailing underscore in the rule.
    """
    bound: dict[str, Any] = {}
    positional = parameters.positional
    for name, value in zip(positional, args):
        bound[name] = value
    extra = args[len(positional) :]
    if extra and parameters.star is None:
        raise BindError(_too_many(parameters, len(args)))
    rest: dict[str, Value] = {}
    for key, value in kwargs.items():
        name = key
        if name not in positional and name not in parameters.keyword_only:
            name = key + "_"
        if name in bound and (name not in positional[: parameters.positional_only] or parameters.star_star is None):
            raise BindError(f"got multiple values for argument '{key}'")
        if name in positional[parameters.positional_only :] or name in parameters.keyword_only:
            bound[name] = value
        elif parameters.star_star is not None:
            rest[key] = value
        else:
            raise BindError(f"got an unexpected keyword argument '{key}'")
    missing = [name for name in parameters.required if name not in bound]
    if missing:
        quoted = [f"'{name.rstrip('_')}'" for name in missing]
        listed = quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + (" and " if len(quoted) == 2 else ", and ")
        listed += quoted[-1] if len(quoted) > 1 else ""
        plural = "" if len(missing) == 1 else "s"
        raise BindError(f"missing {len(missing)} required positional argument{plural}: {listed}")
    return bound, extra, rest


def _too_many(parameters: Parameters, given: int) -> str:
    """What Python says of more positional arguments than there are parameters."""
    most = len(parameters.positional)
    least = sum(name not in parameters.defaults for name in parameters.positional)
    counted = f"{most}" if least == most else f"from {least} to {most}"
    return f"takes {counted} positional argument{'' if most == 1 else 's'} but {given} {'was' if given == 1 else 'were'} given"


class LibraryType:
    """A class of a library: its bases (qualified names), nearest first."""

    __slots__ = ("bases", "name")

    def __init__(self, name: str, bases: tuple[str, ...]) -> None:
        self.name = name
        self.bases = bases


class Registry:
    """Every rule that has been imported, and the table of what to import for which library."""

    def __init__(self) -> None:
        self.rules: dict[str, list[Rule]] = {}
        self.types: dict[str, LibraryType] = {}
        self.removed: dict[str, list[tuple[str, str, str, str]]] = {}
        self._loaded: set[str] = set()
        self._canonical: dict[str, str] = {}
        self._mros: dict[str, tuple[str, ...]] = {}
        self._index: Mapping[str, str] | None = _read_index()

    def need(self, name: str) -> None:
        """Import the modules that describe a canonical name: only those, where the index is there."""
        if self._index is None:
            self.load(name.partition(".")[0])
        elif name not in self._loaded:
            self._loaded.add(name)
            for module in self._index.get(name, "").split():
                import_module(f"foreshape.semantics.{module}")

    def load(self, library: str) -> None:
        """Import all rules of a top-level library name, once."""
        if library in self._loaded:
            return
        self._loaded.add(library)
        for module in LIBRARIES.get(library, ()):
            try:
                import_module(module)
            except ModuleNotFoundError as error:
                if error.name != module:  # rules of a library that is not modelled yet
                    raise
                continue
            import_parts(module)

    def canonical(self, name: str) -> str:
        """The name under which rules know it: ``tensorflow.keras.layers.LSTM`` is ``keras.layers.LSTM``."""
        found = self._canonical.get(name)
        if found is None:
            found = name
            for prefix, replacement in ALIASES:
                if found.startswith(prefix) and (prefix[-1] == "." or found[len(prefix) :][:1] in ("", ".")):
                    found = replacement + found[len(prefix) :]
            if found.startswith("torch.nn.modules."):
                found = _public_module(found)
            found = OTHER_NAMES.get(found, found)
            self._canonical[name] = found
        return found

    def lookup(self, name: str, kind: str, at_version: Callable[[str, str, str], bool]) -> Rule | None:
        """The rule for a canonical name that applies to the target versions. ``at_version(library, since, until)``."""
        self.need(name)
        for found in self.rules.get(name, ()):
            if found.kind == kind:
                if not found.since and not found.until:
                    return found
                if at_version(name.partition(".")[0], found.since, found.until):
                    return found
        return None

    def type_of(self, name: str) -> LibraryType | None:
        """The class of this canonical name."""
        self.need(name)
        return self.types.get(name)

    def mro(self, name: str) -> tuple[str, ...]:
        """The class and its bases, depth first, each once (the last occurrence wins, as in C3 for our simple trees)."""
        made = self._mros.get(name)
        if made is not None:
            return made
        found: list[str] = []

        def visit(current: str) -> None:
            if current in found:
                found.remove(current)
            found.append(current)
            known = self.type_of(current)
            for base in known.bases if known else ():
                visit(base)

        visit(name)
        made = self._mros[name] = tuple(found)
        return made

    def declare(self, name: str, bases: tuple[str, ...]) -> None:
        """A class of a library. What was worked out from the classes that were known is asked anew."""
        self.types[name] = LibraryType(name, bases)
        self._mros.clear()

    def is_known(self, name: str) -> bool:
        """Whether anything is registered under this canonical name."""
        self.need(name)
        return name in self.rules or name in self.types


def _public_module(name: str) -> str:
    """``torch.nn.modules.conv.Conv2d`` is ``torch.nn.Conv2d``; what begins with an underscore is only where it is."""
    parts = name.split(".")
    place = next((place for place, part in enumerate(parts) if part[:1].isupper()), None)
    return name if place is None else ".".join(("torch", "nn", *parts[place:]))


def import_parts(package: str) -> None:
    """Import every module that a package of rules names in ``PARTS``; importing the package alone registers nothing."""
    for part in getattr(import_module(package), "PARTS", ()):
        import_parts(f"{package}.{part}")


def _read_index() -> Mapping[str, str] | None:
    """Which modules register which name (``python -m foreshape.dev.index`` writes it); None without it, or where
    ``FORESHAPE_NO_INDEX`` is set because rules are being written."""
    if os.environ.get("FORESHAPE_NO_INDEX"):
        return None
    try:
        with open(os.path.join(os.path.dirname(__file__), "index.txt"), encoding="utf-8") as file:
            lines = file.readlines()
    except FileNotFoundError:
        return None
    found: dict[str, str] = {}
    for line in lines:
        module, *names = line.split()
        for name in names:
            found[name] = f"{found[name]} {module}" if name in found else module
    return found


LIBRARIES: Final[dict[str, tuple[str, ...]]] = {
    "builtins": ("foreshape.semantics.python",),
    "numpy": ("foreshape.semantics.numpy",),
    "keras": ("foreshape.semantics.keras",),
    "tensorflow": ("foreshape.semantics.tensorflow",),
    "torch": ("foreshape.semantics.torch",),
    "einops": ("foreshape.semantics.einops",),
    "jaxtyping": ("foreshape.semantics.helpers.typing",),
    "beartype": ("foreshape.semantics.helpers.typing",),
    "typeguard": ("foreshape.semantics.helpers.typing",),
    "lightning": ("foreshape.semantics.lightning",),
    "torchvision": ("foreshape.semantics.torchvision",),
    "torchmetrics": ("foreshape.semantics.torchvision.measures",),
    "tensorboardX": ("foreshape.semantics.torch.training.logging",),
    "pandas": ("foreshape.semantics.pandas",),
    "yfinance": ("foreshape.semantics.pandas",),
    "pandas_datareader": ("foreshape.semantics.pandas",),
    "sklearn": ("foreshape.semantics.sklearn",),
    "scipy": ("foreshape.semantics.scipy",),
    "matplotlib": ("foreshape.semantics.helpers.plots", "foreshape.semantics.helpers.images"),
    "seaborn": ("foreshape.semantics.helpers.plots",),
    "tqdm": ("foreshape.semantics.helpers.progress",),
    "foreshape": ("foreshape.semantics.helpers.ours",),
    "cv2": ("foreshape.semantics.helpers.images",),
    "PIL": ("foreshape.semantics.helpers.images",),
    "imageio": ("foreshape.semantics.helpers.images",),
    "skimage": ("foreshape.semantics.helpers.images",),
    "librosa": ("foreshape.semantics.helpers.sound",),
    "soundfile": ("foreshape.semantics.helpers.sound",),
}
"""Which modules hold the rules of a library."""

STANDARD_LIBRARY: Final = {
    "arguments": "argparse",
    "collecting": "collections",
    "files": "base64 binascii bz2 configparser csv gzip io joblib json lzma marshal pickle shelve struct tarfile toml "
    "tomllib urllib yaml zipfile zlib",
    "functional": "bisect functools heapq operator",
    "iteration": "itertools",
    "mathematics": "cmath decimal fractions math statistics",
    "paths": "fnmatch getpass glob os pathlib platform posixpath shutil signal socket subprocess sys tempfile",
    "randomness": "hashlib random secrets uuid",
    "text": "difflib locale pprint re shlex string textwrap unicodedata",
    "times": "calendar datetime time timeit",
    "utilities": "abc array ast asyncio atexit codecs contextlib copy ctypes dataclasses enum faulthandler gc "
    "importlib inspect logging multiprocessing psutil threading traceback tracemalloc types warnings weakref",
}
"""The rules of the standard library by family, so that only what a program uses is loaded."""
for _family, _names in STANDARD_LIBRARY.items():
    for _name in _names.split():
        LIBRARIES[_name] = (f"foreshape.semantics.python.stdlib.{_family}",)
LIBRARIES["typing"] = ("foreshape.semantics.python.stdlib.utilities", "foreshape.semantics.python.stdlib.collecting")
LIBRARIES["types"] = ("foreshape.semantics.python.stdlib.utilities", "foreshape.semantics.python.stdlib.arguments")
LIBRARIES["inspect"] = ("foreshape.semantics.python.stdlib.utilities", "foreshape.semantics.python.stdlib.signatures")
LIBRARIES["io"] = (*LIBRARIES["io"], "foreshape.semantics.python.stdlib.handles", "foreshape.semantics.python")
LIBRARIES["csv"] = (*LIBRARIES["csv"], "foreshape.semantics.python.stdlib.handles")

FORMER_LAYER_MODULES: Final = (
    "core", "convolutional", "convolutional_recurrent", "recurrent", "cudnn_recurrent", "pooling", "embeddings", "local",
    "normalization", "wrappers", "advanced_activations", "noise",
)  # fmt: skip
"""Modules of Keras 1 and 2 that programs import layers from. ``keras.layers.merge`` was a function before it was one."""

ALIASES: Final[tuple[tuple[str, str], ...]] = (
    ("tqdm.auto", "tqdm"),
    ("tqdm.notebook.tqdm_notebook", "tqdm.tqdm"),
    ("tqdm.notebook", "tqdm"),
    ("tqdm.std", "tqdm"),
    ("tqdm.tqdm_notebook", "tqdm.tqdm"),
    ("tf_keras", "keras"),
    ("tensorflow.keras", "keras"),
    ("tensorflow.compat.v2", "tensorflow"),
    ("keras.api", "keras"),
    ("keras.src", "keras"),
    ("tensorflow.compat.v1.keras", "keras"),
    ("tensorflow.compat.v1", "tensorflow"),
    ("tensorflow.python.keras", "keras"),
    ("keras.engine", "keras"),
    ("keras.models.Model", "keras.Model"),
    ("keras.models.Sequential", "keras.Sequential"),
    ("keras.training.Model", "keras.Model"),
    ("keras.sequential.Sequential", "keras.Sequential"),
    ("keras.functional.Functional", "keras.Functional"),
    ("keras.layers.Layer", "keras.Layer"),
    ("keras.base_layer.Layer", "keras.Layer"),
    ("keras.layers.experimental.preprocessing", "keras.layers"),
    *((f"keras.layers.{_module}", "keras.layers") for _module in FORMER_LAYER_MODULES),
    ("keras.layers.merge.", "keras.layers."),
    ("keras.topology.Layer", "keras.Layer"),
    ("keras.topology", "keras"),
    ("keras.input_layer", "keras"),
    ("keras.utils.np_utils", "keras.utils"),
    ("keras.utils.vis_utils", "keras.utils"),
    ("keras.utils.visualize_util.plot", "keras.utils.plot_model"),
    ("keras.utils.generic_utils", "keras.utils"),
    ("keras.utils.data_utils", "keras.utils"),
    ("keras.ops.numpy", "keras.ops"),
    ("keras.ops.nn", "keras.ops"),
    ("keras.layers.Input", "keras.Input"),
    ("keras.layers.InputSpec", "keras.InputSpec"),
    ("pytorch_lightning", "lightning"),
    ("lightning.pytorch", "lightning"),
    ("torch.utils.data.dataset", "torch.utils.data"),
    ("torch.utils.data.dataloader", "torch.utils.data"),
    ("torch.utils.data.sampler", "torch.utils.data"),
    ("os.path", "posixpath"),
)
"""Prefixes that name the same thing, applied in order."""

OTHER_NAMES: Final[dict[str, str]] = {
    f"keras.layers.{other}{rank}D{end}": f"keras.layers.{name}{rank}D{end}"
    for other, name, end in (
        ("Convolution", "Conv", ""), ("Convolution", "Conv", "Transpose"), ("SeparableConvolution", "SeparableConv", ""),
        ("MaxPool", "MaxPooling", ""), ("AvgPool", "AveragePooling", ""), ("GlobalMaxPool", "GlobalMaxPooling", ""),
        ("GlobalAvgPool", "GlobalAveragePooling", ""),
    )
    for rank in (1, 2, 3)
}  # fmt: skip
"""Classes that have a second name."""

REGISTRY: Final = Registry()


def rule(
    *names: str, since: str = "", until: str = "", doc: str = "", kind: str = "function"
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as the rule of one or more qualified names."""

    def register(function: RuleFunction) -> RuleFunction:
        for name in names:
            REGISTRY.rules.setdefault(name, []).append(Rule(name, kind, function, since, until, doc))
        return function

    return register


def attribute(*names: str, since: str = "", until: str = "", doc: str = "") -> Callable[[RuleFunction], RuleFunction]:
    """Register ``function(cx, self)`` as an attribute of a library type (``numpy.ndarray.shape``)."""
    return rule(*names, since=since, until=until, doc=doc, kind="attribute")


def constant(*names: str, since: str = "", until: str = "", doc: str = "") -> Callable[[RuleFunction], RuleFunction]:
    """Register ``function(cx)`` as the value of a module-level name (``numpy.pi``)."""
    return rule(*names, since=since, until=until, doc=doc, kind="constant")


def library_type(name: str, *bases: str) -> str:
    """Declare a class of a library and its bases; returns the name."""
    REGISTRY.declare(name, bases)
    return name


def library_types(table: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    """Declare several classes."""
    for name, bases in table:
        library_type(name, *bases)


def removed(name: str, since: str, *, until: str = "", message: str = "", now: str = "") -> None:
    """Declare that a name does not exist in versions ``since <= v < until``: looking it up raises AttributeError.
    now: what it became, as a qualified name."""
    REGISTRY.removed.setdefault(name, []).append((since, until, message, now))
