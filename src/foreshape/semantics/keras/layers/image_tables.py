"""The image layers as data: their arguments, the range of their factors, and what they do not take."""

from __future__ import annotations

from typing import Final

ARGUMENTS: Final = {
    "AugMix": (
        "value_range= num_chains= chain_depth= factor= alpha= all_ops= interpolation= seed= data_format= **kwargs", ""),
    "AutoContrast": ("value_range= **kwargs", ""),
    "CenterCrop": ("height width data_format= **kwargs", "height width **kwargs"),
    "ContrastLimitedAdaptiveHistogramEqualization": (
        "value_range= clip_limit= tile_grid_size= data_format= **kwargs", ""),
    "CutMix": ("factor= seed= data_format= **kwargs", ""),
    "Equalization": ("value_range= bins= data_format= **kwargs", ""),
    "MaxNumBoundingBoxes": ("max_number fill_value= **kwargs", ""),
    "MixUp": ("alpha= data_format= seed= **kwargs", ""),
    "RandAugment": ("value_range= num_ops= factor= interpolation= seed= data_format= **kwargs", ""),
    "RandomBrightness": ("factor value_range= seed= **kwargs", "factor value_range= seed= **kwargs"),
    "RandomColorDegeneration": ("factor value_range= data_format= seed= **kwargs", ""),
    "RandomColorJitter": (
        "value_range= brightness_factor= contrast_factor= saturation_factor= hue_factor= seed= data_format= "
        "**kwargs", ""),
    "RandomContrast": ("factor value_range= seed= **kwargs", "factor seed= **kwargs"),
    "RandomCrop": ("height width seed= data_format= name= **kwargs", "height width seed= **kwargs"),
    "RandomElasticTransform": (
        "factor= scale= interpolation= fill_mode= fill_value= value_range= seed= data_format= **kwargs", ""),
    "RandomErasing": ("factor= scale= fill_value= value_range= seed= data_format= **kwargs", ""),
    "RandomFlip": ("mode= seed= data_format= **kwargs", "mode= seed= **kwargs"),
    "RandomGaussianBlur": ("factor= kernel_size= sigma= value_range= data_format= seed= **kwargs", ""),
    "RandomGrayscale": ("factor= data_format= seed= **kwargs", ""),
    "RandomHeight": ("", "factor interpolation= seed= **kwargs"),
    "RandomHue": ("factor value_range= data_format= seed= **kwargs", ""),
    "RandomInvert": ("factor= value_range= seed= data_format= **kwargs", ""),
    "RandomPerspective": ("factor= scale= interpolation= fill_value= seed= data_format= **kwargs", ""),
    "RandomPosterization": ("factor value_range= data_format= seed= **kwargs", ""),
    "RandomRotation": (
        "factor fill_mode= interpolation= seed= fill_value= data_format= **kwargs",
        "factor fill_mode= interpolation= seed= fill_value= **kwargs"),
    "RandomSaturation": ("factor value_range= data_format= seed= **kwargs", ""),
    "RandomSharpness": ("factor value_range= data_format= seed= **kwargs", ""),
    "RandomShear": ("x_factor= y_factor= interpolation= fill_mode= fill_value= data_format= seed= **kwargs", ""),
    "RandomTranslation": (
        "height_factor width_factor fill_mode= interpolation= seed= fill_value= data_format= **kwargs",
        "height_factor width_factor fill_mode= interpolation= seed= fill_value= **kwargs"),
    "RandomWidth": ("", "factor interpolation= seed= **kwargs"),
    "RandomZoom": (
        "height_factor width_factor= fill_mode= interpolation= seed= fill_value= data_format= **kwargs",
        "height_factor width_factor= fill_mode= interpolation= seed= fill_value= **kwargs"),
    "Resizing": (
        "height width interpolation= crop_to_aspect_ratio= pad_to_aspect_ratio= fill_mode= fill_value= antialias= "
        "data_format= **kwargs", "height width interpolation= crop_to_aspect_ratio= **kwargs"),
    "Solarization": ("addition_factor= threshold_factor= value_range= seed= **kwargs", ""),
}  # fmt: skip
"""The arguments of the constructor in Keras 3 and in Keras 2; empty where the layer is not there."""

FACTORS: Final[dict[str, tuple[tuple[str, float, float], ...]]] = {
    **dict.fromkeys(
        ("AugMix", "CutMix", "RandAugment", "RandomContrast", "RandomElasticTransform", "RandomErasing",
         "RandomGaussianBlur", "RandomHue", "RandomInvert", "RandomPerspective", "RandomSharpness"),
        (("factor", 0, 1),),
    ),
    **dict.fromkeys(
        ("RandomRotation", "RandomBrightness", "RandomSaturation", "RandomColorDegeneration"), (("factor", -1, 1),)
    ),
    "RandomPosterization": (("factor", 1, 8),),
    "RandomGrayscale": (("factor", 0, 1),),
    "RandomShear": (("x_factor", 0, 1), ("y_factor", 0, 1)),
    "RandomTranslation": (("height_factor", -1, 1), ("width_factor", -1, 1)),
    "RandomZoom": (("height_factor", -1, 1), ("width_factor", -1, 1)),
}  # fmt: skip
"""Keras 3: the range that a factor must lie in."""

NONE_IS_ZERO: Final = ("RandomRotation", "RandomBrightness")
"""Keras 3: ``factor=None`` is 0."""

FIRST_INDEXED: Final = {"RandomTranslation": 2, "RandomPerspective": 2, "CutMix": 2, "Resizing": 2, "RandomCrop": 2}
"""Keras 3: these read the height axis before they look at the rank, which is an IndexError up to that rank."""

NO_WHOLE_NUMBERS: Final = {
    **dict.fromkeys(
        ("RandomContrast", "RandomShear", "RandomErasing", "RandomGaussianBlur", "RandomPerspective",
         "RandomElasticTransform", "RandAugment", "AugMix", "Solarization"), "ValueError"),
    "RandomSharpness": "InvalidArgumentError",
    "AutoContrast": "TypeError",
    "Equalization": "TypeError",
}  # fmt: skip
"""Keras 3: what a layer raises on images when its own dtype is uint8."""

THREE_CHANNELS: Final = {
    "RandomHue": ((3,), "FailedPreconditionError"),
    "RandomSaturation": ((3,), "FailedPreconditionError"),
    "RandomGrayscale": ((1, 3), "ValueError"),
    "RandomColorDegeneration": ((1, 3), "ValueError"),
}
"""Keras 3: the numbers of channels that a layer takes, and what it raises otherwise."""

UNTOUCHED: Final = (
    "RandomBrightness", "RandomHue", "RandomSaturation", "RandomInvert", "RandomPosterization", "RandomColorJitter",
    "MixUp",
    "RandomGrayscale", "RandomCrop", "RandomContrast", "RandomColorDegeneration",
)  # fmt: skip
"""Keras 3: with ``training=False`` these give the very images back, in their own dtype and size."""

SAME_DTYPE: Final = ("ContrastLimitedAdaptiveHistogramEqualization", "RandomGrayscale", "RandomBrightness")
"""Keras 3: these keep the dtype of the images, not their own."""
