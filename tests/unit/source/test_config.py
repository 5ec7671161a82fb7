"""`[tool.foreshape]`."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreshape.source.config import Config, ConfigError, ConfigFinder, check_rules
from foreshape.source.versions import Version

RULES = ("rank-mismatch", "index-range", "label-shape")


def config(folder: Path, text: str) -> Config:
    (folder / "pyproject.toml").write_text(text)
    return ConfigFinder(RULES).of(str(folder))


def test_everything(tmp_path: Path) -> None:
    found = config(
        tmp_path,
        """
        [tool.foreshape]
        select = ["rank-mismatch", "index-range"]
        ignore = ["index-range"]
        exclude = ["old", "build/*"]
        [tool.foreshape.target]
        keras = "2"
        numpy = 1
        [tool.foreshape.per-file-ignores]
        "tests/*" = ["rank-mismatch"]
        """,
    )
    assert found.target == {"keras": Version(2), "numpy": Version(1)}
    assert found.exclude == ("old", "build/*")
    assert found.wants("rank-mismatch", str(tmp_path / "a.py"))
    assert not found.wants("rank-mismatch", str(tmp_path / "tests" / "a.py"))
    assert not found.wants("index-range", str(tmp_path / "a.py"))
    assert not found.wants("label-shape", str(tmp_path / "a.py"))


def test_the_nearest_that_speaks_of_us(tmp_path: Path) -> None:
    config(tmp_path, "[tool.foreshape]\nignore = ['index-range']\n")
    inner = tmp_path / "inner" / "deeper"
    inner.mkdir(parents=True)
    (tmp_path / "inner" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert ConfigFinder(RULES).of(str(inner)).ignore == {"index-range"}
    assert ConfigFinder(RULES).of("/").ignore == frozenset()


def test_targets_as_a_list(tmp_path: Path) -> None:
    found = config(tmp_path, "[tool.foreshape]\ntarget = ['keras=2', 'sklearn=1.3']\n")
    assert found.target == {"keras": Version(2), "scikit-learn": Version(1, 3)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.foreshape]\nslect = []", "has no key 'slect', did you mean 'select'?"),
        ("[tool.foreshape]\nper_file_ignores = {}", "did you mean 'per-file-ignores'?"),
        ("[tool.foreshape]\nselect = ['rank-mismach']", "unknown rule 'rank-mismach', did you mean 'rank-mismatch'?"),
        ("[tool.foreshape]\nignore = 'index-range'", "ignore must be a list of strings"),
        ("[tool.foreshape]\nexclude = [1]", "exclude must be a list of strings"),
        ("[tool.foreshape]\nper-file-ignores = []", "must be a table of file patterns"),
        ("[tool.foreshape]\ntarget = ['keras']", "is not NAME=VERSION"),
        ("[tool.foreshape.target]\nkers = '2'", "unknown target 'kers', did you mean 'keras'?"),
        ("[tool.foreshape.target]\nkeras = 'two'", "is not a version, as in keras=3.15"),
        ("[tool]\nforeshape = 3", "must be a table"),
        ("[tool.foreshape\n", "is not TOML"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config(tmp_path, text)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)
    assert str(tmp_path / "pyproject.toml") in str(raised.value)


def test_options() -> None:
    base = Config(select=["rank-mismatch"], ignore=["label-shape"])
    assert base.with_options([], []) is base
    changed = base.with_options(["index-range"], ["rank-mismatch"])
    assert changed.select == {"index-range"}
    assert changed.ignore == {"label-shape", "rank-mismatch"}
    with pytest.raises(ConfigError, match="--select: unknown rule 'x'"):
        check_rules(["x"], "--select", RULES)
