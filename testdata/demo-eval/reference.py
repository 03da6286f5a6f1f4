"""Codes and replies of the bundled model by an independent reference: numpy, f32, every position through all layers.

    python3 reference.py [MODEL [HEADS [OUT]]]

writes replies/*.jsonl (README.md) for the policies and the first conversations. Without OUT it first writes the codes of
questions.jsonl and the values of ../tiny. A position that leaves early takes its token from the head of its
layer; its keys and values of the layers above are those of the unmodified model, which is what the next full step fills in.
"""

import base64
import json
import pathlib
import re
import struct
import sys
import wave

import numpy as np
from scipy.special import erf

HERE = pathlib.Path(__file__).resolve().parent
TINY = HERE / "../../bundled/src/main/resources/META-INF/sparrow/tiny"
WIDTH, LAYERS, HEADS, GROUPS, CHANNELS, ROTARY, EPSILON = 192, 16, 6, 2, 32, 16, 1.5625e-07
TEXT_CHUNK, SPEECH_CHUNK, FIRST_CODE, USABLE, MAX_TOKENS = 13, 26, 530, 1042, 180
ENDS = {512, 519, 521}
RECORDED = 8
FULL = 16


def tensors(file):
    data = pathlib.Path(file).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    read = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        raw = data[8 + size + begin : 8 + size + end]
        if entry["dtype"] == "BF16":
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        else:
            values = np.frombuffer(raw, {"F16": "<f2", "F32": "<f4"}[entry["dtype"]]).astype("f4")
        read[name] = values.reshape(entry["shape"])
    return read


class Listener:
    """The speech tokenizer: codes of a recording of 16 kHz, shorter than 30 s."""

    BINS, LAYERS, HEADS, POOLED, BLOCK, WINDOW, HOP = 80, 4, 4, 4, 40, 400, 160

    def __init__(self, file):
        self.w = tensors(file)
        edges = [self.hertz(i * self.mel(8000) / (self.BINS + 1)) for i in range(self.BINS + 2)]
        low, peak, high = (np.array(edges[i : self.BINS + i])[:, None] for i in range(3))
        bins = np.arange(self.WINDOW // 2 + 1) * 16000 / self.WINDOW
        slopes = np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))
        self.filters = np.maximum(0, slopes) * 2 / (high - low)

    @staticmethod
    def mel(hertz):
        return 3 * hertz / 200 if hertz < 1000 else 15 + np.log(hertz / 1000) * 27 / np.log(6.4)

    @staticmethod
    def hertz(mel):
        return 200 * mel / 3 if mel < 15 else 1000 * np.exp((mel - 15) * np.log(6.4) / 27)

    def features(self, samples):
        """[frames, BINS], 100 frames a second: Whisper's, over whole codes."""
        whole = self.HOP * 2 * self.POOLED
        padded = np.pad(samples.astype("f8"), (0, -len(samples) % whole))
        frames = len(padded) // self.HOP
        mirrored = np.pad(padded, self.WINDOW // 2, mode="reflect")
        windows = np.stack([mirrored[i * self.HOP :][: self.WINDOW] for i in range(frames)])
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.WINDOW) / self.WINDOW)
        power = np.abs(np.fft.rfft(windows * hann)) ** 2
        decades = np.log10(np.maximum(power @ self.filters.T, 1e-10))
        return ((np.maximum(decades, decades.max() - 8) + 4) / 4).astype("f4")

    def convolved(self, x, name, stride):
        """Causal, of three taps."""
        past = np.pad(x, ((2, 0), (0, 0)))
        taps = self.w[f"{name}.weight"].transpose(2, 1, 0)
        return gelu(sum(past[i::stride][: len(x) // stride] @ taps[i] for i in range(3)) + self.w[f"{name}.bias"])

    def linear(self, x, name):
        return x @ self.w[f"{name}.weight"].T + self.w.get(f"{name}.bias", 0)

    def normalised(self, x, name):
        centred = x - x.mean(-1, keepdims=True)
        deviation = np.sqrt((centred * centred).mean(-1, keepdims=True) + np.float32(1e-5))
        return centred / deviation * self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def pooled(self, features, samples):
        """[codes, WIDTH]: what the nearest vector of the codebook replaces."""
        x = self.convolved(self.convolved(features, "conv1", 1), "conv2", 2)
        frames = len(x)
        x = x + self.w["embed_positions.weight"][:frames]
        at = np.arange(frames)
        seen = (at <= at[:, None]) | (at // self.BLOCK == at[:, None] // self.BLOCK)
        seen &= at * 2 * self.HOP < samples
        for i in range(self.LAYERS):
            layer = f"layers.{i}."
            y = self.normalised(x, layer + "self_attn_layer_norm")
            q, k, v = (
                self.linear(y, f"{layer}self_attn.{name}_proj").reshape(frames, self.HEADS, -1).transpose(1, 0, 2)
                for name in "qkv"
            )
            scores = np.where(seen, q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1])), -np.inf)
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            weights /= weights.sum(-1, keepdims=True)
            x = x + self.linear((weights @ v).transpose(1, 0, 2).reshape(frames, -1), layer + "self_attn.out_proj")
            y = gelu(self.linear(self.normalised(x, layer + "final_layer_norm"), layer + "fc1"))
            x = x + self.linear(y, layer + "fc2")
        return x.reshape(frames // self.POOLED, self.POOLED, -1).mean(1)

    def nearest(self, pooled):
        distances = ((pooled[:, None] - self.w["codebook.weight"]) ** 2).sum(-1)
        return distances.argmin(-1)

    def codes(self, file):
        with wave.open(str(file)) as sound:
            assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2), file
            samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2") / np.float32(32768)
        return self.nearest(self.pooled(self.features(samples), len(samples))).tolist()


def gelu(x):
    return x * (1 + erf(x / np.sqrt(2)).astype("f4")) / 2


def norm(x, gain):
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + np.float32(EPSILON)) * gain


def rotate(x, position):
    """Neighbouring channels are pairs, of the first ROTARY channels of a head."""
    angles = position / 10000.0 ** (np.arange(0, ROTARY, 2) / ROTARY)
    cos, sin = np.cos(angles).astype("f4"), np.sin(angles).astype("f4")
    even, odd = x[..., 0:ROTARY:2].copy(), x[..., 1:ROTARY:2].copy()
    x[..., 0:ROTARY:2] = even * cos - odd * sin
    x[..., 1:ROTARY:2] = odd * cos + even * sin
    return x


class Model:
    def __init__(self, folder, heads):
        w = tensors(folder / "lm/model.safetensors")
        self.embedding = w["transformer.embedding.word_embeddings.weight"]
        self.gain = w["transformer.encoder.final_layernorm.weight"]
        self.heads = {int(k.split(".")[1]): v for k, v in tensors(heads).items() if k.startswith("head.")}
        self.heads[FULL] = w["transformer.output_layer.weight"]
        parts = (
            "input_layernorm.weight", "self_attention.query_key_value.weight", "self_attention.query_key_value.bias",
            "self_attention.dense.weight", "post_attention_layernorm.weight", "mlp.dense_h_to_4h.weight",
            "mlp.dense_4h_to_h.weight",
        )
        self.layers = [[w[f"transformer.encoder.layers.{i}.{part}"] for part in parts] for i in range(LAYERS)]

    def logits(self, states, layer):
        return norm(states[layer], self.gain) @ self.heads[layer].T


class Sequences:
    """Several sequences of one length; append() gives the states behind layers 0 (the embedding) to 16."""

    def __init__(self, model, count):
        self.model = model
        self.length = 0
        self.keys = np.empty((LAYERS, count, 1024, GROUPS, CHANNELS), "f4")
        self.values = np.empty_like(self.keys)

    def append(self, tokens):
        x = self.model.embedding[tokens]
        states = [x]
        count, at, end = len(tokens), self.length, self.length + 1
        for i, (gain1, qkv, bias, dense, gain2, up, down) in enumerate(self.model.layers):
            mixed = norm(x, gain1) @ qkv.T + bias
            q = rotate(mixed[:, :WIDTH].reshape(count, HEADS, CHANNELS), at)
            kv = mixed[:, WIDTH:].reshape(count, 2, GROUPS, CHANNELS)
            self.keys[i, :, at], self.values[i, :, at] = rotate(kv[:, 0].copy(), at), kv[:, 1]
            q = q.reshape(count, GROUPS, HEADS // GROUPS, CHANNELS)
            keys = self.keys[i, :, :end].transpose(0, 2, 3, 1)
            values = self.values[i, :, :end].transpose(0, 2, 1, 3)
            scores = q @ keys / np.float32(np.sqrt(CHANNELS))
            weights = np.exp(scores - scores.max(-1, keepdims=True))
            weights /= weights.sum(-1, keepdims=True)
            x = x + (weights @ values).reshape(count, WIDTH) @ dense.T
            gate, value = np.split(norm(x, gain2) @ up.T, 2, axis=-1)
            x = x + (gate / (1 + np.exp(-gate)) * value) @ down.T
            states.append(x)
        self.length = end
        return states


def leaves(schedule, place):
    """Whether speech position `place` of a chunk, from 1, leaves early."""
    return {
        "none": False,
        "fixed": True,
        "even": place % 2 == 0,
        "odd": place % 2 == 1,
        "triple": place % 3 != 1,
        "conf": True,
    }[schedule]


def entropy(logits):
    log_p = logits - logits.max()
    log_p = log_p - np.log(np.exp(log_p).sum())
    return -(np.exp(log_p) * log_p).sum()


class Reply:
    """A reply so far, and the place of its next position."""

    def __init__(self, schedule, layer, threshold=None):
        self.schedule, self.layer, self.threshold = schedule, layer, threshold
        self.speech, self.text, self.place, self.tail = False, 1, 0, False
        self.tokens, self.modes, self.exits, self.over = [], [], [], False

    def decide(self, logits):
        """@param logits of a layer, of this sequence"""
        layer = self.layer if self.speech and leaves(self.schedule, self.place) else FULL
        if self.schedule == "conf" and layer != FULL and entropy(logits(layer)[:USABLE]) >= self.threshold:
            layer = FULL
        token = int(np.argmax(logits(layer)[:USABLE]))
        self.tokens.append(token)
        self.modes.append(int(self.speech))
        self.exits.append(layer)
        self.over = token in ENDS or len(self.tokens) == MAX_TOKENS
        self.move(token >= FIRST_CODE)

    def move(self, is_code):
        if not self.speech:
            if is_code:  # the text has ended: the rest is speech
                self.speech, self.place, self.tail = True, 2, True
            elif self.text == TEXT_CHUNK:
                self.speech, self.place, self.tail = True, 1, False
            else:
                self.text += 1
        elif not is_code:
            self.speech, self.text = False, 2
        elif self.place < SPEECH_CHUNK:
            self.place += 1
        else:
            self.place = 1
            if not self.tail:
                self.speech, self.text = False, 1


def replies(model, prompts, policy):
    """Of prompts of any lengths: each goes on with its reply where it ends."""
    sequences = Sequences(model, len(prompts))
    answers = [Reply(*policy) for _ in prompts]
    while not all(answer.over for answer in answers):
        at = sequences.length
        known = [prompt + answer.tokens for prompt, answer in zip(prompts, answers)]
        states = sequences.append([ids[at] if at < len(ids) else 0 for ids in known])
        made = {}
        for i, answer in enumerate(answers):
            if answer.over or at + 1 < len(prompts[i]):
                continue

            def logits(layer, i=i):
                if layer not in made:
                    made[layer] = model.logits(states, layer)
                return made[layer][i]

            answer.decide(logits)
    return answers


class Tokenizer:
    """Byte pairs of the published rank file; the pattern is GLM-4's for ASCII."""

    PIECES = re.compile(
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\nA-Za-z0-9]?[A-Za-z]+|[0-9]{1,3}"
        r"| ?[^\sA-Za-z0-9]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )

    def __init__(self, file):
        lines = file.read_text().split("\n")
        self.ranks = {base64.b64decode(word): int(rank) for word, rank in (line.split() for line in lines if line)}

    def encode(self, text):
        return [id for piece in self.PIECES.findall(text) for id in self.merge(piece.encode())]

    def merge(self, piece):
        parts = [bytes([byte]) for byte in piece]
        while True:
            pairs = [self.ranks.get(a + b, len(self.ranks)) for a, b in zip(parts, parts[1:])]
            if not pairs or min(pairs) == len(self.ranks):
                return [self.ranks[part] for part in parts]
            at = pairs.index(min(pairs))
            parts[at : at + 2] = [parts[at] + parts[at + 1]]


def opening(tokenizer, instructions=None):
    more = " " + instructions if instructions else ""
    return [514, 516, 518] + tokenizer.encode("\nanswer in speech." + more)  # [gMASK]<sop><|system|>


def turn(said):
    return [519] + said + [520, 285, 287, 10]  # <|user|> ... <|assistant|>streaming_transcription\n


def spoken(codes):
    return turn([10, 526] + [FIRST_CODE + code for code in codes] + [527])  # \n<|begin_of_audio|> ... <|end_of_audio|>


def conversations(model, tokenizer, questions):
    """The first RECORDED of each kind, at full depth: the ids of every reply."""
    files = [HERE / f"{kind}.jsonl" for kind in ("system", "typed", "second")]
    recorded = [json.loads(line) for file in files for line in file.read_text().splitlines()[:RECORDED]]
    prompts = [opening(tokenizer, line.get("instructions")) for line in recorded]
    said = [[] for _ in recorded]
    for place in range(max(len(line["turns"]) for line in recorded)):
        asked = [i for i, line in enumerate(recorded) if place < len(line["turns"])]
        for i in asked:
            question = recorded[i]["turns"][place]
            text = question.get("typed")
            prompts[i] += turn(tokenizer.encode("\n" + text)) if text else spoken(questions[question["spoken"]]["codes"])
        for i, reply in zip(asked, replies(model, [prompts[i] for i in asked], POLICIES["none"])):
            said[i].append(reply.tokens)
            prompts[i] += reply.tokens[:-1] if reply.tokens[-1] in ENDS else reply.tokens
    return [{"id": line["id"], "replies": each} for line, each in zip(recorded, said)]


POLICIES = {
    "none": ("none", FULL),
    "fixed-6": ("fixed", 6),
    "fixed-8": ("fixed", 8),
    "fixed-12": ("fixed", 12),
    "conf0.5-8": ("conf", 8, 0.5),
    "even-6": ("even", 6),
    "even-8": ("even", 8),
    "odd-8": ("odd", 8),
    "triple-8": ("triple", 8),
    "triple-10": ("triple", 10),
}


def words(tokenizer, ids):
    spellings = {rank: word for word, rank in tokenizer.ranks.items()}
    return b"".join(spellings[id] for id in ids if id in spellings).decode()


def goldens(model, tokenizer, listener):
    """Codes and replies of demo.json, the table of the examples, and the values of tokenizer_case and lm_case.safetensors for the inputs there."""
    file = HERE / "../tiny/demo.json"
    demo = json.loads(file.read_text())
    for item in demo["items"]:
        item["speech_tokens_in"] = listener.codes(HERE / "../../examples" / item["file"])
        item["prompt_ids"] = opening(tokenizer) + spoken(item["speech_tokens_in"])
    prompts = [item["prompt_ids"] for item in demo["items"]]
    full, even = (replies(model, prompts, policy) for policy in (("none", FULL), ("even", 12)))
    for item, one, other in zip(demo["items"], full, even):
        item["greedy_ids"], item["even12_ids"] = one.tokens, other.tokens
        item["model_answer"], item["even_answer"] = words(tokenizer, one.tokens), words(tokenizer, other.tokens)
        item["ended"] = one.tokens[-1] in ENDS
    file.write_text(json.dumps(demo))
    columns = ("file", "question", "expected", "model_answer", "voice", "split")
    names = ("file", "question", "expected answer", "model answer (greedy, full depth)", "voice", "split")
    rows = [names] + [[item[column] for column in columns] for item in demo["items"]]
    (HERE / "../../examples/expected.tsv").write_text("".join("\t".join(row) + "\n" for row in rows))
    given, put = opened(HERE / "../tiny/lm_case.safetensors")
    sequence = Sequences(model, 1)
    for token in given("prompt", "<i8"):
        states = sequence.append([int(token)])
    put({f"h{layer}": states[layer][0] for layer in (0, 1, 8, 16)} | {"logits_last": model.logits(states, FULL)[0]})
    given, put = opened(HERE / "../tiny/tokenizer_case.safetensors")
    samples = given("wav", "<f4")
    features = listener.features(samples)
    pooled = listener.pooled(features, len(samples))
    put({"logmel": features.T, "pooled": pooled, "tokens": listener.nearest(pooled)})


def opened(file):
    """A safetensors file to read tensors of, and to write others in place."""
    data = bytearray(file.read_bytes())
    begin = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:begin])

    def given(name, kind):
        first, last = header[name]["data_offsets"]
        return np.frombuffer(bytes(data[begin + first : begin + last]), kind)

    def put(made):
        for name, values in made.items():
            first, last = header[name]["data_offsets"]
            raw = values.astype({"F32": "<f4", "I64": "<i8"}[header[name]["dtype"]]).tobytes()
            assert len(raw) == last - first, name
            data[begin + first : begin + last] = raw
        file.write_bytes(bytes(data))

    return given, put


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TINY
    heads = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "heads/heads.safetensors"
    out = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else HERE / "replies"
    model = Model(folder, heads)
    tokenizer = Tokenizer(folder / "lm/tokenizer.model")
    lines = [json.loads(line) for line in (HERE / "questions.jsonl").read_text().splitlines()]
    if len(sys.argv) <= 3:
        listener = Listener(folder / "tokenizer/model.safetensors")
        for line in lines:
            line["codes"] = listener.codes(HERE / line["file"])
        write(HERE / "questions.jsonl", lines)
        goldens(model, tokenizer, listener)
    questions = {pathlib.Path(line["file"]).stem: line for line in lines}
    write(out / "conversations.jsonl", conversations(model, tokenizer, questions))
    prompts = [opening(tokenizer) + spoken(question["codes"]) for question in questions.values()]
    for name, policy in POLICIES.items():
        made = zip(questions, replies(model, prompts, policy))
        write(
            out / f"{name}.jsonl",
            [{"id": id, "tokens": reply.tokens, "speech": reply.modes, "exit": reply.exits} for id, reply in made],
        )


def write(file, lines):
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))


if __name__ == "__main__":
    main()
