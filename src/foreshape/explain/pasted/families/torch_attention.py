"""What PyTorch says about embeddings, attention and transformers."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import ASSERTION, INDEX, RUNTIME, SIZES, VALUE, F, N

A: Final = N + "a = nn.MultiheadAttention(8, 2)\nx = torch.rand(5, 2, 8)\n"


def _mask(groups: dict[str, Any]) -> dict[str, Any]:
    """What the mask should be, in words, and the usual slips."""
    needs, found = groups["needs"], groups["found"]
    words: dict[str, Any] = {}
    if len(needs) == 2:
        words["what"] = f"(queries {needs[0]}, keys {needs[1]})"
        words["often"] = (
            "The data is (batch, time, features) and batch_first=True was left out, so that the batch is taken for the timesteps; or the "
            "mask was made for the longest sequence and not for this batch."
        )
        words["change"] = (
            f"Make it for the timesteps of the data, nn.Transformer.generate_square_subsequent_mask({needs[0]}), and see whether "
        )
        words["change"] += "batch_first=True is missing."
    else:
        words["what"] = f"(batch x heads {needs[0]}, queries {needs[1]}, keys {needs[2]})"
        words["often"] = "A mask per sample, (batch, queries, keys), must be repeated for every head."
        words["change"] = "Write mask.repeat_interleave(num_heads, dim=0)."
    if len(needs) == len(found) and found == tuple(reversed(needs)):
        words["change"] = "Turn it over: mask.T."
    return words


FAMILIES: Final = [
    Family(
        "torch-embedding-range",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"index out of range in self",
            r"index out of range at \S*THTensorEvenMoreMath",
            r"index out of range: Tried to access index (?P<index>-?\d+) out of table with (?P<last>\d+) rows",
            r"Index (?P<position>\d+) of input takes value (?P<index>-?\d+) which is not in the valid range \[0, (?P<rows>\d+)\)",
        ],
        needles=("index out of range in self", "THTensorEvenMoreMath", "out of table with", "not in the valid range"),
        headline="An Embedding was asked for a row that it does not have{which}",
        means="nn.Embedding(num_embeddings, dim) has rows 0 to num_embeddings - 1; an id of num_embeddings or more, or below 0, has "
              "none.",
        causes=(
            "num_embeddings is the number of different words and ids start at 1, or 0 is kept for padding; words of the test data are "
            "new; "
            "or ids were padded with -1 or -100.",
            "For position embeddings, and in transformers, the sequence is longer than the positions: cut it to the maximum length.",
        ),
        changes=(
            "Print ids.min() and ids.max(), and give at least max + 1 as num_embeddings; map unknown words to one id of their own.",
        ),
        derive=lambda groups: {
            "which": f": row {groups['index']} of {groups['rows']}"
            if "rows" in groups
            else f": row {groups['index']}, the last one is {groups['last']}"
            if "last" in groups
            else ": an id is too large, or below 0"
        },
        raised=[
            Raising("torch", N + "nn.Embedding(10, 3)(torch.tensor([10]))\n"),
            # PyTorch 1.2 to 1.4.
            Raising("text", "RuntimeError: index out of range at /pytorch/aten/src/TH/generic/THTensorEvenMoreMath.cpp:237"),
            Raising("torch", N + "nn.Embedding(10, 3)(torch.tensor([-1]))\n"),
            Raising("torch", N + "nn.EmbeddingBag(10, 3)(torch.tensor([11]), torch.tensor([0]))\n", position=0, index=11, rows=10),
            # PyTorch 1.2 to 1.5, whose "rows" is the number of the last row.
            Raising(
                "text",
                "RuntimeError: index out of range: Tried to access index 30522 out of table with 30521 rows. at "
                "/pytorch/aten/src/TH/generic/THTensorEvenMoreMath.cpp:418",
                index=30522, last=30521,
            ),
        ],
    ),
    Family(
        "torch-one-hot-range",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Class values must be (?P<what>smaller than num_classes|non-negative)"],
        needles=("Class values must be",),
        headline="one_hot was given a class number that is not {limit}",
        means="one_hot(y, num_classes) takes whole numbers from 0 to num_classes - 1.",
        causes=("The labels start at 1, leave numbers out, or hold -1 for what is unknown.",),
        changes=("Print y.unique(); subtract 1 when they start at 1, or number them anew: torch.unique(y, return_inverse=True)[1].",),
        derive=lambda groups: {
            "limit": "below num_classes" if "smaller" in groups["what"] else "0 or more",
        },
        raised=[
            Raising("torch", F + "F.one_hot(torch.tensor([1, 5]), 3)\n", what="smaller than num_classes"),
            Raising("torch", F + "F.one_hot(torch.tensor([-1]), 3)\n", what="non-negative"),
        ],
    ),
    Family(
        "torch-one-hot-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"one_hot is only applicable to index tensor(?: of type LongTensor)?"],
        needles=("one_hot is only applicable",),
        headline="one_hot needs class numbers of int64, and these have another dtype",
        means="A class number is a whole number; PyTorch wants it as int64 (Long).",
        causes=("Labels out of NumPy or pandas are float or int32.",),
        changes=("Convert them: F.one_hot(y.long(), num_classes).",),
        raised=[Raising("torch", F + "F.one_hot(torch.tensor([1.0]), 3)\n")],
    ),
    Family(
        "torch-embedding-bag",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"offsets has to be a 1D Tensor but got (?P<offsets>None)",
            r"input has to be 1D or 2D Tensor, but got Tensor of dimension (?P<axes>\d)",
            r"offsets\[0\] has to be 0, i\.e\., the first sequence in the mini-batch has to start from position 0\. However, got "
            r"(?P<first>\d+)",
        ],
        needles=("offsets has to be", "input has to be 1D or 2D", "offsets[0] has to be 0"),
        headline="EmbeddingBag takes ids (batch, words), or ids in one row with the offsets where each bag starts",
        means="Ids of one axis need offsets, which start with 0; ids of two axes need none; other numbers of axes do not exist.",
        causes=("The offsets of the batch were left out, or hold the lengths of the texts in place of where they start.",),
        changes=("Offsets come from the lengths: torch.tensor([0, *lengths[:-1]]).cumsum(0).",),
        raised=[
            Raising("torch", N + "nn.EmbeddingBag(10, 3)(torch.tensor([1, 2]))\n", offsets="None"),
            Raising("torch", N + "nn.EmbeddingBag(10, 3)(torch.tensor([[[1]]]))\n", axes=3),
            Raising("torch", N + "nn.EmbeddingBag(10, 3)(torch.tensor([1, 2]), torch.tensor([1]))\n", first=1),
        ],
    ),
    Family(
        "torch-padding-index",
        library="torch",
        exceptions=ASSERTION,
        patterns=[r"Padding_idx must be within num_embeddings"],
        needles=("Padding_idx must be within",),
        headline="padding_idx is not a row of this Embedding",
        means="padding_idx names the row whose vector stays zero, so it is 0 to num_embeddings - 1, or counts from the end as -1.",
        causes=("The id for padding was added to the vocabulary after num_embeddings was counted.",),
        changes=("Count it in: nn.Embedding(len(vocabulary) + 1, dim, padding_idx=len(vocabulary)).",),
        raised=[Raising("torch", N + "nn.Embedding(10, 3, padding_idx=10)\n")],
    ),
    Family(
        "torch-attention-heads",
        library="torch",
        exceptions=ASSERTION,
        patterns=[r"embed_dim must be divisible by num_heads"],
        needles=("embed_dim must be divisible by num_heads",),
        headline="This attention cannot share its features out: embed_dim (d_model) is not a multiple of num_heads (nhead)",
        means="Every head gets embed_dim / num_heads features, which must be a whole number.",
        causes=("d_model is the number of columns of the data, which has nothing to do with the number of heads.",),
        changes=("Choose num_heads that divides embed_dim, or bring the data to another size first: nn.Linear(columns, 64) and "
                 "d_model=64.",),
        raised=[
            Raising("torch", N + "nn.MultiheadAttention(10, 3)\n"),
            Raising("torch", N + "nn.TransformerEncoderLayer(7, 2)\n"),
        ],
    ),
    Family(
        "torch-attention-features",
        library="torch",
        exceptions=ASSERTION,
        patterns=[r"was expecting embedding dimension of (?P<expected>\d+), but got (?P<found>\d+)"],
        needles=("was expecting embedding dimension",),
        headline="This attention was made for {expected} features, but the last axis of its query is {found} long",
        means="embed_dim of MultiheadAttention, d_model of a transformer layer, is the size of the last axis of the data.",
        causes=("The embedding before it has another size, or the features do not stand last.",),
        changes=("Bring the data to that size with nn.Linear({found}, {expected}), or make the layer for {found}.",),
        raised=[
            Raising("torch", A + "y = torch.rand(5, 2, 6)\na(y, y, y)\n", expected=8, found=6),
            Raising("torch", N + "nn.TransformerEncoderLayer(8, 2)(torch.rand(5, 2, 6))\n", expected=8, found=6),
        ],
    ),
    Family(
        "torch-attention-key-value",
        library="torch",
        exceptions=ASSERTION,
        patterns=[
            rf"key shape torch\.Size\((?P<key>{SIZES})\) does not match value shape torch\.Size\((?P<value>{SIZES})\)",
            rf"key's sequence and batch dims torch\.Size\((?P<key>{SIZES})\) do not match value's torch\.Size\((?P<value>{SIZES})\)",
        ],
        needles=("does not match value shape", "do not match value's"),
        headline="Keys are {key} and values are {value}: attention needs one value for every key",
        means="Keys and values come from the same sequence: the same timesteps, the same batch.",
        causes=("Two different tensors were given, or only one of them was cut or transposed.",),
        changes=("Give the same tensor twice: attention(query, memory, memory).",),
        raised=[Raising("torch", A + "a(x, torch.rand(3, 2, 8), torch.rand(4, 2, 8))\n", key=(3, 2, 8), value=(4, 2, 8))],
    ),
    Family(
        "torch-attention-mask",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"The (?:shape|size) of the (?P<axes>\d)D attn_mask is (?:torch\.Size\()?(?P<found>{SIZES})\)?, but should be "
            rf"(?P<needs>\([\d, ]+\))"
        ],
        needles=("attn_mask is",),
        headline="The attention mask is {found}, but this data needs {needs}",
        means="Here the mask must be {what}.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_mask,
        raised=[
            Raising("torch", A + "a(x, x, x, attn_mask=torch.zeros(2, 2))\n", axes=2, found=(2, 2), needs=(5, 5)),
            Raising("torch", A + "a(x, x, x, attn_mask=torch.zeros(2, 5, 5))\n", axes=3, found=(2, 5, 5), needs=(4, 5, 5)),
            Raising(
                "torch", N + "e = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 1)\ne(torch.rand(5, 2, 8), "
                             "mask=torch.zeros(2, 2))\n",
                found=(2, 2), needs=(5, 5),
            ),
        ],
    ),
    Family(
        "torch-attention-padding-mask",
        library="torch",
        exceptions=ASSERTION,
        patterns=[
            r"Expected key_padded_mask\.shape\[(?P<axis>\d)\] to be (?P<expected>\d+), but got (?P<found>\d+)",
            rf"expecting key_padding_mask shape of (?P<needs>\([\d, ]+\)), but got torch\.Size\((?P<shape>{SIZES})\)",
        ],
        needles=("key_padded_mask", "key_padding_mask shape"),
        headline="The padding mask must be (batch, timesteps of the keys): {said}",
        means="key_padding_mask, src_key_padding_mask and the others hold one True per timestep to leave out, (batch, time) in every "
              "case, "
        "also where the data is (time, batch, features).",
        causes=("The data is (batch, time, features) and batch_first=True was left out, or the mask was turned with the data.",),
        changes=("Give batch_first=True when the data starts with the batch; else turn the mask: mask.T.",),
        derive=lambda groups: {
            "said": f"its axis {groups['axis']} should be {groups['expected']}, not {groups['found']}"
            if "axis" in groups
            else f"{groups['needs']}, not {groups['shape']}"
        },
        raised=[
            Raising("torch", A + "a(x, x, x, key_padding_mask=torch.zeros(5, 2).bool())\n", axis=0, expected=2, found=5),
            # PyTorch 1.9 to 1.12.
            Raising(
                "text", "AssertionError: expecting key_padding_mask shape of (2, 5), but got torch.Size([5, "
                        "2])", needs=(2, 5), shape=(5, 2)
            ),
        ],
    ),
    Family(
        "torch-attention-mask-dtype",
        library="torch",
        exceptions=(*ASSERTION, "TypeError"),
        patterns=[
            r"only bool and floating types of (?P<which>\w+) are supported",
            r"Only float, byte, and bool types are supported for (?P<which>attn_mask)",
            r"Expected (?P<which>attn_mask) dtype to be bool or float or to match query dtype, but got attn_mask\.dtype: "
            r"(?P<found>[\w: ]+?) and",
        ],
        needles=("only bool and floating types", "types are supported for attn_mask", "Expected attn_mask dtype"),
        headline="{which} holds whole numbers, but a mask must be bool, or floats that are added to the scores",
        means="A bool mask of MultiheadAttention leaves out what is True; one of scaled_dot_product_attention keeps what is True.",
        causes=("The mask of a tokenizer is 1 for words and 0 for padding, as int64.",),
        changes=("For key_padding_mask write attention_mask == 0; for scaled_dot_product_attention write attention_mask.bool().",),
        raised=[
            Raising("torch", A + "a(x, x, x, key_padding_mask=torch.zeros(2, 5).long())\n", which="key_padding_mask"),
            Raising(
                "torch",
                F + "x = torch.rand(2, 5, 8)\nF.scaled_dot_product_attention(x, x, x, attn_mask=torch.zeros(5, 5).long())\n",
                which="attn_mask", found="long int",
            ),
        ],
    ),
    Family(
        "torch-attention-rank",
        library="torch",
        exceptions=ASSERTION,
        patterns=[
            r"query should be unbatched 2D or batched 3D tensor but received (?P<found>\d)-D query tensor",
            r"For (?:un)?batched \((?P<axes>\d)-D\) `query`, expected `key` and `value` to be \d-D but found (?P<key>\d)-D and "
            r"(?P<value>\d)-D",
            r"For (?:un)?batched \((?P<axes>\d)-D\) `query`, expected `(?P<which>attn_mask|key_padding_mask)` to be .*? but found "
            r"(?P<found>\d)-D",
        ],
        needles=("-D query tensor", "`query`, expected"),
        headline="MultiheadAttention takes (batch, time, features), 3 axes for query, key and value alike{said}",
        means="Without batch_first=True it is (time, batch, features); 2 axes, (time, features), are one sequence. Masks are (queries, "
              "keys) or "
        "(batch, keys).",
        causes=("Heads were already split by hand, pictures were not flattened to patches, or only one of the three has a batch axis.",),
        changes=("Pictures: x.flatten(2).transpose(1, 2) makes (batch, pixels, channels). One sequence: x.unsqueeze(0) for each of the "
                 "three.",),
        derive=lambda groups: {
            "said": f", but the query has {groups['axes']} axes and the keys {groups['key']}"
            if "key" in groups
            else f", but {groups.get('which', 'the query')} has {groups['found']} axes"
        },
        raised=[
            Raising("torch", A + "y = torch.rand(1, 2, 5, 8)\na(y, y, y)\n", found=4),
            Raising("torch", A + "y = torch.rand(5, 8)\na(x, y, y)\n", axes=3, key=2, value=2),
            Raising("torch", A + "a(x, x, x, attn_mask=torch.zeros(1, 2, 5, 5))\n", axes=3, which="attn_mask", found=4),
        ],
    ),
    Family(
        "torch-attention-dtypes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected query, key, and value to have the same dtype, but got query\.dtype: (?P<query>[\w: ]+?) key\.dtype: "
            r"(?P<key>[\w: ]+?) and "
            r"value\.dtype: (?P<value>[\w: ]+?) instead"
        ],
        needles=("to have the same dtype, but got query.dtype",),
        headline="Query, key and value of attention are {query}, {key} and {value}; they need one dtype",
        means="Attention multiplies the three with each other, and PyTorch does not convert them.",
        causes=("One of them was computed under autocast in half precision, or out of NumPy in double.",),
        changes=("Convert them to one: key = key.to(query.dtype), value = value.to(query.dtype).",),
        raised=[
            Raising(
                "torch", F + "x = torch.rand(2, 4, 8)\nF.scaled_dot_product_attention(x, x.double(), x)\n",
                query="float", key="double", value="float",
            )
        ],
    ),
    Family(
        "torch-transformer-batch",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"the batch number of src and tgt must be equal"],
        needles=("the batch number of src and tgt",),
        headline="The source and the target of this Transformer have different batch sizes",
        means="nn.Transformer reads (time, batch, features), and (batch, time, features) with batch_first=True; the batch must agree, "
              "the "
        "timesteps need not.",
        causes=("The data is (batch, time, features) and batch_first=True was left out, so two sequence lengths are taken for the "
                "batch.",),
        changes=("Give batch_first=True to nn.Transformer, or turn both: src.transpose(0, 1), tgt.transpose(0, 1).",),
        raised=[Raising("torch", N + "nn.Transformer(8, 2, 1, 1)(torch.rand(5, 2, 8), torch.rand(5, 3, 8))\n")],
    ),
    Family(
        "torch-transformer-features",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"the feature number of src and tgt must be equal to d_model"],
        needles=("the feature number of src and tgt",),
        headline="The last axis of the source or the target of this Transformer is not d_model long",
        means="d_model, the first argument (512 by default), is the number of features of both.",
        causes=("The data itself was given, without an embedding or a Linear layer that makes d_model features of it.",),
        changes=("Put nn.Embedding(words, d_model), or nn.Linear(columns, d_model), before it for both source and target.",),
        raised=[Raising("torch", N + "nn.Transformer(8, 2, 1, 1)(torch.rand(5, 2, 6), torch.rand(5, 2, 6))\n")],
    ),
]  # fmt: skip
