"""Preprocessing: text, categories, numbers, images, audio."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tables import Case, case, each, grid, ids, tensor, text, usual

BOTH = (False, True)
IMAGE = (2, 9, 8, 3)
WORDS = ["a", "b", "c", "d"]


def cases() -> Iterator[Case]:
    """All of this file."""
    yield from categories()
    yield from lookups()
    yield from vectorization()
    yield from numbers()
    yield from images()
    yield from random_images()
    yield from audio()


def categories() -> Iterator[Case]:
    inputs = (
        ids(3, high=3),
        ids(3, 1, high=3),
        ids(3, 5, high=3),
        ids(3, 5, 2, high=3),
        ids(3, 2, high=4, low=4),
        ids(3, 2, low=-1, high=-1),
    )
    modes = ("one_hot", "multi_hot", "count", "int", "nope")
    yield from grid("CategoryEncoding", inputs, {"num_tokens": 4}, output_mode=modes)
    yield from each("CategoryEncoding", [ids(3, 5, high=3)], num_tokens=(None, 0, -1, 4, 10), sparse=BOTH)
    yield from usual("CategoryEncoding", (3, 5), high=3, num_tokens=4)
    for weights in ((3, 5), (3,), (3, 4)):
        yield case(
            "CategoryEncoding",
            ids(3, 5, high=3),
            call={"count_weights": tensor(*weights)},
            num_tokens=4,
            output_mode="count",
        )
    words = text(["a", "b"], ["c", "d"], ["e", "f"])
    for one in (words, ids(3, 2, high=9), text("a", "b"), text(["a"], ["b"]), tensor(3, 2)):
        yield from each(
            "Hashing",
            [one],
            {"num_bins": 3},
            output_mode=("int", "one_hot", "multi_hot", "count", "nope"),
            mask_value=(None, ""),
        )
        yield from each("Hashing", [one], num_bins=(1, 0, -1, None))
    for pair in (
        [text("a", "b", "c"), ids(3, high=9)],
        [text(["a"], ["b"]), ids(2, 1, high=9)],
        [ids(3, high=9), ids(3, high=9)],
        [ids(3, 2, high=9), ids(3, 2, high=9)],
        [ids(3, high=9), ids(2, high=9)],
        [ids(3, high=9)],
        [ids(3, high=9)] * 3,
        [tensor(3), tensor(3)],
    ):
        yield from each("HashedCrossing", [pair], {"num_bins": 5}, output_mode=("int", "one_hot", "nope"), sparse=BOTH)


def lookups() -> Iterator[Case]:
    modes = ("int", "one_hot", "multi_hot", "count", "tf_idf", "nope")
    word_inputs = (text("a", "z"), text(["a"], ["z"]), text(["a", "z", "d"], ["b", "c", "c"]), text([["a"], ["b"]]))
    yield from grid("StringLookup", word_inputs, {"vocabulary": WORDS}, output_mode=modes)
    id_inputs = (
        ids(3, high=13, low=10),
        ids(3, 1, high=13, low=10),
        ids(3, 5, high=30, low=10),
        ids(3, 5, 2, high=30, low=10),
        tensor(3, 2),
        text("a", "b"),
    )
    yield from grid("IntegerLookup", id_inputs, {"vocabulary": [10, 11, 12]}, output_mode=modes)
    for name, vocabulary, one in (
        ("StringLookup", WORDS, word_inputs[2]),
        ("IntegerLookup", [10, 11, 12], ids(3, 5, high=12, low=10)),
    ):
        base = {"vocabulary": vocabulary, "output_mode": "multi_hot"}
        yield from each(
            name,
            [one],
            base,
            num_oov_indices=(0, 1, 3, -1),
            max_tokens=(None, 2, 5, 20, 0),
            pad_to_max_tokens=BOTH,
            sparse=BOTH,
        )
        yield case(name, one, **base, max_tokens=20, pad_to_max_tokens=True)
        yield from each(
            name, [one], {"vocabulary": vocabulary}, invert=BOTH, num_oov_indices=(0, 1, 3), mask_token=("a", None, 10)
        )
        yield case(name, one)
        yield case(name, one, vocabulary=[*vocabulary, vocabulary[0]])
        yield case(name, one, vocabulary=vocabulary, output_mode="tf_idf", idf_weights=[0.5] * len(vocabulary))
        yield case(name, one, vocabulary=vocabulary, output_mode="tf_idf", idf_weights=[0.5])
    yield case("StringLookup", ids(3, 5, high=4), vocabulary=WORDS, invert=True)
    yield case("IntegerLookup", ids(3, 5, high=3), vocabulary=[10, 11, 12], invert=True)
    yield case("StringLookup", ids(3, 5, high=40, low=30), vocabulary=WORDS, invert=True)


def vectorization() -> Iterator[Case]:
    inputs = (text("a b c d e", "b c"), text(["a b"], ["c"]), text(["a b", "c"], ["c", "d"]), ids(3, high=2))
    base: dict[str, Any] = {"vocabulary": WORDS}
    yield from grid("TextVectorization", inputs, base, output_mode=("int", "multi_hot", "count", "tf_idf", "nope"))
    yield from grid("TextVectorization", inputs, base, output_sequence_length=(None, 1, 3, 20, 0, -1))
    yield from grid(
        "TextVectorization", inputs, base, split=("whitespace", "character", None, "nope"), standardize=("lower", None)
    )
    yield from each(
        "TextVectorization",
        inputs[:2],
        base,
        ngrams=(1, 2, (2,), 0),
        ragged=BOTH,
        max_tokens=(2, 6, 20, None),
        sparse=BOTH,
    )
    for mode in ("multi_hot", "count"):
        yield case("TextVectorization", inputs[0], **base, output_mode=mode, max_tokens=20, pad_to_max_tokens=True)
        yield case("TextVectorization", inputs[0], **base, output_mode=mode, output_sequence_length=3)
    yield case("TextVectorization", inputs[0])
    yield case("TextVectorization", inputs[0], output_sequence_length=4)


def numbers() -> Iterator[Case]:
    yield from usual("Rescaling", (3, 4), scale=0.5)
    yield from each("Rescaling", [IMAGE], {"offset": 1.0}, scale=(0.5, [1.0, 2.0, 3.0], [1.0, 2.0], (0.5,)))
    yield from each("Rescaling", [IMAGE], {"scale": 1.0}, offset=(0.5, [1.0, 2.0, 3.0], [1.0, 2.0]))
    stats: dict[str, Any] = {"mean": 0.5, "variance": 2.0}
    yield from usual("Normalization", (3, 4), **stats)
    yield from each(
        "Normalization", [(3, 4), (3, 5, 4), (3,)], stats, axis=(-1, 0, 1, 2, None, (1,), (1, 2), [-1], -2), invert=BOTH
    )
    four: dict[str, Any] = {"mean": [0.0, 1.0, 2.0, 3.0], "variance": [1.0, 1.0, 2.0, 2.0]}
    yield from each("Normalization", [(3, 4), (3, 5, 4), (3, 3), (3,), (4,), (3, 1)], four, axis=(-1, None, 1))
    yield case("Normalization", (3, 4), mean=0.5)
    yield case("Normalization", (3, 4))
    yield case("Normalization", (3, 4), then=(3, 5), **stats)
    bins: dict[str, Any] = {"bin_boundaries": [0.2, 0.5, 0.8]}
    yield from usual("Discretization", (3, 4), **bins)
    yield from grid(
        "Discretization",
        [(3,), (3, 1), (3, 4), (3, 5, 4)],
        bins,
        output_mode=("int", "one_hot", "multi_hot", "count", "nope"),
    )
    yield from each("Discretization", [(3, 4)], num_bins=(None, 3, 0), bin_boundaries=([], [0.5], [0.5, 0.2]))
    yield case("Discretization", (3, 4), num_bins=4, bin_boundaries=[0.5])


def images() -> Iterator[Case]:
    shapes = (IMAGE, (9, 8, 3), (2, 3, 9, 8), (2, 9, 8), (2, 5, 9, 8, 3), (2, 4, 4, 1), (9, 8))
    for name in ("Resizing", "CenterCrop", "RandomCrop"):
        base = {"height": 5, "width": 6}
        yield from usual(name, IMAGE, **base)
        yield from each(name, shapes, base, data_format=("channels_last", "channels_first"))
        yield from each(name, [IMAGE, (9, 8, 3)], {"width": 6}, height=(1, 9, 20, 0, -1, None, 5.0, "5"))
        yield from each(name, [IMAGE, (9, 8, 3)], {"height": 5}, width=(1, 8, 20, 0, -1, None))
        yield case(name, IMAGE, call={"training": True}, **base)
        yield case(name, IMAGE, call={"training": True}, height=20, width=20)
    base = {"height": 5, "width": 6}
    modes = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic", "nope")
    yield from each(
        "Resizing",
        [IMAGE],
        base,
        interpolation=modes,
        crop_to_aspect_ratio=BOTH,
        pad_to_aspect_ratio=BOTH,
        antialias=BOTH,
    )
    yield case("Resizing", IMAGE, **base, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True)
    yield from each(
        "Resizing", [tensor(2, 9, 8, 3, dtype="uint8", low=0, high=255)], base, interpolation=("nearest", "bilinear")
    )


RANDOM: dict[str, dict[str, Any]] = {
    "RandomFlip": {},
    "RandomRotation": {"factor": 0.2},
    "RandomZoom": {"height_factor": 0.2},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2},
    "RandomContrast": {"factor": 0.2},
    "RandomBrightness": {"factor": 0.2},
    "RandomShear": {"x_factor": 0.2},
    "RandomHue": {"factor": 0.2},
    "RandomSaturation": {"factor": 0.2},
    "RandomSharpness": {"factor": 0.2},
    "RandomGrayscale": {},
    "RandomInvert": {},
    "RandomErasing": {},
    "RandomGaussianBlur": {},
    "RandomColorJitter": {"brightness_factor": 0.2},
    "RandomColorDegeneration": {"factor": 0.2},
    "RandomPosterization": {"factor": 4},
    "RandomPerspective": {},
    "RandomElasticTransform": {},
    "RandAugment": {},
    "AugMix": {},
    "AutoContrast": {},
    "Equalization": {},
    "Solarization": {},
    "ContrastLimitedAdaptiveHistogramEqualization": {},
    "RandomHeight": {"factor": 0.2},
    "RandomWidth": {"factor": 0.2},
}


def random_images() -> Iterator[Case]:
    for name, base in RANDOM.items():
        for shape in (
            IMAGE,
            (9, 8, 3),
            (2, 9, 8, 1),
            (2, 9, 8, 5),
            (2, 9, 8),
            (9, 8),
            (2, 5, 9, 8, 3),
            (2, 3, 9, 8),
            (2, None, None, 3),
            (None, None, 3),
        ):
            if name in ("AugMix", "RandAugment") and shape[-1] != 3:
                # They draw which operations they apply, and only some of those mind.
                continue
            yield case(name, shape, **base)
            if None not in shape:
                yield case(name, shape, call={"training": True}, **base)
        yield case(name, IMAGE, then=(2, 7, 6, 3), **base)
        yield case(name, tensor(*IMAGE, dtype="uint8", low=0, high=255), **base)
        yield case(name, tensor(*IMAGE, dtype="uint8", low=0, high=255), **base, dtype="uint8")
        yield case(name, (2, 3, 9, 8), **base, data_format="channels_first")
        if "factor" in base:
            yield from each(name, [IMAGE], {}, factor=(0.0, 1.0, 2.0, -1.0, (0.1, 0.2), (0.2, 0.1), "0.2", None))
    yield from each("RandomFlip", [IMAGE], mode=("horizontal", "vertical", "nope"))
    yield from each(
        "RandomZoom", [IMAGE], height_factor=(0.2, (0.1, 0.2), -2.0), width_factor=(0.2,), fill_mode=("reflect", "nope")
    )


def audio() -> Iterator[Case]:
    yield from usual("MelSpectrogram", (2, 4000))
    yield from each(
        "MelSpectrogram",
        [(2, 4000), (4000,), (2, 100), (2, 4000, 1)],
        num_mel_bins=(20, 128),
        fft_length=(512,),
        sequence_stride=(64, 256),
    )
    base: dict[str, Any] = {"frame_length": 64}
    yield from usual("STFTSpectrogram", (2, 500, 1), **base)
    shapes = ((2, 500, 1), (2, 500, 3), (2, 500), (2, 50, 1))
    yield from each(
        "STFTSpectrogram",
        shapes,
        base,
        frame_step=(16, 64, 100),
        fft_length=(64, 128, 32),
        padding=("valid", "same"),
        expand_dims=BOTH,
    )
    yield from each(
        "STFTSpectrogram", shapes[:2], base, mode=("log", "magnitude", "psd", "real", "imag", "angle", "stft", "nope")
    )
    yield from each(
        "STFTSpectrogram", [(2, 500, 3), (2, 3, 500)], base, data_format=("channels_last", "channels_first")
    )
    yield case("STFTSpectrogram", (2, 3, 500), frame_length=64, data_format="channels_first", expand_dims=True)
    yield from each(
        "STFTSpectrogram", [(2, 500, 1)], frame_length=(32, 501, 0, -1), window=("hann", None, "hamming", "nope")
    )
    for pair in ([(2, 9, 8, 3)], [(2, 9, 8, 3), (2, 9, 8, 3)], ids(2, 3, high=2)):
        yield case("MixUp", pair)
        yield case("CutMix", pair)
