import numpy as np


def split_sequence(sequence, steps_in, steps_out):
    inputs, outputs = [], []
    for i in range(len(sequence)):
        end = i + steps_in
        out_end = end + steps_out
        if end > len(sequence):
            break
        inputs.append(sequence[i:end, :])
        outputs.append(sequence[end:out_end, 0])
    return np.array(inputs), np.array(outputs)


X, y = split_sequence(np.random.rand(120, 2), 24, 6)
