"""Which versions a file is checked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from foreshape.source import installed
from foreshape.source.targets import TargetError, Targets, parse_targets
from foreshape.source.versions import RELEASES, Version, choose, newest


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.setattr(installed.sys, "path", [])


def project(folder: Path, **files: str) -> str:
    (folder / "setup.py").touch()
    for name, text in files.items():
        (folder / name.replace("__", ".").replace("_", "-" if name.startswith("requirements") else "_")).write_text(
            text
        )
    return str(folder)


def test_versions() -> None:
    assert Version.parse("2.15.0rc1") == Version(2, 15) < Version(2, 15, 1) < Version(3)
    assert Version.parse("1.21.6+cpu").parts == (1, 21, 6)
    assert Version(2, 0).short == "2.0"
    assert hash(Version(2)) == hash(Version(2, 0))
    with pytest.raises(ValueError, match="not a version"):
        Version.parse("latest")


@pytest.mark.parametrize(
    ("name", "specifier", "version"),
    [
        ("tensorflow", "==2.10.1", "2.10.1"), ("tensorflow", "==2.10.*", "2.10"), ("tensorflow", "=2.10", "2.10"),
        ("tensorflow", "~=2.10.0", "2.10"), ("keras", "~=2.10", "2.21.0"), ("keras", "<3", "2.21.0"),
        ("keras", ">=2.4,<3.0", "2.21.0"), ("tensorflow", "<2.16", "2.15"), ("tensorflow", "<=2.15", "2.15"),
        ("tensorflow", "<2.16.1", "2.16.0"), ("numpy", "<2", "1.26.4"), ("numpy", "==1.*", "1.26.4"),
        ("numpy", "^1.20", "1.26.4"), ("numpy", "~1.20", "1.20"), ("numpy", ">=1.20", None), ("numpy", "!=1.20", None),
        ("numpy", "*", None), ("numpy", "", None), ("numpy", "<99", "2.4.6"), ("torch", "== 2.1.0", "2.1.0"),
    ],
)  # fmt: skip
def test_choose(name: str, specifier: str, version: str | None) -> None:
    assert choose(name, specifier) == (None if version is None else Version.parse(version))


def test_newest_without_anything() -> None:
    targets = Targets()
    for name in RELEASES:
        assert targets.get(name) == newest(name)
        assert targets.origin(name) == "newest"


def test_names() -> None:
    targets = Targets(parse_targets(["sklearn=1.2", "tf=2.20", "pytorch=1"]))
    assert targets.sklearn == targets.get("scikit-learn") == Version(1, 2)
    assert targets.tensorflow == Version(2, 20)
    assert targets.torch == Version(1, 13, 1)
    assert targets.at_least("torch", "1.13")
    assert not targets.at_least("torch", "2")
    with pytest.raises(KeyError):
        targets.get("nothing")


def test_order(tmp_path: Path) -> None:
    folder = project(tmp_path, requirements__txt="keras==2.9.0\nnumpy==1.22.0\ntorch==1.9\n")
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    for name in ("keras-3.1.0", "numpy-2.0.0", "torch-2.2.0", "pandas-2.1.0"):
        (site / f"{name}.dist-info").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    targets = Targets({"keras": Version(3, 3)}, {"keras": Version(2), "numpy": Version(1)}, folder)
    assert [(str(targets.get(name)), targets.origin(name)) for name in ("keras", "numpy", "torch", "pandas")] == [
        ("3.3", "--target"),
        ("1.26.4", "configuration"),
        ("1.9", "requirements.txt"),
        ("2.1.0", "installed in .venv"),
    ]
    assert targets.origin("scikit-learn") == "newest"


def test_the_interpreters_own_packages_come_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site" / "scikit_learn-1.5.0.dist-info").mkdir(parents=True)
    (tmp_path / "site" / "tensorflow_cpu-2.15.1.dist-info").mkdir()
    monkeypatch.setattr(installed.sys, "path", [str(tmp_path / "site")])
    targets = Targets(folder=str(tmp_path))
    assert targets.sklearn == Version(1, 5)
    assert targets.keras == Version(2, 15)
    assert targets.origin("keras") == "tensorflow 2.15 (installed)"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "# pins\ntensorflow-cpu[and-cuda]==2.10.0  # old\n"),
        ("requirements-dev.txt", "tensorflow == 2.10.0 ; python_version < '3.11'\n"),
        ("requirements.in", "tensorflow~=2.10.0\n"),
        ("pyproject.toml", "[project]\ndependencies = ['tensorflow<2.11']\n"),
        ("pyproject.toml", "[project.optional-dependencies]\ngpu = ['tensorflow==2.10']\n"),
        ("pyproject.toml", "[dependency-groups]\ndev = [{include-group = 'x'}, 'tensorflow==2.10']\n"),
        ("pyproject.toml", "[tool.poetry.dependencies]\ntensorflow = '~2.10'\n"),
        ("pyproject.toml", "[tool.poetry.group.ml.dependencies]\ntensorflow = {version = '2.10.0', optional = true}\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    numpy\n    tensorflow>=2.1,<2.11\n"),
        ("environment.yml", "dependencies:\n  - python=3.10\n  - conda-forge::tensorflow=2.10=cpu_py310\n"),
        ("environment.yml", "dependencies:\n  - pip:\n    - tensorflow==2.10.0\n"),
        ("Pipfile", "[packages]\ntensorflow = '==2.10.0'\n"),
        (
            "uv.lock",
            '[[package]]\nname = "absl"\nversion = "1"\n\n[[package]]\nname = "tensorflow"\nversion = "2.10.0"\n',
        ),
        ("poetry.lock", '[[package]]\nname = "tensorflow"\nversion = "2.10.1"\n'),
    ],
)
def test_where_a_project_pins(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    targets = Targets(folder=str(tmp_path))
    assert targets.tensorflow.short == "2.10"
    assert targets.origin("tensorflow") == name
    assert targets.keras.short == "2.10"
    assert targets.numpy.short == "1.26"


def test_pins_of_the_folders_above_up_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("torch==1.0\n")
    root = tmp_path / "root"
    inner = root / "a" / "b"
    inner.mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "requirements.txt").write_text("numpy==1.20\npandas==1.0\n")
    (root / "a" / "requirements.txt").write_text("numpy==1.21\n")
    targets = Targets(folder=str(inner))
    assert targets.numpy == Version(1, 21)
    assert targets.pandas == Version(1)
    assert targets.origin("torch") == "newest"


def test_broken_files_pin_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tensorflow = = 2")
    (tmp_path / "Pipfile").write_bytes(b"\xff\0tensorflow")
    (tmp_path / "requirements.txt").mkdir()
    assert Targets(folder=str(tmp_path)).origin("tensorflow") == "newest"


@pytest.mark.parametrize(
    ("options", "versions"),
    [
        (["tensorflow=1"], {"tensorflow": "1.15", "keras": "2.3", "numpy": "1.21"}),
        (["tensorflow=2.15"], {"keras": "2.15", "numpy": "1.26"}),
        (["tensorflow=2.16"], {"keras": "3.15", "numpy": "1.26"}),
        (["tensorflow=2"], {"tensorflow": "2.21", "keras": "3.15", "numpy": "2.4"}),
        (["keras=2"], {"tensorflow": "2.21", "keras": "2.21", "numpy": "2.4"}),
        (["keras=3"], {"keras": "3.15"}),
        (["tensorflow=2.10", "keras=3"], {"keras": "3.15"}),
        (["numpy=1"], {"numpy": "1.26", "keras": "3.15"}),
    ],
)
def test_what_tensorflow_brings(options: list[str], versions: dict[str, str]) -> None:
    targets = Targets(parse_targets(options))
    assert {name: targets.get(name).short for name in versions} == versions


def test_with_versions() -> None:
    base = Targets(parse_targets(["numpy=1"]))
    legacy = base.with_versions(keras="2")
    assert legacy.keras.major == 2
    assert legacy.numpy == base.numpy
    assert base.keras.major == 3


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("keras", "is not NAME=VERSION"),
        ("keras=", "is not NAME=VERSION"),
        ("keras=new", "is not a version"),
        ("kreas=2", "did you mean 'keras'?"),
    ],
)
def test_mistakes(option: str, words: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse_targets([option])
    assert words in str(raised.value)
