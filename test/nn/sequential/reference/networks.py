"""PyTorch's losses, gradients, Hessian-vector products and extreme eigenvalues of networks given as flatward describes
them, in float64.

    /usr/bin/python3 test/nn/sequential/reference/networks.py > test/nn/sequential/reference/networks.json
    npx biome format --write test/nn/sequential/reference/networks.json

Made with Debian's python3-torch 1.13.1. Everything is torch.nn and autograd; theta goes in by vector_to_parameters.
"""

import json
import warnings

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector, vector_to_parameters

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)


class Sine(nn.Module):
    def forward(self, x):
        return torch.sin(x)


class Residual(nn.Module):
    def __init__(self, layers, shortcut):
        super().__init__()
        self.layers = layers
        self.shortcut = shortcut

    def forward(self, x):
        return self.layers(x) + (x if self.shortcut is None else self.shortcut(x))


ACTIVATIONS = {
    "relu": nn.ReLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "softplus": lambda: nn.Softplus(threshold=1e9),
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "sin": Sine,
}


def layer(each, x):
    kind = each["kind"]
    bias = each.get("bias", True)
    if kind == "dense":
        return nn.Linear(x.shape[1], each["outputs"], bias=bias)
    if kind == "conv2d":
        stride, padding = each.get("stride", 1), each.get("padding", 0)
        return nn.Conv2d(x.shape[1], each["channels"], each["kernel"], stride, padding, bias=bias)
    if kind == "maxPool2d":
        return nn.MaxPool2d(each["size"], each.get("stride"))
    if kind == "averagePool2d":
        return nn.AvgPool2d(each["size"], each.get("stride"), each.get("padding", 0))
    if kind == "flatten":
        return nn.Flatten()
    if kind == "batchNorm":
        make = nn.BatchNorm1d if x.dim() == 2 else nn.BatchNorm2d
        return make(x.shape[1], eps=each.get("epsilon", 1e-5), momentum=1.0)
    if kind == "layerNorm":
        return nn.LayerNorm(x.shape[1:], eps=each.get("epsilon", 1e-5), elementwise_affine=each.get("affine", True))
    if kind == "residual":
        return Residual(chain(each["layers"], x), chain(each["shortcut"], x) if "shortcut" in each else None)
    return ACTIVATIONS[kind]()


def chain(layers, x):
    modules = []
    for each in layers:
        modules.append(layer(each, x))
        x = modules[-1](x)
    return nn.Sequential(*modules)


def numbers(count, salt, scale):
    """The same bits everywhere: (7919 i + salt) mod 1009, on (−1, 1)."""
    return torch.tensor([((7919 * i + salt) % 1009 - 504) / 504 * scale for i in range(count)])


def targets(name, count, outputs):
    y = (numbers(count * outputs, 5, 1.0).reshape(count, outputs) + 1) / 2 + 0.01
    return y / y.sum(1, keepdim=True) if name == "softmax-cross-entropy" else y


def losses(name, u, y):
    if name == "softmax-cross-entropy":
        return -(y * F.log_softmax(u, 1)).sum(1)
    if name == "sigmoid-cross-entropy":
        return F.binary_cross_entropy_with_logits(u, y, reduction="none").sum(1)
    if name == "mean-squared-error":
        return 0.5 * ((u - y) ** 2).sum(1)
    return F.poisson_nll_loss(u, y, log_input=True, full=False, reduction="none").sum(1)


def derivatives(net, x, y, w, v, loss):
    parameters = list(net.parameters())
    logits = net(x)
    value = (w * losses(loss, logits, y)).sum()
    gradient = torch.cat([g.reshape(-1) for g in torch.autograd.grad(value, parameters, create_graph=True)])

    def row(direction):
        parts = torch.autograd.grad((gradient * direction).sum(), parameters, retain_graph=True)
        return torch.cat([part.reshape(-1) for part in parts])

    hessian = torch.stack([row(direction) for direction in torch.eye(len(v))])
    eigenvalues = torch.linalg.eigvalsh((hessian + hessian.T) / 2)
    return {
        "logits": logits.detach().reshape(-1).tolist(),
        "loss": value.item(),
        "gradient": gradient.detach().tolist(),
        "product": row(v).tolist(),
        "extremes": [eigenvalues[0].item(), eigenvalues[-1].item()],
    }


def populate(net, x):
    """Population statistics by one pass in train mode; PyTorch's running variance is unbiased, flatward's is not."""
    sizes = {}
    norms = [m for m in net.modules() if isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d))]
    hooks = [m.register_forward_hook(lambda m, i, _: sizes.update({m: i[0].numel() / i[0].shape[1]})) for m in norms]
    net.train()
    net(x)
    for hook in hooks:
        hook.remove()
    for m in norms:
        m.running_var *= (sizes[m] - 1) / sizes[m]
    net.eval()


def case(name, description, count):
    size = description["input"] if isinstance(description["input"], list) else [description["input"]]
    d = int(torch.tensor(size).prod())
    x = numbers(count * d, 3, 1.5).reshape(count, *size)
    net = chain(description["layers"], x)
    n = parameters_to_vector(net.parameters()).numel()
    vector_to_parameters(numbers(n, 11, 0.6), net.parameters())
    v = numbers(n, 17, 1.0)
    y = targets(description["loss"], count, net(x).shape[1])
    w = (numbers(count, 23, 1.0) + 1.5) / count
    result = {
        "name": name,
        "description": description,
        "count": count,
        "names": [f"{each} {list(p.shape)}" for each, p in net.named_parameters()],
        "train": derivatives(net, x, y, w, v, description["loss"]),
    }
    if any(isinstance(m, (nn.BatchNorm1d, nn.BatchNorm2d)) for m in net.modules()):
        # At the statistics of the first half, so that train and eval differ.
        populate(net, x[: count // 2])
        result["eval"] = derivatives(net, x, y, w, v, description["loss"])
    return result


def small_network(activation, pooling):
    return {
        "input": [1, 8, 8],
        "loss": "softmax-cross-entropy",
        "layers": [
            {"kind": "conv2d", "channels": 3, "kernel": 3},
            {"kind": activation},
            {"kind": pooling, "size": 2},
            {"kind": "conv2d", "channels": 5, "kernel": 2},
            {"kind": activation},
            {"kind": pooling, "size": 2},
            {"kind": "flatten"},
            {"kind": "dense", "outputs": 4},
        ],
    }


CASES = [
    ("two convolutions, relu and max pooling", small_network("relu", "maxPool2d"), 12),
    ("two convolutions, tanh and average pooling", small_network("tanh", "averagePool2d"), 12),
    (
        "convolutions with strides and paddings, both poolings",
        {
            "input": [2, 9, 8],
            "loss": "softmax-cross-entropy",
            "layers": [
                {"kind": "conv2d", "channels": 3, "kernel": 3, "padding": 1},
                {"kind": "relu"},
                {"kind": "maxPool2d", "size": 3, "stride": 2},
                {"kind": "conv2d", "channels": 4, "kernel": 2, "stride": 2, "bias": False},
                {"kind": "softplus"},
                {"kind": "averagePool2d", "size": 2, "stride": 1, "padding": 1},
                {"kind": "flatten"},
                {"kind": "dense", "outputs": 3},
            ],
        },
        6,
    ),
    (
        "residual blocks with batch normalisation and a shortcut",
        {
            "input": [1, 6, 6],
            "loss": "softmax-cross-entropy",
            "layers": [
                {"kind": "conv2d", "channels": 2, "kernel": 3, "padding": 1, "bias": False},
                {"kind": "batchNorm"},
                {"kind": "relu"},
                {
                    "kind": "residual",
                    "layers": [
                        {"kind": "conv2d", "channels": 2, "kernel": 3, "padding": 1, "bias": False},
                        {"kind": "batchNorm", "epsilon": 0.001},
                        {"kind": "silu"},
                    ],
                },
                {
                    "kind": "residual",
                    "layers": [
                        {"kind": "conv2d", "channels": 3, "kernel": 3, "stride": 2, "padding": 1},
                        {"kind": "batchNorm"},
                        {"kind": "tanh"},
                        {"kind": "conv2d", "channels": 3, "kernel": 3, "padding": 1},
                    ],
                    "shortcut": [
                        {"kind": "conv2d", "channels": 3, "kernel": 1, "stride": 2, "bias": False},
                        {"kind": "batchNorm"},
                    ],
                },
                {"kind": "averagePool2d", "size": 3},
                {"kind": "flatten"},
                {"kind": "dense", "outputs": 4},
            ],
        },
        7,
    ),
    (
        "batch normalisation of features",
        {
            "input": 5,
            "loss": "sigmoid-cross-entropy",
            "layers": [
                {"kind": "dense", "outputs": 6, "bias": False},
                {"kind": "batchNorm"},
                {"kind": "gelu"},
                {"kind": "dense", "outputs": 4},
                {"kind": "batchNorm", "epsilon": 0.01},
                {"kind": "sin"},
                {"kind": "dense", "outputs": 3},
            ],
        },
        9,
    ),
    (
        "a deep network of features",
        {
            "input": 4,
            "loss": "mean-squared-error",
            "layers": [
                {"kind": "dense", "outputs": 5},
                {"kind": "sigmoid"},
                {"kind": "residual", "layers": [{"kind": "dense", "outputs": 5}, {"kind": "tanh"}]},
                {"kind": "dense", "outputs": 3, "bias": False},
                {"kind": "gelu"},
                {"kind": "dense", "outputs": 2},
            ],
        },
        8,
    ),
    (
        "layer normalisation of features and images, beside shortcuts",
        {
            "input": [2, 3, 2],
            "loss": "softmax-cross-entropy",
            "layers": [
                {"kind": "layerNorm"},
                {"kind": "flatten"},
                {"kind": "dense", "outputs": 5},
                {
                    "kind": "residual",
                    "layers": [
                        {"kind": "layerNorm", "affine": False},
                        {"kind": "dense", "outputs": 5},
                        {"kind": "gelu"},
                    ],
                },
                {"kind": "layerNorm", "epsilon": 0.01},
                {"kind": "dense", "outputs": 3},
            ],
        },
        6,
    ),
    (
        "Poisson regression on images",
        {
            "input": [1, 4, 5],
            "loss": "poisson",
            "layers": [
                {"kind": "conv2d", "channels": 2, "kernel": 2},
                {"kind": "sin"},
                {"kind": "flatten"},
                {"kind": "dense", "outputs": 2},
            ],
        },
        5,
    ),
]

print(json.dumps([case(*each) for each in CASES]))
