#!/usr/bin/env python3
"""Measures a decode step in PyTorch, for scripts/card: one token, random bf16 weights, captured as a CUDA graph.

The step has matrix products, norms, SwiGLU and attention over a full cache, without rotary embedding and sampling. It has none of a
library's overhead, so it is an upper bound for PyTorch.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F

# layers, width, query heads, key heads, head width, inner width, vocabulary
SIZES = {
    "glm-4-voice-9b": (40, 4096, 32, 2, 128, 13696, 168960),
    "step-audio-2-mini": (28, 3584, 28, 4, 128, 18944, 158720),
}


class Step:
    def __init__(self, sizes, layers, context, device):
        _, width, heads, kv_heads, head, inner, vocabulary = sizes
        self.heads, self.kv_heads, self.head = heads, kv_heads, head
        kv = kv_heads * head

        def matrix(rows, columns):
            return torch.randn(rows, columns, device=device, dtype=torch.bfloat16) / columns**0.5

        def cache():
            return torch.randn(1, kv_heads, context, head, device=device, dtype=torch.bfloat16)

        self.layers = [
            dict(
                qkv=matrix(heads * head + 2 * kv, width),
                out=matrix(width, heads * head),
                up=matrix(2 * inner, width),
                down=matrix(width, inner),
                keys=cache(),
                values=cache(),
            )
            for _ in range(layers)
        ]
        self.output = matrix(vocabulary, width)
        self.norm = torch.ones(width, device=device, dtype=torch.bfloat16)
        self.x = torch.randn(1, width, device=device, dtype=torch.bfloat16)
        self.token = torch.zeros(1, device=device, dtype=torch.long)

    def bytes(self):
        matrices = [layer[name] for layer in self.layers for name in ("qkv", "out", "up", "down")]
        return sum(m.numel() * m.element_size() for m in [*matrices, self.output])

    def run(self):
        x = self.x
        queries, kv = self.heads * self.head, self.kv_heads * self.head
        for layer in self.layers:
            q, k, v = F.linear(F.rms_norm(x, x.shape[-1:], self.norm), layer["qkv"]).split([queries, kv, kv], dim=-1)
            # The newest position takes the place of the last one in the cache.
            layer["keys"][:, :, -1] = k.view(1, self.kv_heads, self.head)
            layer["values"][:, :, -1] = v.view(1, self.kv_heads, self.head)
            mixed = F.scaled_dot_product_attention(
                q.view(1, self.heads, 1, self.head), layer["keys"], layer["values"], enable_gqa=True
            )
            x = x + F.linear(mixed.reshape(1, -1), layer["out"])
            gate, up = F.linear(F.rms_norm(x, x.shape[-1:], self.norm), layer["up"]).chunk(2, dim=-1)
            x = x + F.linear(F.silu(gate) * up, layer["down"])
        scores = F.linear(F.rms_norm(x, x.shape[-1:], self.norm), self.output)
        self.token.copy_(scores.argmax(-1))


def captured(step):
    """Returns a function that runs a step, as a CUDA graph if there is a card."""
    if not torch.cuda.is_available():
        return step.run
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step.run()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step.run()
    return graph.replay


def measured(step, tokens):
    run = captured(step)
    times = []
    for token in range(tokens + 5):
        start = time.perf_counter()
        run()
        step.token.item()  # waits, as a decoder does for the token
        if token >= 5:
            times.append(1e3 * (time.perf_counter() - start))
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", choices=SIZES)
    parser.add_argument("--context", type=int, nargs="+", default=[100, 2000])
    parser.add_argument("--layers", type=int)
    parser.add_argument("--tokens", type=int, default=100)
    parser.add_argument("--save")
    arguments = parser.parse_args()
    sizes = SIZES[arguments.model]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    name = torch.cuda.get_device_name() if device == "cuda" else "processor"
    rows = []
    with torch.inference_mode():
        for context in arguments.context:
            step = Step(sizes, arguments.layers or sizes[0], context, device)
            ms = measured(step, arguments.tokens)
            lower, median, upper = statistics.quantiles(ms, n=4)
            gb_per_s = step.bytes() / median / 1e6
            row = dict(context=context, ms=dict(lower=lower, median=median, upper=upper, samples=len(ms)), gb_per_s=gb_per_s)
            rows.append(row)
            print(
                f"{arguments.model}, bf16, context {context}: {median:.3f} ms per token ({lower:.3f} .. {upper:.3f}),"
                f" {1e3 / median:.1f} tokens/s, {gb_per_s:.1f} GB/s of weights"
            )
            del step
    if arguments.save:
        with open(arguments.save, "w") as file:
            json.dump(dict(model=arguments.model, device=name, torch=torch.__version__, steps=rows), file, indent=2)


if __name__ == "__main__":
    main()
