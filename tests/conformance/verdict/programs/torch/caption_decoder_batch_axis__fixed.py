import torch
import torch.nn as nn

picture = torch.randn(6, 40, 48)
words = nn.Embedding(200, 48)(torch.randint(0, 200, (6, 15)))
layer = nn.TransformerDecoderLayer(48, 4, 96, batch_first=True)
decoder = nn.TransformerDecoder(layer, 2)
ahead = nn.Transformer.generate_square_subsequent_mask(words.size(1))
read = decoder(words, picture, tgt_mask=ahead)
