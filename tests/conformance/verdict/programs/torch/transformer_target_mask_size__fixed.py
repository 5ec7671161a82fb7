import torch
import torch.nn as nn


class Translator(nn.Module):
    def __init__(self, src_vocab, tgt_vocab, d_model=32):
        super().__init__()
        self.src_tok = nn.Embedding(src_vocab, d_model)
        self.tgt_tok = nn.Embedding(tgt_vocab, d_model)
        self.transformer = nn.Transformer(d_model, nhead=4, num_encoder_layers=1, num_decoder_layers=1,
                                          dim_feedforward=64, batch_first=True)
        self.generator = nn.Linear(d_model, tgt_vocab)

    def forward(self, src, tgt, tgt_mask):
        return self.generator(self.transformer(self.src_tok(src), self.tgt_tok(tgt), tgt_mask=tgt_mask))


PAD = 1
model = Translator(80, 90)
criterion = nn.CrossEntropyLoss(ignore_index=PAD)
src = torch.randint(2, 80, (8, 17))
tgt = torch.randint(2, 90, (8, 13))

tgt_input, tgt_out = tgt[:, :-1], tgt[:, 1:]
mask = nn.Transformer.generate_square_subsequent_mask(tgt_input.size(1))
logits = model(src, tgt_input, mask)
loss = criterion(logits.reshape(-1, logits.shape[-1]), tgt_out.reshape(-1))
loss.backward()
print(loss)
