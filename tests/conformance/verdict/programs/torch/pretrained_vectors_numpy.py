import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(0)
words = ["<pad>", "cat", "dog", "bird", "fish"]
vectors = {w: rng.normal(size=20).astype("float32") for w in words[1:]}

matrix = np.zeros((len(words), 20), dtype="float32")
for i, w in enumerate(words):
    if w in vectors:
        matrix[i] = vectors[w]

emb = nn.Embedding.from_pretrained(matrix, freeze=False, padding_idx=0)
sentence = torch.tensor([[1, 3, 2, 0, 0]])
print(emb(sentence).norm(dim=-1))
