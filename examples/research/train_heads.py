"""Trains an exit head in PyTorch on the states that Sparrow harvested, as an example of a head of one's own.

    ./sparrow heads harvest --prompts testdata/demo-eval/prompts.jsonl --layers 8 --items 300 --set targets=topk:64 --out store/
    python examples/research/train_heads.py store/ 8 heads.safetensors
    ./sparrow ask --heads heads.safetensors --exit even:8 examples/q01.wav

The head is one matrix without a norm: logits = W h. The loss is that of the paper (4.2.2), the cross-entropy against
the last layer's distribution, here over its 64 likeliest tokens and one event for all others.
"""
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

store, layer, out = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
epochs = int(sys.argv[4]) if len(sys.argv) > 4 else 12
torch.manual_seed(0)

batches = [load_file(file) for file in sorted((store / "batches").glob("*.safetensors"))]
states = torch.cat([batch[f"states.{layer}"].float() * batch[f"scales.{layer}"][:, None] for batch in batches])
tokens, ids = torch.cat([batch["top_ids"] for batch in batches]).unique(return_inverse=True)
p = torch.cat([batch["top_logp"] for batch in batches]).exp()
rest = torch.cat([batch["other_p"] for batch in batches]).reshape(-1, 1)
choices = torch.cat([batch["choices"] for batch in batches])
held_out = torch.arange(len(states)) >= 0.9 * len(states)

# Channels differ in size by orders of magnitude. Their scales speed up training and become part of the matrix.
scale = states.square().mean(0).sqrt()
head = torch.nn.Linear(states.shape[1], len(tokens), bias=False)
optimizer = torch.optim.AdamW(head.parameters(), lr=5e-3)
for epoch in range(epochs):
    for rows in torch.randperm(int((~held_out).sum())).split(256):
        logp = head(states[rows] / scale).log_softmax(-1)
        top = logp.gather(-1, ids[rows])
        other = torch.log((1 - top.exp().sum(-1, keepdim=True)).clamp_min(1e-9))
        loss = -(p[rows] * top + rest[rows] * other).sum(-1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        agreement = (tokens[head(states[held_out] / scale).argmax(-1)] == choices[held_out]).float().mean()
    print(f"epoch {epoch + 1}: agreement with the last layer on held-out positions {100 * agreement:.1f} %")

# The head has rows for the tokens that occur among the likeliest; `tokens` contains their ids.
weight = (head.weight.detach() / scale).half()
save_file(
    {f"head.{layer}.weight": weight, f"head.{layer}.tokens": tokens.int()}, out, {"apply_final_norm": "false"})
