import numpy as np

alphabet = "ACGT"
lookup = {base: i for i, base in enumerate(alphabet)}


def one_hot(sequence, length=24):
    """One-hot encode a DNA string, (length, 4)."""
    grid = np.zeros((length, len(alphabet)))
    for position, base in enumerate(sequence[:length]):
        grid[position, lookup[base]] = 1.0
    return grid


reads = ["ACGT" * 5, "TTGACA" * 4, "GATTACA" * 4]
batch = np.stack([one_hot(read) for read in reads])
print(batch.shape)
