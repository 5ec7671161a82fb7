"""What scikit-learn says about scores, splits, parameters and text; and about data that changes between fit and predict."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import scipy, sklearn, text

VALUE: Final = ("ValueError",)
TYPE: Final = ("TypeError",)
AUC: Final = "from sklearn.metrics import auc, average_precision_score, log_loss, roc_auc_score, roc_curve\n"
SPLITS: Final = (
    "from sklearn.model_selection import GridSearchCV, GroupKFold, StratifiedKFold, TimeSeriesSplit, train_test_split\n"
)
SVC: Final = "from sklearn.svm import SVC\n"
TEXTS: Final = "from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer\n"
COLUMNS: Final = "import pandas as pd\nfrom sklearn.compose import ColumnTransformer\nfrom sklearn.preprocessing import StandardScaler\n"


def _size(groups: dict[str, Any]) -> dict[str, Any]:
    """A size of a split against what there is."""
    if "classes" in groups:
        return {
            "told": f"The {groups['part']} part has {groups['size']} samples, but each of {groups['classes']} classes needs one",
            "mend": "Make the part larger, leave stratify= out, or join classes with few samples.",
        }
    return {
        "told": f"{groups['part']}_size={groups['size']} cannot be taken of {groups['samples']} samples",
        "mend": "Give a share between 0 and 1, test_size=0.2, or fewer samples than there are.",
    }


def _parameter(groups: dict[str, Any]) -> dict[str, Any]:
    if "allowed" not in groups:
        return {"told": f"{groups['estimator']} has no parameter {groups['name']}"}
    return {"told": f"The parameter {groups['name']} of {groups['estimator']} cannot be {groups['found']}"}


FAMILIES: Final = [
    Family(
        "sklearn-features-old",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"X has (?P<found>\d+) features per sample; (?:model has been fitted with (?P<fitted>\d+) features|expecting "
            r"(?P<expected>\d+))",
            r"X\.shape\[1\] = (?P<found>\d+) should be equal to (?P<expected>\d+), the number of features at training time",
            r"Number of features of the model must match the input\. Model n_features is (?P<expected>\d+) and input n_features is "
            r"(?P<found>\d+)",
        ],
        needles=("features per sample", "the number of features at training time", "Number of features of the model must match"),
        headline="The data has {found} features, but the model was fitted with {known}",
        means="Every table that is given to predict or transform needs the columns of the table that was given to fit.",
        causes=(
            "fit_transform was called again on the test data (a vectorizer, one-hot columns, PCA), so that it has other columns.",
            "Columns were dropped or added on one side only.",
        ),
        changes=("Fit once on the training data, and only transform the rest: encoder.transform(x_test). A Pipeline does this by "
            "itself.",),
        derive=lambda groups: {"known": groups.get("expected", groups.get("fitted"))},
        raised=[
            # Up to scikit-learn 0.24: linear models, support vector machines, trees.
            text("ValueError: X has 2 features per sample; expecting 9", found=2, expected=9),
            text("ValueError: X.shape[1] = 360 should be equal to 39, the number of features at training time", found=360, expected=39),
            text("ValueError: Number of features of the model must match the input. Model n_features is 4 and input n_features is 3 ",
                 found=3, expected=4),
        ],
    ),
    Family(
        "sklearn-categories-per-column",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Shape mismatch: if (?:n_values|categories) is an array, it has to be of shape \(n_features,\)"],
        needles=("it has to be of shape (n_features,)",),
        headline="The encoder takes a list of categories for each column",
        means="categories is a list with one list per column of the table.",
        causes=("The list for one column was given without the list around it, or a column has none.",),
        changes=("Write categories=[['S', 'M', 'L']] for one column.",),
        raised=[
            sklearn("from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(categories=[['a']]).fit([['a', 'b']])\n"),
            # scikit-learn 0.20.
            text("ValueError: Shape mismatch: if n_values is an array, it has to be of shape (n_features,)."),
        ],
    ),
    Family(
        "sklearn-scaler-columns",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"operands could not be broadcast together with shapes \((?P<rows>\d+),(?P<found>\d+)\) \((?P<expected>\d+),\)",
        ],
        needles=("operands could not be broadcast",),
        within=("inverse_transform", "preprocessing/_data.py", "preprocessing\\_data.py", "preprocessing/data.py"),
        headline="The scaler was fitted on {expected} columns, and is given {found}",
        means="A scaler keeps a mean and a range for each column that fit has seen, and undoes all of them at once.",
        causes=("Predictions of one column, or a table with a column more, are scaled back with the scaler of the training table.",),
        changes=(
            "Fit a scaler of its own for the target, and scale predictions back with that one. For one column by hand: pred * "
            "scaler.scale_[i] + scaler.mean_[i] with StandardScaler.",
        ),
        raised=[
            sklearn(
                "from sklearn.preprocessing import StandardScaler\n"
                "StandardScaler().fit(np.random.rand(4, 3)).inverse_transform(np.zeros((2, 5)))\n", rows=2, found=5, expected=3,
            ),
        ],
    ),
    Family(
        "sklearn-shape-since-fit",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"X has a different shape than during fitting"],
        needles=("X has a different shape than during fitting",),
        headline="The data has other columns than the data that fit was given",
        means="transform and predict take tables with the columns that fit has seen.",
        causes=("The features of training and test data were extracted separately, so that each has its own columns.",),
        changes=("Fit the extractor once on the training data and only transform the test data; print x.shape on both sides.",),
        raised=[
            # Up to scikit-learn 0.24: feature selection, PCA, scalers.
            text("ValueError: X has a different shape than during fitting."),
        ],
    ),
    Family(
        "sklearn-multiclass-auc",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"multi_class must be in \('ovo', 'ovr'\)", r"^(?P<kind>multiclass|multilabel-indicator|continuous) format is not "
            r"supported",
                  r"^(?P<kind>multilabel-indicator|multiclass-multioutput|unknown) is not supported"],
        needles=("multi_class must be in", "is not supported"),
        headline="This score is for two classes, and the labels are {kinds}",
        means="A ROC curve, and many other scores, compare one class with the rest.",
        causes=("There are more than two classes, labels are one-hot, or predicted numbers were given in place of labels.",),
        changes=(
            "For several classes: roc_auc_score(y, model.predict_proba(x), multi_class='ovr').",
            "One-hot labels and outputs become class numbers with .argmax(axis=1).",
        ),
        derive=lambda groups: {
            "kinds": {"multilabel-indicator": "one-hot or several per sample", "continuous": "measured numbers",
                      "unknown": "of a kind that it does not know"}.get(groups.get("kind", ""), "of more than two")
        },
        raised=[
            sklearn(AUC + "roc_auc_score([0, 1, 2], np.ones((3, 3)))\n"),
            sklearn(AUC + "roc_curve([0, 1, 2], [.1, .2, .3])\n", kind="multiclass"),
            sklearn("from sklearn.metrics import confusion_matrix\nconfusion_matrix(np.eye(2, dtype=int), np.eye(2, dtype=int))\n",
                    kind="multilabel-indicator"),
        ],
    ),
    Family(
        "sklearn-class-columns",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"Number of classes in y_true not equal to the number of columns in 'y_score'",
            r"y_true and y_prob contain different number of classes: (?P<labels>\d+) vs (?P<columns>\d+)",
            r"y_true and y_pred contain different number of classes (?P<labels>\d+), (?P<columns>\d+)",
            r"Number of classes, (?P<labels>\d+), does not match size of target_names, (?P<columns>\d+)",
            r"The number of classes in labels is different from that in y_p",
        ],
        needles=("umber of classes",),
        headline="The labels have {labels} classes, but there are {columns} columns or names for them",
        means="There must be one column of probabilities, or one name, for each class, in the order of the class numbers.",
        causes=("A class does not occur in this part of the data, or the model was trained with other classes.",),
        changes=("Say which classes there are: labels=[0, 1, 2] (all of them) in the call, also where one does not occur.",),
        derive=lambda groups: {"labels": groups.get("labels", "other"), "columns": groups.get("columns", "more or fewer")},
        raised=[
            sklearn(AUC + "log_loss([0, 1, 2], [[.5, .5]] * 3)\n", labels=3, columns=2),
            sklearn("from sklearn.metrics import classification_report\n"
                    "classification_report([0, 1, 2], [0, 1, 2], target_names=['a', 'b'])\n", labels=3, columns=2),
            sklearn(AUC + "roc_auc_score([0, 1, 2, 1], np.full((4, 2), .5), multi_class='ovr')\n"),
        ],
    ),
    Family(
        "sklearn-probabilities",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Target scores need to be probabilities for multiclass roc_auc"],
        needles=("Target scores need to be probabilities",),
        headline="The scores of a sample do not add up to 1",
        means="For several classes roc_auc_score wants a probability for each class.",
        causes=("The outputs are logits, or come from sigmoid in place of softmax.",),
        changes=("Give predict_proba(x), or scipy.special.softmax(outputs, axis=1).",),
        raised=[sklearn(AUC + "roc_auc_score([0, 1, 2, 1], np.full((4, 3), .5), multi_class='ovr')\n")],
    ),
    Family(
        "sklearn-positive-label",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"takes value in (?P<labels>\{.*?\}) and pos_label is not specified", r"pos_label=\S+ is not a valid "
            r"label.*?(?P<labels>\[.*\])"],
        needles=("pos_label",),
        headline="The score does not know which of the labels {labels} is the positive one",
        means="Scores for two classes count one of them as positive: 1, where nothing else is said.",
        causes=("The labels are texts, or numbers other than 0 and 1.",),
        changes=("Name it, pos_label='yes', or use average='macro' for all classes.",),
        raised=[
            sklearn("from sklearn.metrics import f1_score\nf1_score(['a', 'b'], ['a', 'b'])\n", labels="['a' 'b']"),
            sklearn(AUC + "roc_curve(['a', 'a'], [.1, .2])\n", labels="{'a'}"),
        ],
    ),
    Family(
        "sklearn-label-kinds",
        library="sklearn",
        exceptions=("ValueError", "TypeError"),
        patterns=[r"Mix of label input types \(string and number\)", r"Labels in y_true and y_pred should be of the same type",
                  r"Encoders require their input argument must be uniformly strings or numbers\. Got (?P<kinds>\[.*?\])"],
        needles=("Mix of label input types", "should be of the same type", "uniformly strings or numbers"),
        headline="Texts and numbers are mixed: '1' is not 1",
        means="Labels, and the values of a column that is encoded, must be of one kind.",
        causes=("Labels were read from a file as text and predicted as numbers; or NaN (a number) stands between texts.",),
        changes=("Convert one side, y.astype(int) or df['a'].astype(str); fill gaps first: df['a'].fillna('missing').",),
        raised=[
            sklearn("from sklearn.metrics import accuracy_score\naccuracy_score([0, 1], ['0', '1'])\n"),
            sklearn("from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder().fit(np.array([['a'], [1]], dtype=object))\n",
                    kinds="['int', 'str']"),
        ],
    ),
    Family(
        "sklearn-one-label-score",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"y_true contains only one label", r"Only one class present in y_true", r"Only one class is present in y_true",
                  r"At least 2 points are needed to compute area under curve", r"Number of labels is (?P<labels>\d+)\. Valid values "
                  r"are 2 to"],
        needles=("only one label", "nly one class", "At least 2 points", "Number of labels is"),
        headline="All samples have one label, so there is nothing to tell apart",
        means="This score compares classes or clusters, and needs at least two.",
        causes=("The data is sorted by class and was split without shuffling, the part is very small, or clustering found one group.",),
        changes=("Split with shuffle=True and stratify=y, and print np.unique(y, return_counts=True).",),
        raised=[
            sklearn(AUC + "log_loss([0, 0], [.1, .2])\n"),
            sklearn(AUC + "auc([1], [1])\n"),
            sklearn("from sklearn.metrics import silhouette_score\nsilhouette_score(np.zeros((3, 2)), [0, 0, 0])\n", labels=1),
            # Up to scikit-learn 1.5.
            text("ValueError: Only one class present in y_true. ROC AUC score is not defined in that case."),
        ],
    ),
    Family(
        "sklearn-split-size",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"(?P<part>test|train)_size=(?P<size>\S+) should be either positive and smaller than the number of samples (?P<samples>\d+)",
            r"The (?P<part>test|train)_size = (?P<size>\d+) should be greater or equal to the number of classes = (?P<classes>\d+)",
        ],
        needles=("_size",),
        headline="{told}",
        means="Both parts of a split need at least one sample, and with stratify= one of every class.",
        causes=("The size was meant as a percentage, or the data is smaller than believed.",),
        changes=("{mend}",),
        derive=_size,
        raised=[
            sklearn(SPLITS + "train_test_split(np.zeros((2, 2)), test_size=5)\n", part="test", size=5, samples=2),
            sklearn(SPLITS + "train_test_split(np.zeros((4, 2)), stratify=[0, 1, 0, 1], test_size=1)\n", part="test", size=1, classes=2),
        ],
    ),
    Family(
        "sklearn-folds",
        library="sklearn",
        exceptions=VALUE,
        patterns=[
            r"n_splits=(?P<folds>\d+) cannot be greater than the number of members in each class",
            r"Cannot have number of folds=(?P<folds>\d+) greater than the number of samples=(?P<samples>\d+)",
            r"Cannot have number of splits n_splits=(?P<folds>\d+) greater than the number of groups: (?P<samples>\d+)",
            r"Requesting (?P<folds>\d+)-fold cross-validation but provided less than \d+ examples for at least one class",
        ],
        needles=("n_splits=", "number of folds=", "-fold cross-validation"),
        headline="{folds} folds are more than there are samples, groups, or members of the smallest class",
        means="Each fold needs at least one sample (or group), and a stratified one of every class.",
        causes=("The data is small, or a class is rare. TimeSeriesSplit(n) needs n + 1 samples.",),
        changes=("Ask for fewer folds, or drop or join the rare classes: np.unique(y, return_counts=True).",),
        raised=[
            sklearn(SPLITS + "list(StratifiedKFold(3).split(np.zeros((4, 2)), [0, 0, 1, 1]))\n", folds=3),
            sklearn(SPLITS + "list(TimeSeriesSplit(5).split(np.zeros((4, 2))))\n", folds=6, samples=4),
            sklearn(SPLITS + "list(GroupKFold(3).split(np.zeros((4, 2)), groups=[0, 0, 1, 1]))\n", folds=3, samples=2),
            sklearn("from sklearn.calibration import CalibratedClassifierCV\n" + SVC +
                    "CalibratedClassifierCV(SVC(), cv=5).fit(np.random.rand(6, 2), [0, 1, 1, 1, 1, 1])\n", folds=5),
        ],
    ),
    Family(
        "sklearn-stratified-target",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Supported target types are: \('binary', 'multiclass'\)\. Got '(?P<kind>[\w-]+)' instead"],
        needles=("Supported target types are",),
        headline="A stratified split needs one class number per sample, but the labels are {said}",
        means="It keeps the share of each class in every part, so it must know the class of each sample.",
        causes=("{often}",),
        changes=("{mend}",),
        derive=lambda groups: {
            "said": "one-hot" if "multilabel" in groups["kind"] else "measured numbers",
            "often": "to_categorical or get_dummies was called before the split." if "multilabel" in groups["kind"]
            else "The target is a measured number: this is regression.",
            "mend": "Split by y.argmax(axis=1), and use the one-hot labels of those rows." if "multilabel" in groups["kind"]
            else "Use KFold, or train_test_split without stratify.",
        },
        raised=[
            sklearn(SPLITS + "list(StratifiedKFold(2).split(np.zeros((4, 2)), np.eye(4)))\n", kind="multilabel-indicator"),
            sklearn(SPLITS + "list(StratifiedKFold(2).split(np.zeros((4, 2)), [.1, .2, .3, .4]))\n", kind="continuous"),
        ],
    ),
    Family(
        "sklearn-parameter",
        library="sklearn",
        exceptions=("ValueError", "InvalidParameterError"),
        patterns=[
            r"Invalid parameter '?(?P<name>\w+)'? for estimator (?P<estimator>\w+)",
            r"The '(?P<name>\w+)' parameter of (?P<estimator>\w+) must be (?P<allowed>.*?)\. Got (?P<found>.+) instead\.",
        ],
        needles=("Invalid parameter", "' parameter of "),
        headline="{told}",
        means="Parameters have fixed names and allowed values, which change between releases.",
        causes=("It is a parameter of a step of a Pipeline (then written step__name), misspelt, or of another release "
                "(max_features='auto' is gone since 1.3).",),
        changes=("Print estimator.get_params().keys() for the names; the message says which values are allowed.",),
        derive=_parameter,
        raised=[
            sklearn(SPLITS + SVC + "GridSearchCV(SVC(), {'foo': [1]}).fit(np.random.rand(10, 2), [0, 1] * "
                "5)\n", name="foo", estimator="SVC"),
            sklearn("from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier(max_features='auto').fit([[1], "
                "[2]], [0, 1])\n",
                    name="max_features", found="'auto'"),
            sklearn("from sklearn.tree import DecisionTreeClassifier\nDecisionTreeClassifier(max_depth=0).fit([[1], [2]], [0, 1])\n",
                    name="max_depth", found=0),
        ],
    ),
    Family(
        "sklearn-grid-list",
        library="sklearn",
        exceptions=("TypeError", "ValueError"),
        patterns=[r"Parameter grid for parameter '?\(?'?(?P<name>\w+)'?\)? (?:needs to be a list|is not iterable|value is not)"],
        needles=("Parameter grid for parameter",),
        headline="The grid has a single value for {name} where a list of values to try is wanted",
        means="GridSearchCV tries every value of every list.",
        causes=("The brackets are missing.",),
        changes=("Write {{'{name}': [value]}}.",),
        raised=[sklearn(SPLITS + SVC + "GridSearchCV(SVC(), {'C': 1}).fit(np.random.rand(10, 2), [0, 1] * 5)\n", name="C")],
    ),
    Family(
        "sklearn-no-target",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"This (?P<estimator>\w+) estimator requires y to be passed, but the target y is None", r"^y cannot be None"],
        needles=("requires y to be passed", "y cannot be None"),
        headline="fit was called without labels",
        means="A classifier or regressor learns from pairs of data and labels.",
        causes=("fit(x) was written for fit(x, y), or a function that makes the labels returns nothing.",),
        changes=("Give both: model.fit(x_train, y_train).",),
        raised=[
            sklearn("from sklearn.linear_model import LogisticRegression\nLogisticRegression().fit(np.zeros((4, 2)), None)\n",
                    estimator="LogisticRegression"),
        ],
    ),
    Family(
        "sklearn-sample-weight",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"sample_weight\.shape == (?P<weights>\(\d+,?\)), expected (?P<expected>\(\d+,?\))"],
        needles=("sample_weight.shape ==",),
        headline="There are weights of {weights} for samples of {expected}",
        means="sample_weight holds one number per sample.",
        causes=("The weights are per class, or were made before the data was split.",),
        changes=("One per sample of the training part: compute_sample_weight('balanced', y_train); weights of classes go into "
            "class_weight.",),
        raised=[
            sklearn("from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[1, 2], [3, 4]], [1, 2], "
                "sample_weight=[1, 2, 3])\n",
                    weights=(3,), expected=(2,)),
        ],
    ),
    Family(
        "sklearn-partial-classes",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"classes must be passed on the first call to partial_fit", r"classes should include all valid labels that can be in y",
                  r"`?classes=.*is not the same as on last call to partial_fit"],
        needles=("partial_fit", "classes should include all valid labels"),
        headline="The list of classes is missing, or does not hold every label",
        means="partial_fit sees a part of the data, and compute_class_weight only what it is given, so all classes must be named.",
        causes=("A later batch brings a label that was not named.",),
        changes=("Name them all: partial_fit(x, y, classes=np.unique(all_labels)).",),
        raised=[
            sklearn("from sklearn.linear_model import SGDClassifier\nSGDClassifier().partial_fit([[1, 2]], [0])\n"),
            sklearn("from sklearn.utils.class_weight import compute_class_weight\n"
                    "compute_class_weight('balanced', classes=np.array([0]), y=np.array([0, 1]))\n"),
        ],
    ),
    Family(
        "sklearn-negative-data",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Negative values in data passed to (?P<who>\w+)", r"Input X must be non-negative"],
        needles=("Negative values in data", "Input X must be non-negative"),
        headline="The data holds negative numbers, and this method counts",
        means="MultinomialNB, NMF and chi2 take counts or shares, which are 0 or more.",
        causes=("StandardScaler moved the data below 0, or word vectors were given in place of counts.",),
        changes=("Use MinMaxScaler in place of StandardScaler; or GaussianNB, or f_classif in place of chi2.",),
        raised=[
            sklearn("from sklearn.naive_bayes import MultinomialNB\nMultinomialNB().fit([[-1], [2]], [0, 1])\n", who="MultinomialNB"),
            sklearn("from sklearn.feature_selection import SelectKBest, chi2\nSelectKBest(chi2, k=1).fit(-np.ones((4, 2)), [0, 1, "
                "0, 1])\n"),
        ],
    ),
    Family(
        "sklearn-texts",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Iterable over raw text documents expected, string object received", r"empty vocabulary; perhaps the documents "
            r"only contain stop words",
                  r"np\.nan is an invalid document", r"max_df corresponds to < documents than min_df", r"After pruning, no terms remain"],
        needles=("Iterable over raw text", "empty vocabulary", "invalid document", "than min_df", "no terms remain"),
        headline="The vectorizer finds no words: it needs a list of texts",
        means="It takes one text per sample, and keeps words of two letters or more that occur often enough.",
        causes=("One text was given without a list around it, texts are missing (NaN), or min_df asks for more texts than there are.",),
        changes=("fit(['one text', 'another']); df['text'].fillna(''); for one-letter words token_pattern=r'\\b\\w+\\b'.",),
        raised=[
            sklearn(TEXTS + "CountVectorizer().fit('some text')\n"),
            sklearn(TEXTS + "CountVectorizer().fit(['', ''])\n"),
            sklearn(TEXTS + "TfidfVectorizer().fit([np.nan])\n"),
            sklearn(TEXTS + "TfidfVectorizer(min_df=5).fit(['abc', 'def'])\n"),
        ],
    ),
    Family(
        "sklearn-pipeline-step",
        library="sklearn",
        exceptions=TYPE,
        patterns=[r"All intermediate steps should be transformers", r"Last step of Pipeline should implement fit"],
        needles=("All intermediate steps should be", "Last step of Pipeline"),
        headline="A step of this Pipeline cannot stand where it stands",
        means="All steps but the last need transform (scalers, encoders, PCA); only the last may be a model.",
        causes=("Two models stand in a row, or a class was given without brackets: StandardScaler in place of StandardScaler().",),
        changes=("Put the model last, and write the brackets.",),
        raised=[
            sklearn("from sklearn.pipeline import Pipeline\n" + SVC + "Pipeline([('a', SVC()), ('b', SVC())]).fit([[1], [2]], [0, 1])\n"),
            sklearn("from sklearn.pipeline import Pipeline\nPipeline([('a', 5)]).fit([[1], [2]], [0, 1])\n"),
        ],
    ),
    Family(
        "sklearn-columns",
        library="sklearn",
        exceptions=("ValueError", "KeyError"),
        patterns=[r"Specifying the columns using strings is only supported for (?:dataframes|pandas "
            r"DataFrames)", r"all features must be in \[",
                  r"(?:Some column names are not columns of the dataframe|A given column is not a column of the dataframe)"],
        needles=("Specifying the columns using strings", "all features must be in", "olumns of the dataframe", "column of the dataframe"),
        headline="The columns that are named are not in the data",
        means="ColumnTransformer looks columns up by name in a DataFrame, or by position in an array.",
        causes=("The DataFrame became an array in the step before it (a scaler, an imputer, .values), or a column was renamed or "
            "dropped.",),
        changes=("Give it the DataFrame itself, or positions: [0, 3]; set_output(transform='pandas') keeps names between steps.",),
        raised=[
            sklearn(COLUMNS + "ColumnTransformer([('a', StandardScaler(), ['x'])]).fit(np.zeros((2, 2)))\n"),
            sklearn(COLUMNS + "ColumnTransformer([('a', StandardScaler(), [5])]).fit(np.zeros((2, 2)))\n"),
            sklearn(COLUMNS + "ColumnTransformer([('a', StandardScaler(), ['x'])]).fit(pd.DataFrame({'y': [1, 2]}))\n"),
        ],
    ),
    Family(
        "sklearn-one-column",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Expected a 2-dimensional container but got <class '(?P<kind>[\w.]+)'> instead"],
        needles=("Expected a 2-dimensional container",),
        headline="A single column (Series) was given where a table is wanted",
        means="Scalers and models take (samples, features), also for one feature.",
        causes=("df['a'] is a Series; or ColumnTransformer names the column without brackets.",),
        changes=("Write df[['a']], or in ColumnTransformer ['a'] for 'a'.",),
        raised=[sklearn(COLUMNS + "StandardScaler().fit(pd.Series([1, 2]))\n", kind="pandas.Series")],
    ),
    Family(
        "sklearn-column-names",
        library="sklearn",
        exceptions=TYPE,
        patterns=[r"Feature names are only supported if all input features have string names, but your input has (?P<kinds>\[.*?\])"],
        needles=("Feature names are only supported",),
        headline="Some columns of the table are named with numbers and others with text: {kinds}",
        means="scikit-learn remembers the names of columns, and wants all of them to be text.",
        causes=("One-hot columns made from an array (named 0, 1, 2) were joined to a table with named columns.",),
        changes=("x.columns = x.columns.astype(str).",),
        raised=[
            sklearn("import pandas as pd\nfrom sklearn.linear_model import LinearRegression\n"
                    "LinearRegression().fit(pd.DataFrame({'a': [1, 2], 0: [1, 2]}), [0, 1])\n", kinds="['int', 'str']"),
        ],
    ),
    Family(
        "sklearn-perplexity",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"perplexity (?:\((?P<perplexity>[\d.]+)\) )?must be less than n_samples(?: \((?P<samples>\d+)\))?"],
        needles=("must be less than n_samples",),
        headline="t-SNE looks at {neighbours} neighbours of each sample, and there are {count}",
        means="perplexity is about the number of neighbours, 30 where nothing is said.",
        causes=("The data has few samples, or is the wrong way round (features, samples).",),
        changes=("TSNE(perplexity=min(30, len(x) - 1)).",),
        derive=lambda groups: {
            "neighbours": str(groups.get("perplexity", "about 30")).removesuffix(".0"),
            "count": f"only {groups['samples']} samples" if "samples" in groups else "fewer samples",
        },
        raised=[
            sklearn("from sklearn.manifold import TSNE\nTSNE().fit_transform(np.zeros((10, 3)))\n", perplexity="30.0", samples=10),
            # Up to scikit-learn 1.6.
            text("ValueError: perplexity must be less than n_samples"),
        ],
    ),
    Family(
        "sklearn-pairwise-columns",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Incompatible dimension for X and Y matrices: X\.shape\[1\] == (?P<left>\d+) while Y\.shape\[1\] == (?P<right>\d+)"],
        needles=("Incompatible dimension for X and Y",),
        headline="Rows of {left} numbers are compared with rows of {right}",
        means="A distance or similarity needs both tables to have the same columns.",
        causes=("Each text or image set was vectorised by itself, or a single vector is the wrong way round.",),
        changes=("Fit one vectorizer and transform both with it; a single vector is v.reshape(1, -1).",),
        raised=[sklearn("from sklearn.metrics.pairwise import cosine_similarity\ncosine_similarity([[1, 2]], [[3, 4, "
            "5]])\n", left=2, right=3)],
    ),
    Family(
        "sklearn-more-groups",
        library="sklearn",
        exceptions=VALUE,
        patterns=[r"Expected n_samples >= n_components but got n_components = (?P<groups>\d+), n_samples = (?P<samples>\d+)"],
        needles=("Expected n_samples >= n_components",),
        headline="{groups} groups are to be found in {samples} samples",
        means="There cannot be more groups than samples.",
        causes=("A filter left few rows, or the data is the wrong way round.",),
        changes=("Ask for fewer groups, or print x.shape: it should be (samples, features).",),
        raised=[sklearn("from sklearn.mixture import GaussianMixture\nGaussianMixture(5).fit([[1], [2]])\n", groups=5, samples=2)],
    ),
    Family(
        "scipy-cost-matrix",
        library="scipy",
        exceptions=VALUE,
        patterns=[r"matrix contains invalid numeric entries", r"cost matrix is infeasible"],
        needles=("matrix contains invalid numeric entries", "cost matrix is infeasible"),
        headline="The cost matrix of linear_sum_assignment holds NaN or infinity",
        means="Rows and columns are matched by their cost, and each cost must be a number.",
        causes=("The network gives NaN: the learning rate is too high, or data or boxes hold NaN or divide by 0.",),
        changes=("Print np.isnan(cost).sum() before this line, and look for the first NaN in the loss or the data.",),
        raised=[
            scipy("from scipy.optimize import linear_sum_assignment\nlinear_sum_assignment(np.full((2, 2), np.nan))\n"),
            scipy("from scipy.optimize import linear_sum_assignment\nlinear_sum_assignment(np.full((2, 2), np.inf))\n"),
        ],
    ),
]  # fmt: skip
