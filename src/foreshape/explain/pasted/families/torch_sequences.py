"""What PyTorch says about recurrent layers, packed sequences, and normalisation layers."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import ASSERTION, RUNTIME, SIZES, VALUE, N, images, without_batch

P: Final = N + "from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence\n"


def _hidden(groups: dict[str, Any]) -> dict[str, Any]:
    """Which of layers, batch and hidden size is not the one that the layer has."""
    expected, found = groups["expected"], groups["found"]
    words: dict[str, Any] = {
        "wrong": "",
        "often": "The state was made for another layer, or an encoder and a decoder have other sizes.",
        "change": f"Make it torch.zeros{expected}, or leave it out: it is zeros then.",
    }
    if len(expected) != 3 or len(found) != 3:
        return words
    names = ("layers x directions", "batch", "hidden size")
    wrong = [f"{name} is {got}, not {want}" for name, want, got in zip(names, expected, found) if want != got]
    words["wrong"] = ": " + ", ".join(wrong)
    if expected[1] != found[1] and expected[0] == found[0]:
        words["often"] = (
            "The state was made for another batch size, such as that of the batch before: the last batch of a DataLoader "
            "may be shorter; or batch_first is not what the data is, so that timesteps are counted as the batch."
        )
        words["change"] = (
            f"Make it for each batch with the batch size of the data, torch.zeros({expected[0]}, batch, {expected[2]}), or "
            "leave it out: it is zeros then."
        )
    elif expected[0] != found[0]:
        words["often"] = (
            "num_layers or bidirectional were counted differently: the first size is num_layers, twice that when bidirectional."
        )
    return words


def _state_rank(groups: dict[str, Any]) -> dict[str, Any]:
    batched = groups["kind"] == "batched"
    sizes = "(layers x directions, batch, hidden_size)" if batched else "(layers x directions, hidden_size)"
    change = "h.unsqueeze(0) where there is one layer" if batched else "h.squeeze(1), or give the data its batch axis"
    return {"sizes": sizes, "change": change, "data": "a batch, 3 axes" if batched else "a single sequence, 2 axes"}


def _normalised(groups: dict[str, Any]) -> dict[str, Any]:
    """The axes at the end that LayerNorm was made for, against those that it got."""
    wanted, shape = groups["wanted"], groups["shape"]
    tail = shape[-len(wanted) :]
    words: dict[str, Any] = {"tail": tail, "new": str(list(tail)) if len(tail) > 1 else "".join(map(str, tail))}
    if len(wanted) == 1 and wanted[0] in shape[:-1]:
        axis = shape.index(wanted[0])
        words["often"] = (
            f"The {wanted[0]} features stand on axis {axis}, as channels do; LayerNorm works on the last axes."
        )
        words["change"] = (
            f"Move them to the end, x.transpose({axis}, -1), or use BatchNorm or GroupNorm, which work on axis 1."
        )
    return words


def _batch_norm(groups: dict[str, Any]) -> dict[str, Any]:
    """The axes that the layer reads, by name, and the layer that fits the data."""
    first, _, second = str(groups["needs"]).partition(" or ")
    least = int(first.removesuffix("D"))
    most = int((second or first).removesuffix("D"))
    axes = images(most)
    if least == 2:
        axes = f"(batch, features) or {axes}"
    elif least != most:
        axes = f"{without_batch(most)} or {axes}"
    found = groups["found"]
    if found > most:
        change = (
            f"Use the layer for {found} axes (BatchNorm2d takes 4, BatchNorm3d takes 5), or fold axes with flatten."
        )
    elif found == 2:
        change = "After Flatten or Linear use BatchNorm1d, which takes (batch, features)."
    elif found == 1:
        change = "Add the axis that is missing: x.unsqueeze(0) makes a batch of one sample."
    else:
        change = f"Use BatchNorm{found - 2}d, or add the axis that is missing: x.unsqueeze(0) for the batch, x.unsqueeze(1) for channels."
    return {"axes": axes, "change": change}


FAMILIES: Final = [
    Family(
        "torch-rnn-input-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"input\.size\(-1\) must be equal to input_size\. Expected (?P<expected>\d+), got (?P<found>\d+)",
            r"input has inconsistent input_size: got (?P<found>\d+),? expected (?P<expected>\d+)",
        ],
        needles=("must be equal to input_size", "inconsistent input_size"),
        headline="This recurrent layer takes {expected} features per timestep, but the last axis of its input is {found} long",
        means="RNN, LSTM and GRU read (time, batch, features), or (batch, time, features) with batch_first=True; features is always the "
        "last axis, and input_size must be its length.",
        causes=(
            "The features do not stand last, the embedding before it has another size, or input_size was taken for the length of the "
            "sequences.",
        ),
        changes=(
            "Give {found} as the first argument of the layer when the data is right; move the features with x.transpose(1, 2) when "
            "they stand "
            "before the timesteps; x.unsqueeze(-1) when each timestep is one number.",
        ),
        raised=[
            Raising("torch", N + "nn.LSTM(3, 4)(torch.rand(5, 2, 6))\n", expected=3, found=6),
            Raising("torch", N + "nn.GRU(8, 16, batch_first=True)(torch.rand(32, 8, 50))\n", expected=8, found=50),
            Raising("torch", N + "nn.LSTMCell(3, 4)(torch.rand(2, 5))\n", expected=3, found=5),
            # PyTorch 0.4 to 1.10 for cells.
            Raising("text", "RuntimeError: input has inconsistent input_size: got 5, expected 3", expected=3, found=5),
        ],
    ),
    Family(
        "torch-rnn-rank",
        library="torch",
        exceptions=(*VALUE, "AssertionError"),
        patterns=[
            r"(?P<layer>RNN|LSTM|GRU|\w+Cell): Expected input to be (?P<needs>\dD or \dD), got (?P<found>\d)D(?: tensor)? instead",
            r"(?P<layer>LSTM|GRU|\w+Cell): Expected input to be (?P<needs>\d-D or \d-D) but received (?P<found>\d)-D tensor",
            r"input must have (?P<needs>\d) dimensions, got (?P<found>\d)",
        ],
        needles=("Expected input to be", "input must have"),
        headline="A recurrent layer reads (batch, time, features) or (time, batch, features), but it was given {axes}",
        means="Three axes are a batch of sequences, two axes one sequence (time, features) since PyTorch 1.11; a cell (LSTMCell) takes "
              "one "
        "timestep, (batch, features).",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "axes": f"{groups['found']} {'axis' if groups['found'] == 1 else 'axes'}",
            "often": "Pictures, windows or embedded ids with an axis too many reached the layer as they are."
            if groups["found"] > 2
            else "A single row was given, or the feature axis of a series of single numbers is missing.",
            "change": "Fold axes together: x.flatten(2) makes (batch, time, features) out of (batch, time, a, b); for a cell loop over "
                      "the "
            "timesteps or use the layer itself."
            if groups["found"] > 2
            else "x.unsqueeze(-1) adds the feature axis, x.unsqueeze(0) the batch axis.",
        },
        raised=[
            Raising("torch", N + "nn.LSTM(3, 4)(torch.rand(1, 5, 2, 3))\n", layer="LSTM", needs="2D or 3D", found=4),
            Raising("torch", N + "nn.RNN(3, 4)(torch.rand(5))\n", layer="RNN", found=1),
            Raising("torch", N + "nn.GRUCell(3, 4)(torch.rand(2, 3, 3))\n", layer="GRUCell", needs="1D or 2D", found=3),
            # PyTorch 0.4 to 1.10, then 1.11.
            Raising("text", "RuntimeError: input must have 3 dimensions, got 2", needs=3, found=2),
            Raising("text", "AssertionError: LSTM: Expected input to be 2-D or 3-D but received 4-D tensor", layer="LSTM", found=4),
        ],
    ),
    Family(
        "torch-hidden-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Expected hidden(?:\[(?P<which>\d)\])? size (?P<expected>\([\d, ]+\)), got (?:torch\.Size\()?(?P<found>{SIZES}|\([\d, ]+\))"
        ],
        needles=("Expected hidden",),
        headline="The initial state is {found} where this layer needs {expected}{wrong}",
        means="The state of RNN, GRU and LSTM is (num_layers x directions, batch, hidden_size), with batch_first=True too.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_hidden,
        raised=[
            Raising(
                "torch", N + "nn.LSTM(3, 4, 2)(torch.rand(5, 2, 3), (torch.zeros(1, 2, 4), torch.zeros(1, 2, 4)))\n",
                which=0, expected=(2, 2, 4), found=(1, 2, 4),
            ),
            Raising("torch", N + "nn.GRU(3, 4)(torch.rand(5, 2, 3), torch.zeros(1, 3, 4))\n", expected=(1, 2, 4), found=(1, 3, 4)),
            Raising(
                "torch", N + "nn.LSTM(3, 4)(torch.rand(5, 2, 3), (torch.zeros(1, 2, 4), torch.zeros(1, 2, 5)))\n",
                which=1, expected=(1, 2, 4), found=(1, 2, 5),
            ),
            # PyTorch 0.4 to 1.7.
            Raising("text", "RuntimeError: Expected hidden size (2, 24, 50), got (2, 30, 50)", expected=(2, 24, 50), found=(2, 30, 50)),
            Raising(
                "text", "RuntimeError: Expected hidden[0] size (1, 1, 512), got [1, 128, "
                        "512]", which=0, expected=(1, 1, 512), found=(1, 128, 512)
            ),
        ],
    ),
    Family(
        "torch-hidden-rank",
        library="torch",
        exceptions=(*RUNTIME, "AssertionError"),
        patterns=[
            r"For (?P<kind>batched|unbatched) (?P<axes>\d)-D input, (?P<which>hx|hx and cx) should also be (?P<expected>\d)-D but got "
            r"\(?(?P<found>\d)-D"
        ],
        needles=("should also be",),
        headline="The data is {data}, but the initial state has {found} axes where it needs {expected}",
        means="With this data the state is {sizes}.",
        causes=("The state was made for one layer without its first axis, or the data lost its batch axis while the state kept it.",),
        changes=("Give both the same form: {change}; or leave the state out: it is zeros then.",),
        derive=_state_rank,
        raised=[
            Raising(
                "torch", N + "nn.GRU(3, 4)(torch.rand(5, 2, 3), torch.zeros(3, 4))\n",
                kind="batched", axes=3, which="hx", expected=3, found=2,
            ),
            Raising(
                "torch", N + "nn.LSTM(3, 4)(torch.rand(5, 3), (torch.zeros(1, 1, 4), torch.zeros(1, 1, 4)))\n",
                kind="unbatched", axes=2, which="hx and cx", expected=2, found=3,
            ),
        ],
    ),
    Family(
        "torch-cell-state",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Input batch size (?P<batch>\d+) doesn't match hidden(?P<which>\d?) batch size (?P<found>\d+)",
            r"hidden(?P<which>\d?) has inconsistent hidden_size: got (?P<found>\d+), expected (?P<expected>\d+)",
        ],
        needles=("doesn't match hidden", "inconsistent hidden_size"),
        headline="The state of this cell does not fit: its {what} is {found}, not {right}",
        means="The state of RNNCell, GRUCell and LSTMCell is (batch, hidden_size).",
        causes=("It was made for another batch size or another cell.",),
        changes=("Make it x.new_zeros(x.size(0), cell.hidden_size), or leave it out for the first step.",),
        derive=lambda groups: {
            "what": "batch" if "batch" in groups else "hidden size",
            "right": groups["batch"] if "batch" in groups else groups["expected"],
        },
        raised=[
            Raising(
                "torch", N + "nn.LSTMCell(3, 4)(torch.rand(2, 3), (torch.rand(3, 4), torch.rand(3, 4)))\n", batch=2, which=0, found=3
            ),
            Raising(
                "torch", N + "nn.LSTMCell(3, 4)(torch.rand(2, 3), (torch.rand(2, 5), torch.rand(2, 5)))\n",
                which=0, found=5, expected=4,
            ),
        ],
    ),
    Family(
        "torch-lengths-order",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"[`']?(?P<name>lengths)[`']? array (?:must|has to) be sorted in decreasing order",
        ],
        needles=("sorted in decreasing order",),
        headline="pack_padded_sequence was given lengths that are not sorted from long to short",
        means="By default it wants the longest sequence of the batch first.",
        causes=("Batches of a shuffled DataLoader are not sorted by length.",),
        changes=("Give enforce_sorted=False: it sorts them itself and pad_packed_sequence puts them back.",),
        # PyTorch 0.4 and 1.0 have no enforce_sorted: there the batch itself must be sorted.
        raised=[
            Raising("torch", P + "pack_padded_sequence(torch.rand(5, 2, 3), [3, 5])\n", name="lengths"),
            Raising("text", "ValueError: lengths array has to be sorted in decreasing order", name="lengths"),
        ],
    ),
    Family(
        "torch-lengths-zero",
        library="torch",
        exceptions=VALUE,
        patterns=[r"Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"],
        needles=("Length of all samples",),
        headline="pack_padded_sequence was given a length of 0: a sequence without any timestep",
        means="An empty sequence cannot be packed.",
        causes=("A text had no known words left after cleaning, or the padding was counted from the wrong id.",),
        changes=("Drop empty samples from the data set, or count them as 1: lengths.clamp(min=1).",),
        raised=[Raising("torch", P + "pack_padded_sequence(torch.rand(5, 2, 3), [5, 0])\n")],
    ),
    Family(
        "torch-lengths-batch",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Expected `len\(lengths\)` to be equal to batch_size, but got (?P<found>\d+) \(batch_size=(?P<batch>\d+)\)"],
        needles=("len(lengths)",),
        headline="pack_padded_sequence was given {found} lengths for a batch of {batch}",
        means="Without batch_first=True the data is read as (time, batch, features), so its axis 1 is the batch.",
        causes=("The data is (batch, time, features) and batch_first=True was left out, so {batch} is the number of timesteps.",),
        changes=("Give batch_first=True to pack_padded_sequence, and to pad_packed_sequence and the layer as well.",),
        raised=[Raising("torch", P + "pack_padded_sequence(torch.rand(5, 2, 3), [5, 4, 3, 2, 1])\n", found=5, batch=2)],
    ),
    Family(
        "torch-lengths-kind",
        library="torch",
        exceptions=(*RUNTIME, "TypeError"),
        patterns=[
            r"'lengths' argument should be a 1D CPU int64 tensor, but got (?P<axes>\d)D (?P<device>\w+) (?P<dtype>\w+) tensor",
        ],
        needles=("'lengths' argument should be",),
        headline="The lengths of pack_padded_sequence are a tensor of {axes} axes, {dtype}, on {device}; they must be 1 axis, int64, "
                 "on the CPU",
        means="The lengths steer the packing, so they stay on the CPU although the data is on the GPU.",
        causes=("The whole batch was moved to the GPU, the lengths with it, or they are (batch, 1).",),
        changes=("Give lengths.cpu(), or lengths.flatten().cpu() where they have two axes.",),
        raised=[
            Raising("torch", P + "pack_padded_sequence(torch.rand(5, 2, 3), torch.tensor([[5, "
                                 "4]]))\n", axes=2, device="cpu", dtype="Long"),
            # Any release since 1.7, but only where there is a GPU.
            Raising(
                "text",
                "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long "
                "tensor".replace("cuda:0", "cuda"),
                axes=1, device="cuda", dtype="Long",
            ),
        ],
    ),
    Family(
        "torch-pad-total-length",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"Expected total_length to be at least the length of the longest sequence in input, but got total_length=(?P<found>\d+) "
            r"and max "
            r"sequence length being (?P<longest>\d+)"
        ],
        needles=("Expected total_length",),
        headline="total_length {found} is shorter than the longest sequence, which has {longest} timesteps",
        means="pad_packed_sequence only adds padding, it cuts nothing.",
        causes=("total_length was counted for other data.",),
        changes=("Leave total_length out, or give the padded length of the whole data, at least {longest}.",),
        raised=[
            Raising(
                "torch", P + "pad_packed_sequence(pack_padded_sequence(torch.rand(5, 2, 3), [5, 4]), total_length=3)\n",
                found=3, longest=5,
            )
        ],
    ),
    Family(
        "torch-batch-norm-features",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"(?P<which>running_mean|running_var|weight|bias) should contain (?P<found>\d+) elements not (?P<expected>\d+)"],
        needles=("should contain",),
        headline="This BatchNorm was made for {expected} channels, but its input has {found} on axis 1",
        means="num_features of BatchNorm is the size of axis 1: (batch, features) or (batch, channels, ...).",
        causes=(
            "It is not the out_channels or out_features of the layer before; or the data is (batch, time, features), where axis 1 is "
            "time.",
        ),
        changes=(
            "Make it BatchNorm1d({found}), or BatchNorm2d({found}) for images; for (batch, time, features) use x.transpose(1, 2) "
            "around it, or "
            "LayerNorm.",
        ),
        raised=[
            Raising("torch", N + "nn.BatchNorm1d(10)(torch.rand(4, 5))\n", which="running_mean", found=5, expected=10),
            Raising("torch", N + "nn.BatchNorm2d(10)(torch.rand(4, 5, 8, 8))\n", found=5, expected=10),
        ],
    ),
    Family(
        "torch-norm-rank",
        library="torch",
        exceptions=VALUE,
        patterns=[r"expected (?P<needs>\dD(?: or \dD)?) input \(got (?P<found>\d)D input\)"],
        needles=("D input)",),
        headline="This normalisation layer takes {axes}, but its input has {found} axes",
        means="BatchNorm1d takes (batch, features) or (batch, channels, length), BatchNorm2d images of 4 axes, BatchNorm3d volumes of 5.",
        causes=("The layer after Flatten or Linear is BatchNorm2d, or the one after a convolution of images is BatchNorm1d.",),
        changes=("{change}",),
        derive=_batch_norm,
        raised=[
            Raising("torch", N + "nn.BatchNorm1d(10)(torch.rand(4, 10, 5, 5))\n", needs="2D or 3D", found=4),
            Raising("torch", N + "nn.BatchNorm2d(10)(torch.rand(4, 10))\n", needs="4D", found=2),
            Raising("torch", N + "nn.BatchNorm1d(10)(torch.rand(10))\n", needs="2D or 3D", found=1),
            Raising("torch", N + "nn.BatchNorm3d(10)(torch.rand(4, 10, 8, 8))\n", needs="5D", found=4),
            Raising("torch", N + "nn.InstanceNorm2d(10)(torch.rand(4, 10))\n", needs="3D or 4D", found=2),
        ],
    ),
    Family(
        "torch-one-value-per-channel",
        library="torch",
        exceptions=VALUE,
        patterns=[
            rf"Expected more than 1 value per channel when training, got input size (?:torch\.Size\()?(?P<shape>{SIZES})",
            rf"Expected more than 1 (?P<spatial>spatial) element when training, got input size (?:torch\.Size\()?(?P<shape>{SIZES})",
        ],
        needles=("Expected more than 1 value per channel", "Expected more than 1 spatial element"),
        headline="A normalisation layer in training was given {shape}: one number per channel has no spread",
        means="Its mean would be the number itself and everything would become 0, so PyTorch refuses it.",
        causes=(
            "The last batch of the epoch holds a single sample, or one sample is predicted while the model is still in training mode; "
            "for "
            "InstanceNorm each picture has shrunk to one pixel.",
        ),
        changes=("Give drop_last=True to the DataLoader for training, and call model.eval() before predicting.",),
        raised=[
            Raising("torch", N + "nn.BatchNorm1d(10)(torch.rand(1, 10))\n", shape=(1, 10)),
            Raising("torch", N + "nn.BatchNorm2d(10)(torch.rand(1, 10, 1, 1))\n", shape=(1, 10, 1, 1)),
            Raising("torch", N + "nn.InstanceNorm2d(10)(torch.rand(4, 10, 1, 1))\n", shape=(4, 10, 1, 1), spatial="spatial"),
            # PyTorch 0.4 to 1.0 print the list itself.
            Raising("text", "ValueError: Expected more than 1 value per channel when training, got input size [1, 256]", shape=(1, 256)),
        ],
    ),
    Family(
        "torch-layer-norm-shape",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Given normalized_shape=(?P<wanted>{SIZES}), expected input with shape \[\*,? ?[\d, ]*\], but got input of size "
            rf"?(?P<shape>{SIZES})"
        ],
        needles=("Given normalized_shape=",),
        headline="This LayerNorm was made for data that ends in {wanted}, but its input is {shape}",
        means="LayerNorm normalises the last axes, and normalized_shape must be exactly their sizes; here they are {tail}.",
        causes=("{often}", "Another layer before it changed the last axis, or pictures have another size than those it was made for."),
        changes=("{change}", "Make it LayerNorm({new}), or for the last axis alone LayerNorm(x.shape[-1])."),
        derive=_normalised,
        raised=[
            Raising("torch", N + "nn.LayerNorm(10)(torch.rand(4, 5))\n", wanted=(10,), shape=(4, 5)),
            Raising("torch", N + "nn.LayerNorm([3, 8, 8])(torch.rand(4, 3, 8, 9))\n", wanted=(3, 8, 8), shape=(4, 3, 8, 9)),
            Raising("torch", N + "nn.LayerNorm(16)(torch.rand(4, 16, 7, 7))\n", wanted=(16,), shape=(4, 16, 7, 7)),
            Raising("torch", N + "nn.RMSNorm(10)(torch.rand(4, 5))\n", wanted=(10,), shape=(4, 5)),
        ],
    ),
    Family(
        "torch-group-norm-groups",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"num_channels \((?P<channels>\d+)\) must be divisible by num_groups \((?P<groups>\d+)\)",
            r"num_channels must be divisible by num_groups",
            r"Expected number of channels in input to be divisible by num_groups, but got input of shape "
            rf"(?P<shape>{SIZES}) and num_groups=(?P<groups>\d+)",
        ],
        needles=("divisible by num_groups",),
        headline="GroupNorm cannot share its channels out evenly: {said}",
        means="Each group gets the same number of channels, so num_groups must divide the channels, axis 1 of the data.",
        causes=("The channels were changed and num_groups was kept; the arguments are GroupNorm(num_groups, num_channels), in this "
                "order.",),
        changes=("Choose num_groups so that it divides the channels; 1 always does.",),
        derive=lambda groups: {
            "said": f"{groups['channels'] if 'channels' in groups else groups['shape'][1]} channels, {groups['groups']} groups"
            if "groups" in groups
            else "num_groups does not divide num_channels"
        },
        raised=[
            Raising("torch", N + "nn.GroupNorm(3, 10)\n", channels=10, groups=3),
            Raising("torch", N + "nn.GroupNorm(2, 10)(torch.rand(4, 5, 3))\n", shape=(4, 5, 3), groups=2),
            # PyTorch 1.x to 2.5.
            Raising("text", "ValueError: num_channels must be divisible by num_groups"),
        ],
    ),
    Family(
        "torch-group-norm-channels",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected (?P<which>weight|bias) to be a vector of size equal to the number of channels in input, but got \w+ of shape "
            rf"(?P<weight>{SIZES}) and input of shape (?P<shape>{SIZES})"
        ],
        needles=("equal to the number of channels in input",),
        headline="This GroupNorm was made for {expected} channels, but its input {shape} has {found} on axis 1",
        means="num_channels, the second argument of GroupNorm, is the size of axis 1.",
        causes=("The layer before it gives other channels, or the features stand last.",),
        changes=("Make it nn.GroupNorm(num_groups, {found}).",),
        derive=lambda groups: {"expected": groups["weight"][0], "found": groups["shape"][1]},
        raised=[Raising("torch", N + "nn.GroupNorm(2, 10)(torch.rand(4, 6, 3))\n", which="weight", weight=(10,), shape=(4, 6, 3))],
    ),
    Family(
        "torch-instance-norm-features",
        library="torch",
        exceptions=VALUE,
        patterns=[r"expected input's size at dim=(?P<axis>\d+) to match num_features \((?P<expected>\d+)\), but got: (?P<found>\d+)"],
        needles=("to match num_features",),
        headline="This InstanceNorm was made for {expected} channels, but its input has {found} on axis {axis}",
        means="num_features is the number of channels, axis 1 of a batch and axis 0 of a single sample.",
        causes=("The layer before it gives other channels, or the channels stand last.",),
        changes=("Give {found} as num_features, or move the channels to axis {axis}.",),
        raised=[Raising("torch", N + "nn.InstanceNorm2d(10, affine=True)(torch.rand(4, 5, 8, 8))\n", axis=1, expected=10, found=5)],
    ),
    Family(
        "torch-no-time-steps",
        library="torch",
        exceptions=(*RUNTIME, *ASSERTION[:1]),
        patterns=[r"Expected sequence length to be larger than 0 in RNN"],
        needles=("Expected sequence length to be larger",),
        headline="A recurrent layer was given sequences of 0 timesteps",
        means="There must be at least one timestep; the time axis is axis 0, or axis 1 with batch_first=True.",
        causes=("A slice such as x[:, n:] took everything away, or a text was empty.",),
        changes=("Print x.shape before the layer, and leave empty sequences out.",),
        raised=[Raising("torch", N + "nn.LSTM(3, 4)(torch.rand(0, 2, 3))\n")],
    ),
]  # fmt: skip
