"""``Tokenizer`` and its relatives: exact where the texts are known, bounded by the vocabulary where they are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    DictValue,
    Instance,
    Sequence,
    Typed,
    Value,
    as_dim,
    as_int,
    as_str,
    is_none,
)
from foreshape.semantics.keras.sequences import given
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
library_type("keras.preprocessing.text.Tokenizer")


def words_of(text: str, filters: str = FILTERS, lower: bool = True, split: str = " ") -> list[str]:
    """``text_to_word_sequence``."""
    if lower:
        text = text.lower()
    for letter in filters:
        text = text.replace(letter, split)
    return [word for word in text.split(split) if word]


@rule("keras.preprocessing.text.text_to_word_sequence", "keras.preprocessing.text.hashing_trick")
def text_to_word_sequence(
    cx: Context, input_text: Value, filters: Value | None = None, lower: Value | None = None, split: Value | None = None
) -> Value:
    """A list of words."""
    text = as_str(input_text)
    if text is not None and filters is None and lower is None and split is None:
        return Sequence("list", Contents(Const(word) for word in words_of(text)))
    return Sequence("list", Contents((Run(cx.fresh("words", lo=0), Typed("str")),)))


@rule("keras.preprocessing.text.one_hot")
def one_hot(
    cx: Context, input_text: Value, n: Value, filters: Value | None = None, lower: Value | None = None,
    split: Value | None = None,
) -> Value:  # fmt: skip
    """A list of numbers in 1 .. n-1 (a hash of each word)."""
    size = as_dim(n)
    hi: Bound = None if size is None else size - 1
    text = as_str(input_text)
    count: DimLike = cx.fresh("words", lo=0)
    if text is not None and filters is None and split is None:
        count = len(words_of(text))
    return Sequence("list", Contents((Run(count, Typed("int", lo=1, hi=hi)),)))


@rule("keras.preprocessing.text.Tokenizer.__init__")
def tokenizer_init(
    cx: Context,
    self: Instance,
    num_words: Value | None = None,
    filters: Value | None = None,
    lower: Value | None = None,
    split: Value | None = None,
    char_level: Value | None = None,
    oov_token: Value | None = None,
    analyzer: Value | None = None,
    **kwargs: Value,
) -> Value:
    """Settings."""
    cx.set(self, "num_words", Const(None) if num_words is None else num_words)
    cx.set(self, "oov_token", Const(None) if oov_token is None else oov_token)
    plain = all(not given(value) for value in (lower, split, analyzer))
    cx.set(self, "~filters", FILTERS if filters is None else as_str(filters))
    cx.set(self, "~chars", isinstance(char_level, Const) and bool(char_level.value))
    cx.set(self, "~plain", plain and (filters is None or as_str(filters) is not None))
    cx.set(self, "~words", ())
    return Const(None)


def _texts(cx: Context, value: Value) -> list[str] | None:
    """The texts, where all are known."""
    contents = cx.iterate(value)
    items = None if contents is None else contents.items(limit=2000)
    if items is None:
        return None
    found = [as_str(item) for item in items]
    return None if any(text is None for text in found) else [text for text in found if text is not None]


def _split(self: Instance, text: str) -> list[str]:
    if self.fields.get("~chars"):
        return (
            [letter for letter in text.lower() if letter not in self.fields["~filters"]]
            if False
            else list(text.lower())
        )
    return words_of(text, self.fields["~filters"])


@rule("keras.preprocessing.text.Tokenizer.fit_on_texts")
def fit_on_texts(cx: Context, self: Instance, texts: Value) -> Value:
    """Counts the words: the most frequent gets 1."""
    known = _texts(cx, texts) if self.fields.get("~plain") else None
    before: tuple[tuple[str, int], ...] | None = self.fields.get("~words")
    if known is None or before is None:
        cx.set(self, "~words", None)
        cx.set(self, "~vocabulary", cx.fresh("vocabulary"))
        return Const(None)
    counts = dict(before)
    for text in known:
        for word in _split(self, text):
            counts[word] = counts.get(word, 0) + 1
    cx.set(self, "~words", tuple(counts.items()))
    return Const(None)


def _index(self: Instance) -> dict[str, int] | None:
    words: tuple[tuple[str, int], ...] | None = self.fields.get("~words")
    if words is None:
        return None
    order = [word for word, _ in sorted(words, key=lambda pair: -pair[1])]
    token = self.fields.get("oov_token")
    if isinstance(token, Const) and token.value is not None:
        order.insert(0, str(token.value))
    return {word: number for number, word in enumerate(order, 1)}


def _size(cx: Context, self: Instance) -> DimLike:
    """``len(word_index)``."""
    index = _index(self)
    if index is not None:
        return len(index)
    found: DimLike | None = self.fields.get("~vocabulary")
    return cx.fresh("vocabulary") if found is None else found


def _highest(cx: Context, self: Instance) -> Bound:
    """The largest number that a text can get."""
    limit = self.fields.get("num_words")
    if isinstance(limit, Value) and not is_none(limit):
        size = as_dim(limit)
        index = _index(self)
        if size is None:
            return None
        if index is not None and isinstance(size, int):
            return min(size - 1, len(index))
        return size - 1
    return _size(cx, self)


@attribute("keras.preprocessing.text.Tokenizer.word_index", "keras.preprocessing.text.Tokenizer.word_counts",
           "keras.preprocessing.text.Tokenizer.word_docs")  # fmt: skip
def word_index(cx: Context, self: Instance) -> Value:
    """Every word with its number, ``num_words`` or not."""
    index = _index(self)
    if index is not None:
        return DictValue({word: Const(number) for word, number in index.items()})
    size = _size(cx, self)
    return DictValue({}, rest=Typed("int", lo=1, hi=size), size=size)


@attribute("keras.preprocessing.text.Tokenizer.index_word")
def index_word(cx: Context, self: Instance) -> Value:
    """Every number with its word."""
    index = _index(self)
    if index is not None:
        return DictValue({number: Const(word) for word, number in index.items()})
    return DictValue({}, rest=Typed("str"), size=_size(cx, self))


@rule("keras.preprocessing.text.Tokenizer.texts_to_sequences")
def texts_to_sequences(cx: Context, self: Instance, texts: Value) -> Value:
    """A list of lists of numbers; words that are not known are left out."""
    index = _index(self)
    known = _texts(cx, texts) if index is not None and self.fields.get("~plain") else None
    if known is not None and index is not None:
        limit = as_int(self.fields.get("num_words"))
        token = self.fields.get("oov_token")
        spare = index.get(str(token.value)) if isinstance(token, Const) and token.value is not None else None
        rows = []
        for text in known:
            row = []
            for word in _split(self, text):
                number = index.get(word)
                if number is None or (limit is not None and number >= limit):
                    number = spare
                if number is not None:
                    row.append(Const(number))
            rows.append(Sequence("list", Contents(row)))
        return Sequence("list", Contents(rows))
    contents = cx.iterate(texts)
    count = cx.fresh("texts", lo=0) if contents is None else contents.length
    if isinstance(texts, Sequence) and texts.kind == "str":
        count = cx.fresh("texts", lo=0)
    words = Run(cx.fresh(lo=0, varying=True), Typed("int", lo=1, hi=_highest(cx, self)))
    element = Sequence("list", Contents((words,)))
    return Sequence("list", Contents((Run(count, element),)))


@rule("keras.preprocessing.text.Tokenizer.texts_to_matrix", "keras.preprocessing.text.Tokenizer.sequences_to_matrix")
def texts_to_matrix(cx: Context, self: Instance, texts: Value, mode: Value | None = None) -> Value:
    """(texts, num_words), or one more than there are words."""
    contents = cx.iterate(texts)
    rows = cx.fresh("texts", lo=0) if contents is None else contents.length
    limit = self.fields.get("num_words")
    if isinstance(limit, Value) and not is_none(limit):
        columns = as_dim(limit)
    else:
        columns = _size(cx, self) + 1
    return Array("numpy", (rows, cx.fresh() if columns is None else columns), "float64")


@rule("keras.preprocessing.text.Tokenizer.sequences_to_texts", "keras.preprocessing.text.Tokenizer.fit_on_sequences",
      "keras.preprocessing.text.Tokenizer.to_json", "keras.preprocessing.text.Tokenizer.get_config")  # fmt: skip
def other(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What is not followed."""
    return cx.unknown("texts of a tokenizer")


@rule("keras.preprocessing.text.tokenizer_from_json")
def from_json(cx: Context, json_string: Value) -> Value:
    """A tokenizer from a file."""
    return cx.unknown("a tokenizer from a file")
