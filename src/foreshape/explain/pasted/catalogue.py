"""Families of messages: how each is recognised, what its numbers are, what it means and what to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

from foreshape.explain.pasted.reading import Pasted

Words = Mapping[str, Any]
Derive = Callable[[dict[str, Any]], Words]

MODULES: Final = (
    "keras_layers",
    "keras_shapes",
    "keras_models",
    "keras_weights",
    "keras_arguments",
    "keras_training",
    "keras_options",
    "tensorflow_ops",
    "tensorflow_data",
    "tensorflow_graphs",
    "tensorflow_checks",
    "jax_arrays",
    "sklearn_scores",
    "numpy_arrays",
    "sklearn_estimators",
    "numpy_values",
    "pandas_frames",
    "pandas_tables",
    "numpy_functions",
    "torch_products",
    "torch_dtypes",
    "torch_convolutions",
    "torch_sequences",
    "torch_attention",
    "torch_losses",
    "torch_shapes",
    "torch_indexing",
    "torch_values",
    "torch_training",
    "torch_arguments",
    "torch_libraries",
    "torch_lightning",
    "torch_functions",
    "old_backends",
    "python_values",
)
"""Modules of ``families``, each a list ``FAMILIES``. The first that fits wins, so what is special stands before what is general."""


class Raising:
    """Code that really raises a message of the family, and the numbers that must be read from it.

    target: "keras=3", "keras-torch" (Keras 3 on PyTorch), "keras=2", "tensorflow", "torch", "numpy", "pandas", "sklearn",
    "scipy", "python", or "text" where the release that said it cannot be installed beside the others: ``code`` is then the
    message, as the history of its source has it.
    """

    __slots__ = ("code", "numbers", "target")

    def __init__(self, target: str, code: str, /, **numbers: Any) -> None:
        self.target = target
        self.code = code
        self.numbers = numbers


class Family:
    """Messages that differ in their numbers only.

    name: kebab-case. library: who says it. exceptions: names without modules; empty where any may carry it. patterns:
    searched in the message on one line; named groups are its numbers and words, read as Python literals where they are.
    headline, means, causes, changes: sentences with ``{group}`` in them. derive: more words out of the groups.
    needles: texts, one of which every message of the family has, tried before any pattern. within: where it is given, one
    of these texts has to be in a frame of the traceback, for messages that mean something else elsewhere.
    """

    __slots__ = (
        "causes", "changes", "derive", "exceptions", "headline", "library", "means", "name", "needles", "patterns", "raised",
        "within",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        *,
        library: str,
        exceptions: Sequence[str],
        patterns: Sequence[str],
        headline: str,
        means: str,
        causes: Sequence[str] = (),
        changes: Sequence[str] = (),
        needles: Sequence[str],
        within: Sequence[str] = (),
        derive: Derive | None = None,
        raised: Sequence[Raising],
    ) -> None:
        self.name = name
        self.library = library
        self.exceptions = tuple(exceptions)
        self.patterns = tuple(patterns)
        self.headline = headline
        self.means = means
        self.causes = tuple(causes)
        self.changes = tuple(changes)
        self.needles = tuple(needles)
        self.within = tuple(within)
        self.derive = derive
        self.raised = tuple(raised)

    def read(self, pasted: Pasted) -> Recognised | None:
        """The message with its numbers, where it is one of this family."""
        if pasted.kind and self.exceptions and pasted.kind not in self.exceptions:
            return None
        text = pasted.flat
        if not any(needle in text for needle in self.needles) or (self.within and not self._is_within(pasted)):
            return None
        for pattern in self.patterns:
            match = re.search(pattern, text)
            if match:
                groups = {name: literal(value) for name, value in match.groupdict().items() if value is not None}
                return Recognised(self, pasted, groups, match.span())
        return None

    def _is_within(self, pasted: Pasted) -> bool:
        shown = [f"{frame.path} {frame.function} {frame.code}" for frame in pasted.frames]
        return any(text in each for text in self.within for each in shown)


class Recognised:
    """A message of a family. numbers: what the message says, by name. span: where in the text it says so."""

    __slots__ = ("family", "numbers", "pasted", "span")

    def __init__(self, family: Family, pasted: Pasted, numbers: dict[str, Any], span: tuple[int, int]) -> None:
        self.family = family
        self.pasted = pasted
        self.numbers = numbers
        self.span = span

    @property
    def said(self) -> str:
        """What the library says, without what people write before and after it."""
        end = 0
        for paragraph in re.split(r"\n\s*\n", self.pasted.inner.text):
            end += len(" ".join(paragraph.split())) + 1
            if end >= self.span[1]:
                break
        return self.pasted.flat[0 if self.pasted.exception else self.span[0] : end].strip().rstrip("*")

    @property
    def words(self) -> Words:
        """The numbers, and what follows from them."""
        derive = self.family.derive
        return self.numbers if derive is None else {**self.numbers, **derive(dict(self.numbers))}

    @property
    def headline(self) -> str:
        return self._filled(self.family.headline)

    @property
    def means(self) -> str:
        return self._filled(self.family.means)

    @property
    def causes(self) -> list[str]:
        return [said for each in self.family.causes if (said := self._filled(each))]

    @property
    def changes(self) -> list[str]:
        return [said for each in self.family.changes if (said := self._filled(each))]

    def _filled(self, template: str) -> str:
        """With the words in it; "" where one that it needs is not in this message."""
        try:
            return template.format_map(dict(self.words)).strip()
        except KeyError:
            return ""


def literal(text: str) -> Any:
    """A shape or a number as Python has it, everything else as it is: ``(None, 3)``, ``[32, 10]``, ``128``."""
    plain = text.strip()
    if re.fullmatch(r"-?\d+", plain):
        return int(plain)
    shape = re.fullmatch(r"(?:torch\.Size\(|TensorShape\()?[\[(](?P<inside>[^\[\]()]*)[\])]\)?", plain)
    if shape:
        parts = [part.strip() for part in shape["inside"].split(",") if part.strip()]
        if all(re.fullmatch(r"-?\d+|None|\?", part) for part in parts):
            return tuple(None if part in ("None", "?") else int(part) for part in parts)
    sizes = re.fullmatch(r"-?\d+(?: ?x ?-?\d+)+", plain)
    if sizes:
        return tuple(int(part) for part in plain.split("x"))
    return plain


def families() -> Iterator[Family]:
    """All of them, in the order in which they are tried."""
    for module in MODULES:
        yield from import_module(f"foreshape.explain.pasted.families.{module}").FAMILIES


def recognise(pasted: Pasted) -> Recognised | None:
    """The first family that the message belongs to."""
    return next((found for family in families() if (found := family.read(pasted))), None)
