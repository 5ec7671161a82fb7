"""What Keras and TensorFlow wrap around a message: taken off, and what it says about the layer kept."""

from __future__ import annotations

import re
from typing import Final

IN_USER_CODE: Final = "in user code:"
INNER_ERROR: Final = re.compile(r"^\s+(?:[A-Za-z_]\w*\.)*[A-Z]\w*(?:Error|Exception): ?", re.MULTILINE)
GRAPH_ERROR: Final = re.compile(r"Graph execution error:|^\s*Detected at node", re.MULTILINE)
GRAPH_LINE: Final = re.compile(
    r"^\s*(?:File \"[^\"]*\", line \d+|Detected at node|Node: '|Graph execution error:|\d+ root error\(s\) found)"
)
STATUS: Final = re.compile(
    r"^\s*(?:\(\d+\)\s*)?(?:(?:INVALID_ARGUMENT|Invalid argument|UNKNOWN|INTERNAL|UNIMPLEMENTED):\s*)+"
)
CALLING: Final = re.compile(
    r"Exception encountered when calling (?:layer ['\"](?P<name>[^'\"]*)['\"] \(type (?P<kind>\w+)\)|(?P<cls>\w+)\.call\(\))\.\s*"
)
SPECIFICATION: Final = re.compile(
    r"Could not automatically infer the output shape / dtype of .*?Error encountered:\s*", re.DOTALL
)
ARGUMENTS: Final = re.compile(r"\s*(?:Call arguments|Arguments) received by (?:layer ['\"]|\w+\.call\(\)).*", re.DOTALL)
NODE: Final = re.compile(r"\s*\[\[\{?\{?[nN]ode:? (?P<node>[^\s}\]]+).*", re.DOTALL)
FUNCTION_NODE: Final = re.compile(r"\{\{function_node [^}]*\}\}\s*")
SOURCE_NODE: Final = re.compile(r"\{\{node (?P<node>[^}]+)\}\}")
TAIL: Final = re.compile(r"\s*(?:\[Op:(?P<op>\w+)\]\s*(?:name: ?\S*)?|name: ?)$")


class Inner:
    """A message without its shells. layer: the name or class of the layer in which it arose, "" where it does not say.
    op: the operation of TensorFlow that raised it, as "MatMul"."""

    __slots__ = ("kind", "layer", "op", "text")

    def __init__(self, text: str, layer: str = "", kind: str = "", op: str = "") -> None:
        self.text = text
        self.layer = layer
        self.kind = kind
        self.op = op


def inner(message: str) -> Inner:
    """The message that stands inside "in user code", "Graph execution error", "Exception encountered when calling"."""
    text, layer, kind, op = message, "", "", ""
    if IN_USER_CODE in text:
        errors = list(INNER_ERROR.finditer(text))
        if errors:
            text = text[errors[-1].end() :]
    if GRAPH_ERROR.search(text):
        text = _after_graph(text)
    for match in CALLING.finditer(text):
        layer, kind = match["name"] or "", match["kind"] or match["cls"]
    text = SPECIFICATION.sub("", CALLING.sub("", text))
    text = ARGUMENTS.sub("", text)
    text = FUNCTION_NODE.sub("", text)
    node = NODE.search(text) or SOURCE_NODE.search(text)
    if node and not layer:
        layer = _layer_of(node["node"])
    text = NODE.sub("", text)
    tail = TAIL.search(text)
    if tail:
        op = tail["op"] or ""
        text = text[: tail.start()]
    return Inner(text.strip(), layer, kind, op)


def _after_graph(text: str) -> str:
    """What stands after the last line that says where a node was made."""
    lines = text.split("\n")
    last = max(number for number, line in enumerate(lines) if GRAPH_LINE.match(line))
    first = last + 1
    if lines[last].lstrip().startswith("File ") and first < len(lines) and re.match(r"^\s{4,}\S", lines[first]):
        first += 1  # the code of that line
    return STATUS.sub("", "\n".join(lines[first:]).strip())


def _layer_of(node: str) -> str:
    """ "embedding_1" for "sequential_1/embedding_1/GatherV2": the part before what the layer computes."""
    parts = [part for part in node.split("/") if part]
    while parts and (
        parts[0] in OUTER or re.match(r"(?:sequential|functional|model|gradient_tape)(?:_\d+)?$", parts[0])
    ):
        parts.pop(0)
    return parts[0] if len(parts) > 1 and not any(map(OF_TRAINING.search, parts[:-1])) else ""


OUTER: Final = frozenset(
    {"StatefulPartitionedCall", "PartitionedCall", "loss", "gradients", "train_op", "training", "optimizer"}
)
OF_TRAINING: Final = re.compile(
    r"[Ll]oss|crossentropy|^gradients$|_grad$|_error$|hinge|huber|poisson|divergence|similarity|^(?:Adam|SGD|RMSprop|adam|sgd|rmsprop)"
)
"""Nodes of losses and optimizers, which are no layers."""
