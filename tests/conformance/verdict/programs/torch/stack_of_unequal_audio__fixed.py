import torch
import torch.nn.functional as F

torch.manual_seed(0)
MAX = 16000


def load_clip(i):
    # clips between half a second and a second
    return torch.randn(8000 + 1000 * (i % 9))


def fix_length(wave, length=MAX):
    if wave.size(-1) < length:
        return F.pad(wave, (0, length - wave.size(-1)))
    return wave[..., :length]


clips = [fix_length(load_clip(i)) for i in range(12)]
batch = torch.stack(clips)
energy = batch.unfold(1, 400, 160).pow(2).mean(-1)
print(batch.shape, energy.shape)
