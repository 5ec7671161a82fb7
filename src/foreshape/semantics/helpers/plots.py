"""matplotlib and seaborn: nothing that they give has a shape, but figures and axes are unpacked and indexed.

https://matplotlib.org/stable/api/pyplot_summary.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, Instance, LibraryRef, Value, as_bool, as_int
from foreshape.semantics.numpy.support import listed, made
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FIGURE: Final = library_type("matplotlib.figure.Figure")
AXES: Final = library_type("matplotlib.axes.Axes")
NOTHING: Final = (
    "show", "savefig", "close", "title", "xlabel", "ylabel", "legend", "grid", "tight_layout", "xlim", "ylim",
    "xticks", "yticks", "axis", "clf", "cla", "draw", "ion", "ioff", "suptitle", "colorbar", "subplots_adjust",
    "rc", "style.use", "pause", "text", "annotate", "axhline", "axvline", "fill_between", "rcParams.update",
    "switch_backend", "set_cmap", "plot", "scatter", "bar", "barh", "imshow", "hist", "boxplot", "errorbar",
    "pcolormesh", "contour", "contourf", "stem", "step", "pie", "semilogy", "loglog", "specgram", "matshow",
    "stackplot", "vlines", "hlines", "twinx", "twiny", "sca", "axes", "margins",
)  # fmt: skip


@rule(*(f"matplotlib.pyplot.{name}" for name in NOTHING))
def drawn(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Something on the screen."""
    return cx.unknown("a plot")


@rule(
    "matplotlib.use",
    "matplotlib.rc",
    "matplotlib.rcParams.update",
    "seaborn.set",
    "seaborn.set_theme",
    "seaborn.set_style",
    "seaborn.set_context",
    "seaborn.set_palette",
    "seaborn.despine",
)
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule("matplotlib.pyplot.figure", "matplotlib.pyplot.gcf")
def figure(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Instance(LibraryRef(FIGURE))


@rule(
    "matplotlib.pyplot.subplot",
    "matplotlib.pyplot.gca",
    "matplotlib.figure.Figure.add_subplot",
    "matplotlib.figure.Figure.gca",
    "matplotlib.figure.Figure.add_axes",
    "seaborn.heatmap",
    "seaborn.lineplot",
    "seaborn.scatterplot",
    "seaborn.barplot",
    "seaborn.histplot",
    "seaborn.boxplot",
    "seaborn.countplot",
    "seaborn.kdeplot",
    "seaborn.distplot",
)
def axes(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Instance(LibraryRef(AXES))


@rule("matplotlib.pyplot.subplots", doc="https://matplotlib.org/stable/api/_as_gen/matplotlib.pyplot.subplots.html")
def subplots(
    cx: Context,
    nrows: Value | None = None,
    ncols: Value | None = None,
    *,
    squeeze: Value | None = None,
    **kwargs: Value,
) -> Value:
    """(figure, axes): one, or an array of them without the axes of size 1."""
    return listed("tuple", [Instance(LibraryRef(FIGURE)), _grid(cx, nrows, ncols, squeeze)])


@rule("matplotlib.figure.Figure.subplots")
def figure_subplots(
    cx: Context,
    self: Instance,
    nrows: Value | None = None,
    ncols: Value | None = None,
    *,
    squeeze: Value | None = None,
    **kwargs: Value,
) -> Value:
    return _grid(cx, nrows, ncols, squeeze)


def _grid(cx: Context, nrows: Value | None, ncols: Value | None, squeeze: Value | None) -> Value:
    rows = 1 if nrows is None else as_int(nrows)
    columns = 1 if ncols is None else as_int(ncols)
    if rows is None or columns is None:
        return cx.unknown("axes of a figure")
    if squeeze is not None and as_bool(squeeze) is False:
        return made((rows, columns), "object")
    sizes = tuple(size for size in (rows, columns) if size != 1)
    return made(sizes, "object") if sizes else Instance(LibraryRef(AXES))


@rule(f"{FIGURE}.__getattr__", f"{AXES}.__getattr__")
def anything(cx: Context, self: Instance, name: Value) -> Value:
    return cx.unknown("a plot")
