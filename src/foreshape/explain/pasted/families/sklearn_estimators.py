"""What scikit-learn says about the data that estimators, scalers and metrics are given; and a few calls of SciPy."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import scipy, sklearn, text
from foreshape.explain.pasted.sizes import counted

VALUE: Final = ("ValueError",)
LINEAR: Final = "from sklearn.linear_model import LinearRegression\n"
LOGISTIC: Final = "from sklearn.linear_model import LogisticRegression\n"
METRICS: Final = "from sklearn.metrics import accuracy_score, f1_score, mean_squared_error\n"
SCALERS: Final = "from sklearn.preprocessing import LabelEncoder, MinMaxScaler, OneHotEncoder, StandardScaler\n"
SPLITS: Final = "from sklearn.model_selection import cross_val_score, train_test_split\n"


def _features(groups: dict[str, Any]) -> dict[str, Any]:
    words = {"many": counted(groups["found"], "feature"), "what": groups["estimator"]}
    if "Scaler" in groups["estimator"] and groups["found"] < groups["expected"]:
        words["hint"] = (
            "Predictions of one column are scaled back with the scaler of all columns: fit a scaler of its own for the target."
        )
    return words


FAMILIES: Final = [
    Family(
        "sklearn-rank",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"Found array with dim (?P<found>\d+)(?:, while dim <= (?P<most>\d+) is required(?: by (?P<estimator>\w+))?|\. "
            r"(?P<who>\w+) expected <= (?P<limit>\d+))",
        ],
        needles=("Found array with dim",),
        headline="{who_says} takes tables of 2 axes, (samples, features), but it was given {found} axes",
        means="scikit-learn knows samples and features only: no timesteps, no height and width.",
        causes=("Windows for an LSTM, (samples, timesteps, features), or images were given as they are.",),
        changes=(
            "Scale before cutting windows; or fold and unfold: scaler.fit_transform(x.reshape(-1, x.shape[-1])).reshape(x.shape). "
            "For a classifier flatten each sample: x.reshape(len(x), -1).",
        ),
        derive=lambda groups: {
            "who_says": str(groups.get("estimator", groups.get("who", "This function"))).replace("None", "scikit-learn")
        },
        raised=[
            sklearn(SCALERS + "StandardScaler().fit(np.ones((3, 2, 2)))\n", found=3, most=2, estimator="StandardScaler"),
            sklearn(METRICS + "mean_squared_error(np.ones((3, 1, 2)), np.ones((3, 1, 2)))\n", found=3, most=2),
            # scikit-learn up to 1.6.
            text("ValueError: Found array with dim 3. StandardScaler expected <= 2.", found=3, who="StandardScaler", limit=2),
        ],
    ),
    Family(
        "sklearn-one-axis",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Expected 2D array, got (?P<found>1D|scalar) array instead"],
        needles=("Expected 2D array, got",),
        headline="scikit-learn takes a table, (samples, features), but it was given {what}",
        means="Even a single column or a single sample has to be a table with 2 axes.",
        causes=("One column of a DataFrame, df['a'], or one row, x[0], has lost its second axis.",),
        changes=("For one feature: x.reshape(-1, 1) or df[['a']]; for one sample: x.reshape(1, -1) or x[0:1].",),
        derive=lambda groups: {"what": "a single number" if groups["found"] == "scalar" else "an array with 1 axis"},
        raised=[
            sklearn(LINEAR + "LinearRegression().fit(np.ones(3), np.ones(3))\n", found="1D"),
            sklearn(SCALERS + "StandardScaler().fit(np.ones(3))\n", found="1D"),
            sklearn(LINEAR + "LinearRegression().fit(3, 4)\n", found="scalar"),
        ],
    ),
    Family(
        "sklearn-samples",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Found (?:input variables|arrays) with inconsistent numbers of samples: \[ *(?P<first>\d+),? "
            r"+(?P<second>\d+)[, \d]*\]"],
        needles=("inconsistent numbers of samples",),
        headline="The arrays have different numbers of samples: {first} and {second}",
        means="Every sample needs its label, so the first axis of both arrays must have one size.",
        causes=(
            "Windows were cut from x but y kept all its rows, or rows were dropped from one of them only.",
            "x is the wrong way round, (features, samples), or a single sample is read as many.",
        ),
        changes=("Print both shapes. Cut y as x was cut (y[window:]), drop rows before splitting into x and y, or use x.T.",),
        raised=[
            sklearn(LINEAR + "LinearRegression().fit(np.ones((3, 2)), np.ones(4))\n", first=3, second=4),
            sklearn(SPLITS + "train_test_split(np.ones((3, 1)), np.ones((4, 2)))\n", first=3, second=4),
            sklearn(METRICS + "accuracy_score([1, 2], [1, 2, 3])\n", first=2, second=3),
        ],
    ),
    Family(
        "sklearn-features",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"X has (?P<found>\d+) features, but (?P<estimator>\w+) is expecting (?P<expected>\d+) features? as input"],
        needles=("features as input",),
        headline="{what} was fitted on {expected} features, but now it is given {many}",
        means="What was fitted on some columns can be used on the same columns only.",
        causes=("{hint}", "get_dummies or a vectorizer gave other columns for new data, or the target is still among the columns."),
        changes=("Select the columns by name in both places; fit encoders once on the training data and only transform the rest.",),
        derive=_features,
        raised=[
            sklearn(
                SCALERS + "MinMaxScaler().fit(np.ones((3, 3))).transform(np.ones((3, 1)))\n", found=1, estimator="MinMaxScaler",
                expected=3
            ),
            sklearn(
                LINEAR + "LinearRegression().fit(np.ones((3, 2)), np.ones(3)).predict(np.ones((3, 4)))\n",
                found=4, estimator="LinearRegression", expected=2,
            ),
        ],
    ),
    Family(
        "sklearn-feature-names",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"The feature names should match those that were passed during fit\.(?: Feature names unseen at fit time: (?P<new>(?:- "
            r".+?)+?))?"
            r"(?: Feature names seen at fit time, yet now missing: (?P<missing>- .+?))?(?: Feature names must be in the same "
            r"order.*)?$"
        ],
        needles=("The feature names should match",),
        headline="The columns differ from those of fit{told}",
        means="An estimator that was fitted on a DataFrame looks for the same columns, in the same order, ever after.",
        causes=("The target is still among the columns, or get_dummies gave other ones for the new data.",),
        changes=("Give it data[estimator.feature_names_in_], after adding what is missing.",),
        derive=lambda groups: {
            "told": (f"; new: {groups['new'][2:]}" if "new" in groups else "")
            + (f"; missing: {groups['missing'][2:]}" if "missing" in groups else "")
        },
        raised=[
            sklearn(
                LINEAR + "import pandas as pd\nmodel = LinearRegression().fit(pd.DataFrame({'a': [1], 'b': [2]}), [1])\n"
                "model.predict(pd.DataFrame({'b': [1], 'c': [2]}))\n",
                new="- c", missing="- a",
            )
        ],
    ),
    Family(
        "sklearn-not-finite",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"Input (?:(?P<name>\w+) )?contains (?P<what>infinity) or a value too large for dtype\('(?P<dtype>\w+)'\)",
            r"Input (?:(?P<name>\w+) )?contains (?P<what>NaN)[.,]",
        ],
        needles=("contains NaN", "contains infinity"),
        headline="The data contains {kind}",
        means="Most estimators cannot compute with missing or infinite values.",
        causes=("Empty fields of a file, a division by zero, a logarithm of 0, or shift and rolling, which leave the first rows "
            "empty.",),
        changes=("Find them with np.isnan(x).any(axis=0); drop the rows (dropna) or fill them (SimpleImputer, fillna) before this "
            "line.",),
        derive=lambda groups: {"kind": "missing values (NaN)" if groups["what"] == "NaN" else "infinite values, or numbers too large"},
        raised=[
            sklearn(LINEAR + "LinearRegression().fit(np.array([[1, np.nan]]), np.ones(1))\n", name="X", what="NaN"),
            sklearn(LINEAR + "LinearRegression().fit(np.array([[1, np.inf]]), np.ones(1))\n", name="X", what="infinity",
                dtype="float64"),
            # scikit-learn up to 1.0.
            text("ValueError: Input contains NaN, infinity or a value too large for dtype('float64').", what="NaN"),
        ],
    ),
    Family(
        "sklearn-no-samples",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"Found array with (?P<found>\d+) (?P<what>sample|feature)\(s\) \(shape=(?P<shape>\([\d, ]+\))\) while a minimum of "
            r"(?P<least>\d+) is required",
        ],
        needles=("while a minimum of",),
        headline="The data has {found} {what}s, {shape}, and at least {least} is needed",
        means="Nothing, or too little, is left of the data.",
        causes=("dropna or a filter took all rows, or a file or list is empty.",),
        changes=("Print the shape after every step before this line, and see where the rows go.",),
        raised=[sklearn(LINEAR + "LinearRegression().fit(np.ones((0, 3)), [])\n", found=0, what="sample", shape=(0, 3), least=1)],
    ),
    Family(
        "sklearn-text-data",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"dtype='numeric' is not compatible with arrays of bytes/strings"],
        needles=("is not compatible with arrays of bytes/strings",),
        headline="The data contains text where numbers are needed",
        means="Estimators compute with numbers, so text has to be turned into numbers first.",
        changes=("Use OneHotEncoder or pd.get_dummies for categories, CountVectorizer for sentences, pd.to_numeric for numbers in "
            "quotes.",),
        raised=[sklearn(LINEAR + "LinearRegression().fit([['a', 'b']], [1])\n")],
    ),
    Family(
        "sklearn-not-fitted",
        library="sklearn",
        exceptions=("NotFittedError",),
        patterns=[r"This (?P<estimator>\w+) instance is not fitted yet"],
        needles=("instance is not fitted yet",),
        headline="{estimator} is used before fit was called on it",
        means="predict and transform use what fit has learned.",
        causes=("A new object was made after fitting, or only fit_transform of another one was called.",),
        changes=("Call fit on this very object first, and keep it (joblib.dump) for later runs.",),
        raised=[sklearn(LINEAR + "LinearRegression().predict(np.ones((3, 3)))\n", estimator="LinearRegression")],
    ),
    Family(
        "sklearn-one-class",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"This solver needs samples of at least 2 classes in the data, but the data contains only one class: "
            r"(?:np\.\w+\()?(?P<label>.+?)\)?$"],
        needles=("contains only one class",),
        headline="All labels are the same, {label}, so there is nothing to tell apart",
        means="A classifier needs samples of two classes or more.",
        causes=("The data is sorted by class and was split without shuffling, or the wrong column is y.",),
        changes=("Shuffle before splitting, or use train_test_split(..., stratify=y); print np.unique(y, return_counts=True).",),
        raised=[sklearn(LOGISTIC + "LogisticRegression().fit(np.ones((3, 2)), [1, 1, 1])\n", label=1)],
    ),
    Family(
        "sklearn-label-type",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Unknown label type: (?:\(array.*|[\"']?(?P<kind>[\w-]+)[\"']?)"],
        needles=("Unknown label type",),
        headline="A classifier was given labels that are values and not classes",
        means="Labels of a classifier are a few whole numbers or names that repeat.",
        causes=("y holds measured values: then this is a regression. Or classes were read as 0.0 and 1.5.",),
        changes=("Use the regressor (LinearRegression, RandomForestRegressor), or make classes: y.astype(int), pd.cut(y, 3).",),
        raised=[sklearn(LOGISTIC + "LogisticRegression().fit(np.ones((3, 2)), [1.5, 1.2, 1])\n", kind="continuous")],
    ),
    Family(
        "sklearn-label-axes",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"y should be a 1d array, got an array of shape (?P<shape>\([\d, ]+\)) instead",
            r"bad input shape (?P<shape>\([\d, ]+\))"],
        needles=("y should be a 1d array", "bad input shape"),
        headline="Labels should be one per sample, but y has the shape {shape}",
        means="This estimator takes y with one axis, (samples,).",
        causes=("The labels are one-hot, or several columns were taken as y.",),
        changes=("For one-hot labels use y.argmax(axis=1); for a single column y.ravel().",),
        raised=[
            sklearn(LOGISTIC + "LogisticRegression().fit(np.ones((3, 2)), np.ones((3, 2)))\n", shape=(3, 2)),
            sklearn(SCALERS + "LabelEncoder().fit(np.ones((2, 2)))\n", shape=(2, 2)),
            # scikit-learn up to 0.23.
            text("ValueError: bad input shape (60000, 10)", shape=(60000, 10)),
        ],
    ),
    Family(
        "sklearn-metric-mix",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Classification metrics can't handle a mix of (?P<true>[\w-]+) and (?P<predicted>[\w-]+) targets"],
        needles=("Classification metrics can't handle",),
        headline="Labels and predictions are of different kinds: {true} and {predicted}",
        means="A metric of classes compares class numbers with class numbers, in one order for both.",
        causes=("predict of a network gives probabilities and not classes; or only one of the two is one-hot.",),
        changes=("Turn probabilities into classes: p.argmax(axis=1), or (p > 0.5).astype(int).ravel() for two classes; the same for "
            "one-hot labels.",),
        raised=[
            sklearn(METRICS + "accuracy_score([1, 0], [0.5, 0.2])\n", true="binary", predicted="continuous"),
            sklearn(
                METRICS + "accuracy_score(np.array([[1, 0], [0, 1]]), [0, 1])\n", true="multilabel-indicator", predicted="binary"
            ),
        ],
    ),
    Family(
        "sklearn-metric-average",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Target is (?P<kind>\w+) but average='binary'"],
        needles=("but average='binary'",),
        headline="There are more than two classes, and this metric was asked for a score of two",
        means="With several classes there is a score for each, and average says how they become one.",
        changes=("Give average='macro' (all classes count the same) or average='weighted' (by their number of samples).",),
        raised=[sklearn(METRICS + "f1_score([1, 2, 0], [1, 2, 3])\n", kind="multiclass")],
    ),
    Family(
        "sklearn-metric-outputs",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"y_true and y_pred have different number of output \((?P<true>\d+)!=(?P<predicted>\d+)\)"],
        needles=("different number of output",),
        headline="The labels have {true_many}, the predictions {predicted}",
        means="Labels and predictions are compared column by column.",
        causes=("The last layer has another number of units than y has columns, or predictions of all timesteps were kept.",),
        changes=("Print both shapes, and take the columns or the last step that belong together.",),
        derive=lambda groups: {"true_many": counted(groups["true"], "column")},
        raised=[sklearn(METRICS + "mean_squared_error(np.ones((3, 1)), np.ones((3, 2)))\n", true=1, predicted=2)],
    ),
    Family(
        "sklearn-unseen-label",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"y contains (?:previously unseen|new) labels: (?:np\.\w+\()?(?P<labels>.+?)\)?$",
            r"Found unknown categories (?P<labels>\[.*?\]) in column (?P<column>\d+) during transform",
        ],
        needles=("previously unseen labels", "y contains new labels", "Found unknown categories"),
        headline="New data has categories that were not there when the encoder was fitted: {labels}",
        means="An encoder numbers the categories that it sees in fit, and has no number for others.",
        changes=("Fit it on all categories, or use OneHotEncoder(handle_unknown='ignore').",),
        raised=[
            sklearn(SCALERS + "LabelEncoder().fit(['a']).transform(['b'])\n", labels="'b'"),
            sklearn(SCALERS + "OneHotEncoder().fit([['a']]).transform([['b']])\n", labels="['b']", column=0),
        ],
    ),
    Family(
        "sklearn-split-empty",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"With n_samples=(?P<samples>\d+), test_size=(?P<test>[\w.]+) and train_size=(?P<train>[\w.]+), the resulting train set "
            r"will be empty",
            r"Cannot have number of splits n_splits=(?P<splits>\d+) greater than the number of samples: n_samples=(?P<samples>\d+)",
        ],
        needles=("the resulting train set will be empty", "Cannot have number of splits"),
        headline="There {are} only, too few for this split",
        means="Every part of a split needs at least one sample.",
        causes=("The data stands the wrong way round, so that the samples are not on the first axis, or most of it was dropped.",),
        changes=("Print x.shape: the first number must be the number of samples.",),
        derive=lambda groups: {"are": f"{'is' if groups['samples'] == 1 else 'are'} {counted(groups['samples'], 'sample')}"},
        raised=[
            sklearn(SPLITS + "train_test_split(np.ones((1, 1)), np.ones((1, 2)))\n", samples=1, test="0.25", train="None"),
            sklearn(SPLITS + LINEAR + "cross_val_score(LinearRegression(), np.ones((3, 1)), np.ones(3), cv=5)\n", splits=5,
                samples=3),
        ],
    ),
    Family(
        "sklearn-stratify",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"The least populated class(?:es)? in y ha(?:s|ve) only (?P<members>\d+) members?, which is too few"],
        needles=("The least populated class",),
        headline="A class has {many} only, too few to be in every part of the split",
        means="stratify puts samples of each class into both parts, so each class needs at least 2.",
        changes=("Drop or join rare classes (y.value_counts()), or leave stratify out.",),
        derive=lambda groups: {"many": counted(groups["members"], "sample")},
        raised=[sklearn(SPLITS + "train_test_split(np.ones((3, 1)), [0, 1, 1], stratify=[0, 1, 1])\n", members=1)],
    ),
    Family(
        "sklearn-components",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"n_components=(?P<wanted>\d+) must be between \d+ and min\(n_samples, n_features\)=(?P<most>\d+)",
            r"n_samples=(?P<most>\d+) should be >= n_clusters=(?P<wanted>\d+)",
            r"Expected n_neighbors <= n_samples_fit, but n_neighbors = (?P<wanted>\d+), n_samples_fit = (?P<most>\d+)",
        ],
        needles=("n_components=", "n_clusters=", "n_neighbors ="),
        headline="{wanted} are asked for, but this data allows {most} at most",
        means="There cannot be more components than samples or features, nor more clusters or neighbours than samples.",
        causes=("The data has few rows after filtering, or stands the wrong way round.",),
        changes=("Ask for {most} or fewer, and print x.shape: samples come first.",),
        raised=[
            sklearn("from sklearn.decomposition import PCA\nPCA(5).fit(np.ones((3, 2)))\n", wanted=5, most=2),
            sklearn("from sklearn.cluster import KMeans\nKMeans(5).fit(np.ones((3, 2)))\n", wanted=5, most=3),
            sklearn(
                "from sklearn.neighbors import KNeighborsClassifier\n"
                "KNeighborsClassifier(5).fit(np.ones((3, 2)), [0, 1, 1]).predict(np.ones((1, 2)))\n",
                wanted=5, most=3,
            ),
        ],
    ),
    Family(
        "scipy-distance-columns",
        library="scipy",
        exceptions=VALUE,
        patterns=[r"XA and XB must have the same number of columns"],
        needles=("XA and XB must have",),
        headline="Distances need points with the same number of coordinates in both arrays",
        means="cdist takes points as rows, and the columns are their coordinates.",
        changes=("Print both shapes: the last axis must agree; give a single point as x.reshape(1, -1).",),
        raised=[scipy("from scipy.spatial.distance import cdist\ncdist(np.ones((3, 2)), np.ones((3, 4)))\n")],
    ),
    Family(
        "scipy-interpolate-lengths",
        library="scipy",
        exceptions=VALUE,
        patterns=[r"x and y arrays must be equal in length along interpolation axis"],
        needles=("along interpolation axis",),
        headline="interp1d needs as many values in y as in x",
        means="Every x has one y; where y has several axes, the last one runs along x by default.",
        changes=("Cut both to the same points, or give the axis of y that runs along x: axis=0.",),
        raised=[scipy("from scipy.interpolate import interp1d\ninterp1d(np.ones(3), np.ones(4))\n")],
    ),
    Family(
        "scipy-interpolate-range",
        library="scipy",
        exceptions=VALUE,
        patterns=[r"A value \((?P<value>[-\d.e+]+)\) in x_new is (?P<side>above|below) the interpolation range's "
            r"(?:maximum|minimum) value \((?P<limit>[-\d.e+]+)\)"],
        needles=("in x_new is",),
        headline="{value} lies {side} the points that interp1d knows, which end at {limit}",
        means="Between known points values can be interpolated, beyond them they cannot.",
        changes=("Stay within the range, or allow it with fill_value='extrapolate'.",),
        raised=[
            scipy("from scipy.interpolate import interp1d\ninterp1d([1, 2, 3], [1, 2, 3])(5)\n", value="5.0", side="above", limit=3)
        ],
    ),
    Family(
        "scipy-sparse-product",
        library="scipy",
        exceptions=VALUE,
        patterns=[r"matmul: dimension mismatch with signature \(n,k=(?P<left>\d+)\),\(k=(?P<right>\d+)"],
        needles=("dimension mismatch with signature",),
        headline="The sparse matrix has {left} columns, and what it is multiplied with {right} rows",
        means="A matrix product needs as many columns on the left as rows on the right.",
        changes=("Transpose the one that lies the wrong way (m.T), or use the vectorizer that made the other one.",),
        raised=[scipy("from scipy.sparse import csr_matrix\ncsr_matrix(np.ones((2, 3))) @ np.ones(4)\n", left=3, right=4)],
    ),
    Family(
        "scipy-sparse-join",
        library="scipy",
        exceptions=VALUE,
        patterns=[
            r"Mismatching dimensions along axis (?P<axis>\d+): \{(?P<sizes>[\d, ]+)\}",
            r"blocks\[(?P<row>\d+),:\] has incompatible row dimensions\. Got blocks\[\d+,\d+\]\.shape\[0\] == (?P<found>\d+), "
            r"expected (?P<expected>\d+)",
        ],
        needles=("Mismatching dimensions along axis", "has incompatible row dimensions"),
        headline="Sparse matrices cannot be joined: {told}",
        means="hstack needs the same number of rows in all matrices, vstack the same number of columns.",
        changes=("Print the shapes; make all of them from the same samples, in the same order.",),
        derive=lambda groups: {
            "told": f"axis {groups['axis']} has the sizes {groups['sizes']}" if "axis" in groups else f"{groups['found']} rows meet "
                f"{groups['expected']}"
        },
        raised=[
            scipy(
                "from scipy.sparse import hstack, csr_matrix\nhstack([csr_matrix(np.ones((2, 3))), csr_matrix(np.ones((3, 3)))])\n",
                axis=0, sizes="2, 3",
            ),
            # SciPy up to 1.12.
            text("ValueError: blocks[0,:] has incompatible row dimensions. Got blocks[0,1].shape[0] == 3, expected 2.", row=0,
                found=3, expected=2),
        ],
    ),
]  # fmt: skip
