"""``foreshape run`` beside ``python``: the same arguments, exit status and output, the traceback first, the explanation under it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
ENVIRONMENT.pop("FORESHAPE_TRACEBACK", None)
PLAIN, OURS = [sys.executable], [sys.executable, "-m", "foreshape", "run"]


def execute(command, script, *arguments, cwd=None, given=None):
    return subprocess.run(
        [*command, str(script), *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=cwd,
        input=given,
        check=False,
    )


def both(tmp_path, text, *arguments, given=None, name="script.py"):
    """Run it both ways, hold them against each other, and give ours."""
    script = tmp_path / name
    script.write_text(text)
    plain = execute(PLAIN, script, *arguments, cwd=tmp_path, given=given)
    ours = execute(OURS, script, *arguments, cwd=tmp_path, given=given)
    assert (ours.returncode, ours.stdout) == (plain.returncode, plain.stdout), ours.stderr
    assert ours.stderr.startswith(plain.stderr), (ours.stderr, plain.stderr)
    return ours


SAME = {
    "arguments": "import sys\nprint(sys.argv)",
    "file": "import os\nprint(__file__, __name__, os.getcwd())",
    "main": "import __main__\nvalue = 7\nprint(__main__.value, __main__.__file__)",
    "first place to look": "import sys\nprint(sys.path[0])",
    "names": "print(sorted(name for name in globals() if name not in ('__cached__', '__builtins__')))",
    "input": "print(input()[::-1])",
    "status of an exit": "import sys\nprint('before')\nsys.exit(7)",
    "exit without a status": "raise SystemExit",
    "exit with words": "import sys\nsys.exit('no data')",
    "exit of True": "import sys\nsys.exit(True)",
    "exit in a function": "def leave():\n    raise SystemExit(3)\nleave()",
    "at exit": "import atexit\natexit.register(print, 'goodbye')\nprint('hello')",
    "exit and at exit": "import atexit, sys\natexit.register(print, 'goodbye')\nsys.exit(4)",
    "syntax error": "print('never'\n",
    "undefined": "print('before')\nprint(undefined)",
    "chained": "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('second') from error",
    "own hook": "import sys\nsys.excepthook = lambda *a: print('hooked', a[1])\nraise ValueError('x')",
    "own exception": "class Odd(Exception):\n    pass\nraise Odd('odd')",
    "future": "from __future__ import annotations\ndef f(x: Undefined): return 1\nprint(f(0))",
    "annotations without that": "def f(x: int): return 1\nprint(f.__annotations__)",
    "what the streams refuse": "import sys\nprint(sys.stdout.errors, sys.stderr.errors)",
    "encoding": "# -*- coding: utf-8 -*-\nprint('größe')",
    "pickle": "import pickle\nclass Point:\n    pass\nprint(type(pickle.loads(pickle.dumps(Point()))).__name__)",
    "recursion": "def f(n): return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError:\n    print('deep')",
    "collector": "import gc\nprint(gc.get_threshold(), gc.isenabled())",
    "thread": "import threading\nt = threading.Thread(target=print, args=('thread',))\nt.start()\nt.join()",
}


@pytest.mark.parametrize("name", SAME)
def test_as_python_does(tmp_path, name):
    both(tmp_path, SAME[name], "--flag", "-x", "a b", "--help", "--", given="word\n")


def test_siblings_are_imported(tmp_path):
    (tmp_path / "sibling.py").write_text("value = 5\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("from . import inner\n")
    (tmp_path / "package" / "inner.py").write_text("from .other import name\n")
    (tmp_path / "package" / "other.py").write_text("name = 'other'\n")
    done = both(tmp_path, "import sibling, package\nprint(sibling.value, package.inner.name)")
    assert done.stdout == "5 other\n"


def test_from_another_folder(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "near.py").write_text("value = 1\n")
    both(tmp_path, "import near\nprint(near.value, __file__)", name="inner/script.py")
    (tmp_path / "elsewhere").mkdir()
    script = tmp_path / "inner" / "script.py"
    plain, ours = (
        execute(command, Path("../inner/script.py"), cwd=tmp_path / "elsewhere") for command in (PLAIN, OURS)
    )
    assert (ours.stdout, ours.returncode) == (plain.stdout, plain.returncode)
    assert script.exists()


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes(tmp_path, method):
    if method == "fork" and not hasattr(os, "fork"):
        pytest.skip("no fork here")
    text = f"""
import multiprocessing

def double(number):
    return 2 * number

if __name__ == "__main__":
    with multiprocessing.get_context({method!r}).Pool(2) as pool:
        print(pool.map(double, range(4)))
"""
    assert both(tmp_path, text).stdout == "[0, 2, 4, 6]\n"


def test_an_error_is_explained_under_its_traceback(tmp_path):
    text = """import numpy as np

def join(a, b):
    return a @ b

join(np.zeros((32, 10)), np.zeros((12, 4)))
"""
    done = both(tmp_path, text)
    head, _, rest = done.stderr.partition("What stands on that line:")
    assert "Traceback (most recent call last)" in head
    assert "running.py" not in head
    assert "a  (32, 10) float64" in rest
    assert "b  (12, 4) float64" in rest
    assert done.returncode == 1


def test_ctrl_c(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    statuses = []
    for command in (PLAIN, OURS):
        process = subprocess.Popen(
            [*command, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT,
            # a test run in the background ignores Ctrl-C, and what it starts would inherit that
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        statuses.append(process.returncode)
        assert "KeyboardInterrupt" in said
    assert statuses[0] == statuses[1] == -signal.SIGINT


def test_there_is_no_such_script(tmp_path):
    done = execute(OURS, tmp_path / "absent.py")
    assert done.returncode == 2
    assert "there is no such file" in done.stderr


def test_modules_folders_archives_and_standard_input_run_as_python_runs_them(tmp_path):
    import zipfile

    package = tmp_path / "package"
    package.mkdir()
    told = "import sys\nprint(sys.argv, __name__, __package__, sys.path[0])\n"
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(told)
    (package / "part.py").write_text(told + "from . import other\nraise SystemExit(other.STATUS)\n")
    (package / "other.py").write_text("STATUS = 5\n")
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.write(package / "__main__.py", "__main__.py")
    for arguments in (["package", "1"], ["-m", "package", "1"], ["-m", "package.part"], ["-m", "no_such_module"], ["app.zip", "-x"]):
        plain, ours = (execute([*command, *arguments[:1]], *arguments[1:], cwd=tmp_path) for command in (PLAIN, OURS))
        assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr), arguments
    plain, ours = (execute(command, "-", "a", cwd=tmp_path, given=told) for command in (PLAIN, OURS))
    assert (ours.returncode, ours.stdout) == (plain.returncode, plain.stdout)


def test_without_anything_to_run_one_line_says_so(tmp_path):
    done = execute(OURS, "-m", cwd=tmp_path)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
