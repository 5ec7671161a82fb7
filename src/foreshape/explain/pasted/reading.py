"""A pasted traceback, out of whatever stands around it: exceptions, their messages and frames."""

from __future__ import annotations

import re
from typing import Final

from foreshape.explain.pasted.cleaning import FENCE, cleaned
from foreshape.explain.pasted.shells import Inner, inner

START: Final = "Traceback (most recent call last)"
ORIGINAL: Final = f"Original {START}"
OLD_WORKER: Final = re.compile(rf"^\w+: {re.escape(START)}")
"""A worker of a DataLoader before PyTorch 1.2: its frames follow those of the program."""
FRAME: Final = re.compile(r'^\s*(?:File )?"?(?P<path>[^"]+)", +line (?P<line>\d+)(?:, in (?P<function>.+))?\s*$')
GRAPH_FRAME: Final = re.compile(r'^\s+File "(?P<path>[^"]+)", line (?P<line>\d+), in (?P<function>\S+)\s+\**\s*$')
"""Of "in user code": stars mark what AutoGraph converted."""
OLD_GRAPH_FRAME: Final = re.compile(r"^\s*(?P<path>\S.*\.pyc?):(?P<line>\d+) (?P<function>[\w.<>]+)\s*\**\s*$")
"""The same in TensorFlow 2.2 and 2.3."""
IPYTHON_FRAMES: Final = (
    re.compile(
        r"^(?:Input |Cell )In ?\[(?P<cell>\d+)\](?:, in (?P<function>[^:]+?))?,? (?:in )?(?:<.+>, )?line (?P<line>\d+)"
    ),
    re.compile(r"^(?:Input |Cell )In ?\[(?P<cell>\d+)\],? in (?P<function>[^\n]+)$"),
    re.compile(r"^<ipython-input-(?P<cell>\d+)-\w+> in (?P<function>.+?)(?:\(.*\))?$"),
    re.compile(r"^File (?P<path>.+?):(?P<line>\d+), in (?P<function>[\w.<>]+)"),
    re.compile(r"^(?P<path>(?:[~/.]|[A-Za-z]:\\).+?\.pyc?) in (?P<function>[\w.<>]+)"),
    re.compile(r"^(?P<path>\S.*)\.ipynb Cell (?P<cell>\d+) line (?:<cell line: )?(?P<line>\d+)"),
)
ARROW: Final = re.compile(r"^-+> ?(?P<line>\d+) ?(?P<code>.*)$")
PYTEST_PLACE: Final = re.compile(
    r"^(?P<path>[^\s:]+\.py):(?P<line>\d+): (?:in (?P<function>\w+)|(?P<exception>\w+))\s*$"
)
WRAPPED: Final = re.compile(
    r"in user code:|Detected at node|Graph execution error|Original stack trace|most recent call last|Call arguments"
)
"""What says that frames within a message are of TensorFlow, outermost first."""
RAISED: Final = re.compile(
    r"^(?P<exception>(?:[A-Za-z_][\w]*\.)*[A-Z_]\w*(?:Error|Exception|Warning|Interrupt|Exit|Iteration|Fault|Failure))"
    r"(?::\s?(?P<message>.*))?$"
)
IGNORED: Final = "Exception ignored in"
IPYTHON_START: Final = re.compile(rf"^(?P<exception>(?!Original\b)[A-Za-z_][\w.]*)\s+{re.escape(START)}")
JOINTS: Final = (
    "During handling of the above exception, another exception occurred",
    "The above exception was the direct cause of the following exception",
)
LIBRARY_PATHS: Final = re.compile(
    r"site-packages|dist-packages|[/\\]lib[/\\]python\d|^<frozen|^<__array_function__|^<attrs|[/\\]Lib[/\\]|\\lib\\|^<string>$"
    r"|\.pyx$|[/\\]keras[/\\]src[/\\]|[/\\]tensorflow(?:_core)?[/\\]python[/\\]|[/\\]torch[/\\](?:nn|utils|_tensor|autograd)\b"
    r"|[/\\]_?pydev|[/\\]_?pydevd?_|ipykernel_launcher\.py$"
    r"|[/\\]bin[/\\][\w.-]*(?:run|launch|accelerate|deepspeed|pytest|jupyter|ipython)[\w-]*$"
)
RUNNERS: Final = frozenset(
    {"ChildFailedError", "ProcessRaisedException", "CalledProcessError", "RayTaskError", "SystemExit"}
)
"""What a launcher raises because the program has raised."""
NOISE: Final = re.compile(
    r"^(?:>>> |\$ |In \[\d+\]:|\(\w+\) .*[$#] |(?:ERROR|WARNING|INFO|DEBUG)[:\s]|[EWI]\d{4} |\[\w*rank|"
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d|Set the environment variable HYDRA_FULL_ERROR|Process finished with|wandb: |"
    r"> \S+\(\d+\)[\w<>]+\(\)|ipdb> |\(Pdb\) |Exception ignored in|['\"]\)$)"
)
"""Lines that come after a message and are none of it."""


class Frame:
    """One line of a traceback. cell: of a notebook, with path "" there. code: the line of code, "" where it is not shown."""

    __slots__ = ("cell", "code", "function", "line", "path")

    def __init__(
        self, path: str, line: int | None, function: str = "", code: str = "", cell: int | None = None
    ) -> None:
        self.path = path
        self.line = line
        self.function = function
        self.code = code
        self.cell = cell

    @property
    def own(self) -> bool:
        """Whether it is in the person's own code, not in a library."""
        return self.cell is not None or LIBRARY_PATHS.search(self.path) is None

    @property
    def place(self) -> str:
        """``train.py:12`` or ``cell 3, line 2``."""
        where = f"cell {self.cell}" if self.cell is not None else self.path
        if self.line is None:
            return where
        return f"{where}, line {self.line}" if self.cell is not None else f"{where}:{self.line}"


class Pasted:
    """One exception of the text, outermost frame first. exception: "" where only a message was pasted."""

    __slots__ = ("exception", "flat", "frames", "inner", "message")

    def __init__(self, exception: str, message: str, frames: tuple[Frame, ...] = ()) -> None:
        self.exception = exception
        self.message = message
        self.frames = frames
        self.inner: Inner = inner(message)
        """The message without what Keras and TensorFlow wrap around it."""
        self.flat = " ".join(self.inner.text.split())
        """That message on one line, since terminals and forums wrap it."""

    @property
    def kind(self) -> str:
        """The name of the exception without its module: "InvalidArgumentError"."""
        return self.exception.rpartition(".")[2]

    @property
    def own_frames(self) -> list[Frame]:
        return [frame for frame in self.frames if frame.own]


def read_pasted(text: str) -> list[Pasted]:
    """The exceptions of a text in the order in which they stand; the last is the one that ended the program. A text
    without any is taken as a message alone; an empty one gives an empty list."""
    lines = [line for line in cleaned(text) if not OLD_WORKER.match(line)]
    starts = [number for number, line in enumerate(lines) if START in line]
    stands = [start for start in starts if not (start and lines[start - 1].startswith(IGNORED))]
    if stands and len(stands) < len(starts):
        # What happened while Python was closing says nothing about the program.
        lines = lines[: next(start for start in starts if start not in stands and start > stands[0]) - 1]
        starts = [start for start in stands if start < len(lines)]
    # What stands before the first traceback may be one whose first lines were left out.
    found: list[Pasted] = _read_cut(lines[: starts[0]]) or _read_last_line(lines[: starts[0]]) if starts else []
    for position, start in enumerate(starts):
        end = starts[position + 1] if position + 1 < len(starts) else len(lines)
        block = _unprefixed(lines[start:end])
        one = _read_ipython(block) if IPYTHON_START.match(block[0]) else _read_standard(block)
        if one is not None:
            # A worker of a DataLoader raised it: the frames of the main process lead there.
            lead = found[-1].frames if found and ORIGINAL in lines[start] else ()
            found.append(Pasted(one.exception, one.message, (*lead, *one.frames)))
    return found or _read_pytest(lines) or _read_cut(lines) or _read_message(lines)


def raised_last(pasted: list[Pasted]) -> Pasted:
    """The exception that ended the program, not what its launcher raised because of it."""
    return next((one for one in reversed(pasted) if one.kind.partition("(")[0] not in RUNNERS), pasted[-1])


def _unprefixed(block: list[str]) -> list[str]:
    """Without what a logger, a container or a launcher put before every line (``[rank0]:``, a date and a level)."""
    marker = IPYTHON_START.search(block[0].lstrip()) or re.search(re.escape(START), block[0])
    lead = block[0].index(START) if marker is None or not IPYTHON_START.match(block[0].lstrip()) else 0
    if ORIGINAL in block[0]:
        lead = block[0].index(ORIGINAL)
    if lead == 0:
        lead = len(block[0]) - len(block[0].lstrip())
    if lead == 0:
        return block
    if not block[0][:lead].strip():
        # Set in, as code is in a forum; the first line that is not ends it.
        ends = (number for number, line in enumerate(block) if line.strip() and line[:lead].strip())
        block = block[: next(ends, len(block))]
    prefix = _mould(block[0][:lead])
    return [line[lead:] if _mould(line[:lead]) == prefix else line for line in block]


def _mould(prefix: str) -> str:
    """A prefix with its digits alike, so that the next second still matches."""
    return re.sub(r"\d", "0", prefix).rstrip()


def _read_standard(block: list[str]) -> Pasted | None:
    """``Traceback``, frames that are indented, and the exception, which is not."""
    frames: list[Frame] = []
    number = 1
    while number < len(block):
        line = block[number]
        match = FRAME.match(line)
        if match:
            frames.append(Frame(match["path"], int(match["line"]), (match["function"] or "").strip()))
        elif line[:1].isspace() or not line:
            code = line.strip()
            if frames and code and not frames[-1].code and set(code) - set("^~-"):
                frames[-1].code = code
        elif frames and not frames[-1].code and not RAISED.match(line) and _goes_on(block[number + 1 :]):
            frames[-1].code = line  # code that lost its indentation
        else:
            return _raised(block[number:], frames)
        number += 1
    return None


def _goes_on(lines: list[str]) -> bool:
    """Whether frames or the exception are still to come."""
    return any(FRAME.match(line) or RAISED.match(line) for line in lines)


def _read_ipython(block: list[str]) -> Pasted | None:
    """The form of notebooks: the exception on the first line and again on the last, arrows at the lines."""
    first = IPYTHON_START.match(block[0])
    assert first is not None
    frames: list[Frame] = []
    for number, line in enumerate(block[1:], 1):
        arrow = ARROW.match(line)
        match = next((found for each in IPYTHON_FRAMES if (found := each.match(line))), None)
        if match:
            groups = match.groupdict()
            cell = int(groups["cell"]) if groups.get("cell") else None
            line_number = int(groups["line"]) if groups.get("line") else None
            function = (groups.get("function") or "").split("(")[0].strip()
            frames.append(Frame(groups.get("path") or "", line_number, function, cell=cell))
        elif arrow and frames:
            frames[-1].line = frames[-1].line or int(arrow["line"])
            frames[-1].code = frames[-1].code or arrow["code"].strip()
        elif line.partition(":")[0].rpartition(".")[2] == first["exception"].rpartition(".")[2]:
            return _raised(block[number:], frames)
    return Pasted(first["exception"], "", tuple(frames)) if frames else None


def _raised(rest: list[str], frames: list[Frame]) -> Pasted:
    """The exception and its message, which may go on for lines."""
    head = re.match(r"(?P<name>[A-Za-z_][\w.]*)(?:\([\w.]+\))?(?: \(see above for traceback\))?(?::|$)", rest[0])
    name, message = (head["name"], rest[0][head.end() :]) if head else ("", rest[0])
    more: list[str] = []
    blank = 0
    for line in rest[1:]:
        if any(line.startswith(joint) for joint in JOINTS) or line == FENCE or NOISE.match(line):
            break
        blank = blank + 1 if not line else 0
        if blank > 2:
            break
        more.append(line)
    inner = next((match for line in reversed(more) if (match := RAISED.match(line.strip()))), None)
    if inner is not None and name.rpartition(".")[2] in RUNNERS:
        name, message = inner["exception"], inner["message"] or ""
        frames = [*frames, *_frames_within(more)]
        more = []
    within = _frames_within(more)
    if within and not any(WRAPPED.search(line) for line in rest):
        # A debugger writes the message first, then the frames from the innermost outwards.
        more, within = _without_frames(more), within[::-1]
        frames = [*within, *frames]
    else:
        places = {(_file(frame), frame.line) for frame in frames}
        frames = [*frames, *(frame for frame in within if (_file(frame), frame.line) not in places)]
    return Pasted(name, "\n".join([message.strip(), *more]).strip(), tuple(frames))


def _file(frame: Frame) -> str:
    """Its name alone: one and the same file is ``~/train.py`` and ``/home/ada/train.py``."""
    return frame.path.replace("\\", "/").rpartition("/")[2]


def _frames_within(lines: list[str]) -> list[Frame]:
    """Those that stand in the message itself: "in user code", and where a node of a graph was made."""
    frames: list[Frame] = []
    for number, line in enumerate(lines):
        match = GRAPH_FRAME.match(line) or FRAME.match(line) or OLD_GRAPH_FRAME.match(line)
        if match:
            code = lines[number + 1].strip() if number + 1 < len(lines) else ""
            shown = "" if code.startswith('File "') or set(code) <= set("^~-") else code
            frames.append(Frame(match["path"], int(match["line"]), match["function"] or "", shown))
    return frames


def _without_frames(lines: list[str]) -> list[str]:
    """Without those lines and the code under them."""
    frames = [FRAME.match(line) is not None for line in lines]
    return [
        line
        for number, line in enumerate(lines)
        if not frames[number] and not (number and frames[number - 1] and line[:1].isspace())
    ]


def _read_pytest(lines: list[str]) -> list[Pasted]:
    """``E   ValueError: ...`` with places as ``test_model.py:12: ValueError``."""
    marked = [line[1:].strip() for line in lines if re.match(r"^E\s{2,}", line)]
    if not marked:
        return []
    match = RAISED.match(marked[0])
    frames = tuple(
        Frame(place["path"], int(place["line"]), place["function"] or "")
        for line in lines
        if (place := PYTEST_PLACE.match(line))
    )
    if match is None:
        return [Pasted("", "\n".join(marked), frames)]
    return [Pasted(match["exception"], "\n".join([match["message"] or "", *marked[1:]]).strip(), frames)]


def _read_cut(lines: list[str]) -> list[Pasted]:
    """A traceback whose first lines were left out: it starts with a frame."""
    first = next((number for number, line in enumerate(lines) if FRAME.match(line)), None)
    if first is None or any(RAISED.match(line) for line in lines[:first]):
        return []  # the frames belong to the message: "Graph execution error", "in user code"
    one = _read_standard([START, *lines[first:]])
    return [one] if one is not None and one.exception else []


def _read_last_line(lines: list[str]) -> list[Pasted]:
    """What raised before a launcher's own traceback, where only its last line was pasted."""
    for number, line in enumerate(lines):
        match = RAISED.match(line)
        if match and match["message"] and match["exception"].endswith("Error") and "root error(s)" not in line:
            return [_raised(lines[number:], [])]
    return []


def _read_message(lines: list[str]) -> list[Pasted]:
    """No traceback: the last line that names an exception starts the message, else all of it is the message."""
    for number in range(len(lines) - 1, -1, -1):
        found = re.search(
            r"(?:^|[^\w.]|_)((?:[a-z_]\w*\.)*(?:[A-Z][A-Za-z]*(?:Error|Exception)|Exception))(?: \(see above for traceback\))?: ",
            lines[number],
        )
        if found:
            return [_raised([lines[number][found.start(1) :], *lines[number + 1 :]], [])]
    text = "\n".join(lines).strip()
    if not text or any(WRAPPED.search(line) for line in lines):
        return [Pasted("", text)] if text else []
    return [Pasted("", "\n".join(_without_frames(lines)).strip(), tuple(_frames_within(lines)[::-1]))]
