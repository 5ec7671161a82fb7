import torch

torch.manual_seed(2)
signal = torch.randn(1000)
size, hop = 128, 64


def frames(x):
    out = []
    for start in range(0, len(x), hop):
        out.append(x[start:start + size])
    return torch.stack(out)


spectra = torch.fft.rfft(frames(signal) * torch.hann_window(size)).abs()
print(spectra.shape)
