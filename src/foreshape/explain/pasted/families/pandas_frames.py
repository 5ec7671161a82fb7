"""What pandas says: lengths that differ, columns and rows that are not there, values that are no numbers."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import pandas, text
from foreshape.explain.pasted.sizes import counted

VALUE: Final = ("ValueError",)
FRAME: Final = "d = pd.DataFrame({'a': [1, 2]})\n"


def _label(groups: dict[str, Any]) -> dict[str, Any]:
    """A name, or a number: rows keep their labels when others are dropped."""
    label = groups["label"]
    if isinstance(label, int) or not str(label).startswith(("'", '"')):
        return {
            "why": "Rows keep their labels when others are filtered, shuffled or split off, so the labels are no longer 0, 1, 2, and a "
            "DataFrame indexed like an array looks for a column of that name.",
            "mend": "Take rows by position: df.iloc[i], series.iloc[i]; or number them anew with df.reset_index(drop=True).",
        }
    return {
        "why": "The name is spelt, spaced or capitalised otherwise in the file, the column became the index or was dropped, or "
        "the file was "
        "read with another separator or header.",
        "mend": "Print df.columns.tolist(); clean the names with df.columns = df.columns.str.strip().",
    }


FAMILIES: Final = [
    Family(
        "pandas-column-lengths",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"(?:All arrays must be of the same length|arrays must all be same length)"],
        needles=("All arrays must be of the same length", "arrays must all be same length"),
        headline="The columns of this DataFrame have different lengths",
        means="A table has the same rows in every column.",
        causes=("One list was cut, shifted or filtered and another was not; or predictions start later than the data by one window.",
            ),
        changes=("Print {{name: len(values) for name, values in data.items()}}, and cut all to the same rows; pd.Series columns are "
            "padded with NaN.",),
        raised=[
            pandas("pd.DataFrame({'a': [1, 2], 'b': [1, 2, 3]})\n"),
            # pandas up to 1.3.
            text("ValueError: arrays must all be same length"),
        ],
    ),
    Family(
        "pandas-values-length",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"Length of values (?:\((?P<values>\d+)\) )?does not match length of index(?: \((?P<rows>\d+)\))?"],
        needles=("Length of values",),
        headline="{told}",
        means="A new column needs one value for each row.",
        causes=("Windows, shift or a split left rows out, so that predictions are fewer than the rows of the table.",),
        changes=("Take the rows that belong to the values, df = df.iloc[-len(values):], or give them as pd.Series(values, "
            "index=those rows).",),
        derive=lambda groups: {
            "told": f"{counted(groups['values'], 'value')} for {counted(groups['rows'], 'row')}"
            if "rows" in groups
            else "The number of values differs from the number of rows"
        },
        raised=[
            pandas(FRAME + "d['b'] = [1, 2, 3]\n", values=3, rows=2),
            pandas("pd.Series([1, 2], index=[1])\n", values=2, rows=1),
            # pandas up to 1.0 gives no numbers.
            text("ValueError: Length of values does not match length of index"),
        ],
    ),
    Family(
        "pandas-shape-of-values",
        library="pandas",
        exceptions=VALUE,
        patterns=[
            r"Shape of passed values is (?P<shape>\([\d, ]+\)), indices imply (?P<wanted>\([\d, ]+\))",
            r"(?P<wanted_columns>\d+) columns passed, passed data had (?P<columns>\d+) columns",
        ],
        needles=("Shape of passed values is", "columns passed, passed data had"),
        headline="{told}",
        means="columns names every column of the data, and index every row.",
        causes=("Names of the whole table are used for a part of it, or a scaler or encoder gave more columns than it took.",),
        changes=("Give as many names as the data has columns (get_feature_names_out() of an encoder), or take the columns that are "
            "named.",),
        derive=lambda groups: {
            "told": f"The data has the shape {groups['shape']}, but its names are for {groups['wanted']}"
            if "shape" in groups
            else f"The data has {counted(groups['columns'], 'column')}, but {groups['wanted_columns']} are named"
        },
        raised=[
            pandas("pd.DataFrame(np.ones((2, 3)), columns=['a', 'b'])\n", shape=(2, 3), wanted=(2, 2)),
            pandas("pd.DataFrame([[1, 2, 3]], columns=['a', 'b'])\n", wanted_columns=2, columns=3),
        ],
    ),
    Family(
        "pandas-two-axes",
        library="pandas",
        exceptions=VALUE,
        patterns=[
            r"Must pass 2-d input\. shape=(?P<shape>\([\d, ]+\))",
            r"(?:Per-column arrays must each be 1-dimensional|Data must be 1-dimensional)(?:, got ndarray of shape (?P<shape>\([\d, "
            r"]+\)))?",
        ],
        needles=("Must pass 2-d input", "must each be 1-dimensional", "Data must be 1-dimensional"),
        headline="{told}",
        means="A DataFrame has rows and columns, a column or Series has rows only.",
        causes=("Outputs of a network have the shape (n, 1), or a batch of windows has three axes.",),
        changes=("For a column use values.ravel(); for windows take the last step, x[:, -1, :], or x.reshape(len(x), -1).",),
        derive=lambda groups: {
            "told": f"An array of {groups['shape']} does not fit here" if "shape" in groups else "An array with more than one axis "
                "does not fit into a column"
        },
        raised=[
            pandas("pd.DataFrame(np.ones((2, 3, 4)))\n", shape=(2, 3, 4)),
            pandas("pd.Series(np.ones((2, 1)))\n", shape=(2, 1)),
            pandas("pd.DataFrame({'a': np.ones((2, 1))})\n"),
        ],
    ),
    Family(
        "pandas-names-count",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"Length mismatch: Expected axis has (?P<have>\d+) elements, new values have (?P<given>\d+) elements"],
        needles=("Length mismatch: Expected axis has",),
        headline="The table has {have} columns or rows, but {given} names are given",
        means="df.columns = names each column, df.index = each row.",
        changes=("Print df.shape and give exactly that many names; to rename some use df.rename(columns={{'old': 'new'}}).",),
        raised=[pandas(FRAME + "d.columns = ['a', 'b']\n", have=1, given=2)],
    ),
    Family(
        "pandas-missing-labels",
        library="pandas",
        exceptions=("KeyError",),
        patterns=[
            r"\"?None of \[(?:Index\()?(?P<labels>\[.*?\])(?:, dtype=.*?)?\)?\] are in the \[(?P<where>\w+)\]",
            r"\"?(?P<labels>\[[^\]]*\]) not (?:in index|found in axis)",
        ],
        needles=("are in the [", "not in index", "not found in axis"),
        headline="The table has no such columns or rows: {labels}",
        means="Labels in brackets are looked up by name.",
        causes=("A name is spelt or spaced otherwise in the file, the column became the index, or a list of rows was given where "
            "columns are meant.",),
        changes=("Print df.columns.tolist(); clean the names with df.columns = df.columns.str.strip(); rows by number are "
            "df.iloc[[...]].",),
        raised=[
            pandas(FRAME + "d[['a', 'c']]\n", labels="['c']"),
            pandas(FRAME + "d[['b', 'c']]\n", labels="['b', 'c']", where="columns"),
            pandas(FRAME + "d.drop('z')\n", labels="['z']"),
        ],
    ),
    Family(
        "pandas-one-label",
        library="pandas",
        exceptions=("KeyError",),
        patterns=[r"^(?P<label>'[^']*'|\"[^\"]*\"|-?\d+(?:\.\d+)?|Timestamp\('[^']*'\)|\([^()]*\))(?: |$)"],
        needles=("'", '"', *"0123456789"),
        within=("pandas",),
        headline="The table has no column or row named {label}",
        means="df[name] looks a column up by its name, df.loc[name] a row by its label, series[name] an entry by its label.",
        causes=(
            "{why}",
        ),
        changes=("{mend}",),
        derive=_label,
        raised=[
            pandas(FRAME + "d['height']\n", label="'height'"),
            pandas(FRAME + "d.loc[77]\n", label=77),
            pandas("s = pd.Series([1, 2, 3])[[True, False, True]]\ns[1]\n", label=1),
        ],
    ),
    Family(
        "pandas-columns-count",
        library="pandas",
        exceptions=("ValueError",),
        patterns=[r"Columns must be same length as key"],
        needles=("Columns must be same length as key",),
        headline="More columns are named on the left of = than the right side has, or fewer",
        means="df[['a', 'b']] = values needs one column of values for each name.",
        causes=(
            "str.split(expand=True) or apply gave another number of columns than expected: some texts have another number of parts, or "
            "the table is empty.",
            "A name stands twice in df.columns, so that df['a'] is two columns.",
        ),
        changes=("Print the right side's .shape and df.columns[df.columns.duplicated()]; name as many columns as it has.",),
        raised=[pandas(FRAME + "d[['b', 'c']] = pd.DataFrame({'x': [1, 2]})\n")],
    ),
    Family(
        "pandas-row-number",
        library="pandas",
        exceptions=("IndexError",),
        patterns=[r"(?:single positional indexer is out-of-bounds|positional indexers are out-of-bounds)"],
        needles=("out-of-bounds",),
        headline="iloc was given a number beyond the rows or columns of the table",
        means="iloc counts rows and columns from 0, so the last one is the count less one.",
        causes=("A loop runs one too far, or rows were dropped before.",),
        changes=("Compare with df.shape, or let the loop end at len(df).",),
        raised=[pandas(FRAME + "d.iloc[5]\n"), pandas(FRAME + "d.iloc[:, 3]\n")],
    ),
    Family(
        "pandas-truth",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"The truth value of a (?P<kind>Series|DataFrame|Index) is ambiguous"],
        needles=("The truth value of a ",),
        headline="A whole {kind} stands where one True or False is needed",
        means="if, and, or and not ask for one answer, while a comparison of a {kind} gives one for every row.",
        causes=("Two conditions are joined with and or or.",),
        changes=("Join conditions with & and |, each in parentheses: df[(df['a'] > 1) & (df['b'] < 3)]; for one answer use .any() "
            "or .all().",),
        raised=[
            pandas(FRAME + "d[d['a'] > 1 and d['a'] < 3]\n", kind="Series"),
            pandas(FRAME + "if d > 1:\n    pass\n", kind="DataFrame"),
        ],
    ),
    Family(
        "pandas-bool-length",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"Item wrong length (?P<given>\d+) instead of (?P<rows>\d+)"],
        needles=("Item wrong length",),
        headline="A mask of {given} answers is laid over {rows} rows",
        means="A list of True and False keeps or drops each row, so it needs one answer for each.",
        changes=("Make the mask from this very table: df[df['a'] > 0].",),
        raised=[pandas(FRAME + "d[[True]]\n", given=1, rows=2)],
    ),
    Family(
        "pandas-scalar-columns",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"If using all scalar values, you must pass an index"],
        needles=("If using all scalar values",),
        headline="A DataFrame of single values does not know how many rows it has",
        means="Columns are lists; with single values there is nothing to count rows by.",
        changes=("Write lists, {{'a': [1]}}, or give index=[0].",),
        raised=[pandas("pd.DataFrame({'a': 1})\n")],
    ),
    Family(
        "pandas-nothing-to-join",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"No objects to concatenate"],
        needles=("No objects to concatenate",),
        headline="pd.concat was given an empty list",
        means="There is nothing to join.",
        causes=("The loop that fills the list found no file or no group.",),
        changes=("Print the length of the list before this line, and check the path or pattern of the files.",),
        raised=[pandas("pd.concat([])\n")],
    ),
    Family(
        "pandas-merge-types",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"You are trying to merge on (?P<left>\w+) and (?P<right>\w+) columns"],
        needles=("You are trying to merge on",),
        headline="The columns to merge on have different types: {left} and {right}",
        means="Rows are matched where both columns hold the same value, and 1 is not '1'.",
        changes=("Make both alike before: left['id'] = left['id'].astype(str), and the same for the other.",),
        raised=[
            pandas("pd.merge(pd.DataFrame({'a': [1]}), pd.DataFrame({'a': ['1']}), on='a')\n", left="int64"),
            text("ValueError: You are trying to merge on object and int64 columns. If you wish to proceed you should use pd.concat",
                left="object", right="int64"),
        ],
    ),
    Family(
        "pandas-not-finite",
        library="pandas",
        exceptions=("IntCastingNaNError", "ValueError"),
        patterns=[r"Cannot convert non-finite values \(NA or inf\) to integer"],
        needles=("Cannot convert non-finite values",),
        headline="The column has missing values, which whole numbers cannot hold",
        means="NaN is a floating-point value, so an int column has no place for it.",
        changes=("Fill or drop them first (fillna(0), dropna()), or use astype('Int64'), which knows missing values.",),
        raised=[pandas("pd.Series([1, None]).astype(int)\n")],
    ),
    Family(
        "pandas-parse-number",
        library="pandas",
        exceptions=VALUE,
        patterns=[r"Unable to parse string \"?'?(?P<value>.*?)'?\"? at position (?P<row>\d+)"],
        needles=("Unable to parse string",),
        headline="Row {row} (from 0) is no number: {value}",
        means="to_numeric reads numbers written with a dot and without units.",
        causes=("Units, thousands separators, a decimal comma, or words for missing values.",),
        changes=("Clean them with .str.replace, or make what is no number missing: pd.to_numeric(column, errors='coerce').",),
        raised=[pandas("pd.to_numeric(pd.Series(['1', 'x']))\n", value="x", row=1)],
    ),
    Family(
        "pandas-file-fields",
        library="pandas",
        exceptions=("ParserError",),
        patterns=[r"Expected (?P<expected>\d+) fields in line (?P<line>\d+), saw (?P<found>\d+)"],
        needles=("Error tokenizing data",),
        headline="Line {line} of the file has {found} fields where {expected} are expected",
        means="read_csv takes the number of columns from the first lines.",
        causes=("Another separator than the comma, lines of text before the table, or commas within a field.",),
        changes=("Look at line {line}; give sep=';' or sep='\\t', skiprows=, or on_bad_lines='skip'.",),
        raised=[pandas("import io\npd.read_csv(io.StringIO('a,b\\n1,2\\n1,2,3\\n'))\n", expected=2, line=3, found=3)],
    ),
    Family(
        "pandas-duplicate-labels",
        library="pandas",
        exceptions=("ValueError", "InvalidIndexError"),
        patterns=[r"cannot reindex (?:on an axis with duplicate labels|from a duplicate axis)",
            r"Index contains duplicate entries, cannot reshape", r"Reindexing only valid with uniquely valued Index objects"],
        needles=("Reindexing only valid with", "cannot reindex", "Index contains duplicate entries"),
        headline="Row or column labels appear more than once, so rows cannot be lined up by them",
        means="Lining up and pivoting need each label once.",
        causes=("Tables were joined with pd.concat and kept their row numbers, or a date appears twice.",),
        changes=("Use df.reset_index(drop=True) or pd.concat(..., ignore_index=True); for pivot use pivot_table, which takes the "
            "mean.",),
        raised=[
            pandas("d = pd.DataFrame({'a': [1, 1]}, index=[0, 0])\nd.reindex([0, 1])\n"),
            pandas("pd.DataFrame({'a': [1, 1], 'b': [1, 1], 'c': [1, 2]}).pivot(index='a', columns='b', values='c')\n"),
            # pandas up to 1.4.
            text("ValueError: cannot reindex from a duplicate axis"),
        ],
    ),
    Family(
        "pandas-gone",
        library="pandas",
        exceptions=("AttributeError",),
        patterns=[r"'(?P<kind>DataFrame|Series)' object has no attribute '(?P<name>append|ix|as_matrix|reshape|iteritems|get_value)'"],
        needles=("object has no attribute",),
        headline="A {kind} has no {name} in this version of pandas",
        means="It was there in older releases and has been removed.",
        changes=("Write {instead}.",),
        derive=lambda groups: {
            "instead": {
                "append": "pd.concat([df, other], ignore_index=True)",
                "ix": "df.loc[...] for labels or df.iloc[...] for numbers",
                "as_matrix": "df.to_numpy()",
                "reshape": "series.to_numpy().reshape(...)",
                "iteritems": "df.items()",
                "get_value": "df.at[row, column]",
            }[groups["name"]]
        },
        raised=[
            pandas("pd.Series([1, 2]).reshape(2, 1)\n", kind="Series", name="reshape"),
            pandas(FRAME + "d.append({'a': 3})\n", kind="DataFrame", name="append"),
            pandas(FRAME + "d.ix[0]\n", kind="DataFrame", name="ix"),
        ],
    ),
]  # fmt: skip
