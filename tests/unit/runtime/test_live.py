"""What stands under a traceback, in a program, a test or a cell; and ``reveal_shape`` in a program that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

import foreshape

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def told(error: BaseException) -> str:
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def test_the_error_goes_on_as_it_is_with_an_explanation_under_it():
    x, w = np.zeros((32, 10)), np.zeros((12, 4))
    thrown = ValueError
    with pytest.raises(thrown) as caught, foreshape.explain():
        x @ w
    text = told(caught.value)
    assert "matmul: Input operand 1 has a mismatch" in text
    if sys.version_info >= (3, 11):
        assert "x  (32, 10) float64" in text
        assert "w  (12, 4) float64" in text
        assert text.index("matmul: Input operand") < text.index("foreshape")


def test_nothing_happens_while_nothing_raises(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was started"))
    with foreshape.explain() as given:
        value = np.zeros(3) + 1
    assert value.sum() == 3
    assert given is not None


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_what_is_no_error_goes_through_at_once(monkeypatch, error):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("something was started"))
    with pytest.raises(type(error)) as caught, foreshape.explain():
        raise error
    assert caught.value is error
    assert not getattr(error, "__notes__", [])


def test_one_explanation_however_many_are_around_it():
    with pytest.raises(ValueError, match="operand") as caught, foreshape.explain(), foreshape.explain():
        np.zeros((2, 3)) @ np.zeros((4, 5))
    assert len(getattr(caught.value, "__notes__", [""])) == 1


def test_an_explanation_that_breaks_says_nothing(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("broken")

    monkeypatch.setattr(subprocess, "run", broken)
    monkeypatch.delenv("FORESHAPE_TRACEBACK", raising=False)
    with pytest.raises(ZeroDivisionError) as caught, foreshape.explain():
        1 / 0  # noqa: B018
    assert "broken" not in told(caught.value)


def test_no_property_is_run_for_an_explanation():
    class Model:
        asked = 0

        @property
        def weights(self):
            Model.asked += 1
            return np.zeros(3)

    model = Model()
    with pytest.raises(ValueError, match="broadcast"), foreshape.explain():
        model.weights + np.zeros(4)
    assert Model.asked == 1


def test_reveal_shape_prints_and_gives_the_value_back(capsys):
    x = np.zeros((32, 10), np.float32)
    assert foreshape.reveal_shape(x) is x
    said = capsys.readouterr().err
    assert "test_live.py" in said
    assert said.rstrip().endswith("(32, 10) float32")
    assert foreshape.reveal_shape(7) == 7
    assert capsys.readouterr().err.rstrip().endswith("int")


def test_reveal_shape_of_tensors(capsys):
    torch = pytest.importorskip("torch")
    foreshape.reveal_shape(torch.zeros(2, 3, dtype=torch.int64))
    assert capsys.readouterr().err.rstrip().endswith("(2, 3) int64")


def test_reveal_shape_says_the_same_in_check_and_in_a_run(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy as np\nimport foreshape\nx = np.zeros((4, 7, 3))\nforeshape.reveal_shape(x.sum(axis=1))\n"
    )
    live = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env=ENVIRONMENT, check=True)
    checked = subprocess.run(
        [sys.executable, "-m", "foreshape", "check", str(script), "--format", "json"],
        capture_output=True, text=True, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    assert "(4, 3) float64" in live.stderr
    assert any("(4, 3)" in each["message"] for each in json.loads(checked.stdout)["diagnostics"]), checked.stdout


def test_the_pytest_plugin_adds_a_section(tmp_path):
    (tmp_path / "test_it.py").write_text(
        """import numpy as np

def test_product():
    x = np.zeros((32, 10))
    x @ np.zeros((12, 4))

def test_assertion():
    assert np.zeros(3).sum() == 1

def test_fine():
    pass
"""
    )
    plugin = ["-p", "foreshape.runtime.pytest_plugin"]
    with_it, without = (
        subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:foreshape", *extra, "-p", "no:cacheprovider", "test_it.py"],
            capture_output=True, text=True, env={**ENVIRONMENT, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, cwd=tmp_path, check=False,
        )
        for extra in (plugin, [])
    )  # fmt: skip
    assert with_it.returncode == without.returncode == 1
    assert "2 failed, 1 passed" in with_it.stdout
    assert with_it.stdout.count(" foreshape ") == 1
    assert "x  (32, 10) float64" in with_it.stdout
    assert "mismatch in its core dimension" in with_it.stdout
    assert "foreshape -" not in without.stdout


def test_a_cell_is_explained_by_the_cells_before_it(capsys):
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "foreshape")
        cells = ["import numpy as np\nx = np.zeros((32, 10))", "w = np.zeros((12, 4))", "x @ w", "v = np.zeros((7, 4))", "x @ v"]
        for number, cell in enumerate(cells, 1):
            shell.run_cell(cell, store_history=True)
            said = capsys.readouterr().err
            if "@" in cell:
                assert f"--> cell {number}:1" in said, said
                assert "::: cell 1" in said, said
                assert "session.ipynb" not in said, said
    finally:
        InteractiveShell.clear_instance()


def test_the_extension_of_ipython(capsys):
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "foreshape")
        shell.run_cell("import numpy as np\nx = np.zeros((32, 10))")
        assert "What stands" not in capsys.readouterr().err
        done = shell.run_cell("x @ np.zeros((12, 4))", store_history=True)
        assert isinstance(done.error_in_exec, ValueError)
        said = capsys.readouterr()
        assert "x  (32, 10) float64" in said.err
        assert "mismatch" in said.out + said.err
        shell.run_line_magic("unload_ext", "foreshape")
        shell.run_cell("x @ np.zeros((12, 4))")
        assert "x  (32, 10) float64" not in capsys.readouterr().err
    finally:
        InteractiveShell.clear_instance()
