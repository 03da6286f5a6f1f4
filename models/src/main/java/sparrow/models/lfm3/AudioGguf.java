package sparrow.models.lfm3;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.JsonFile;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.models.gguf.GatheredTensors;
import sparrow.models.gguf.GgufParts;
import sparrow.models.gguf.GgufTransformer;
import sparrow.models.gguf.TransformerLoader;
import sparrow.speech.lfm.CausalEncoderConfig;
import sparrow.speech.lfm.LfmConfig;
import sparrow.speech.lfm.LfmConfig.Mixing;

/**
 * LFM3-Audio's GGUF file {@code mmproj}, which contains the audio encoder, the depth decoder and the codec decoder.
 * Sizes are read from the tensors' shapes and must agree with the keys. The encoder and the codec decoder read their
 * tensors under the names of LFM2.5-Audio's layers.
 */
record AudioGguf(Gguf file) {
    /** Key that occurs only in files of this architecture. */
    static final String ENCODER_KIND = "clip.audio.projector_type";

    /** Number of codes per frame, a constant of llama.cpp. */
    static final int CODEBOOKS = 12;

    /** Number of positions that a query of the codec decoder attends to, a constant of llama.cpp. */
    static final int CODEC_WINDOW = 30;

    /** Base of the rotary embeddings of all three networks, a constant of llama.cpp. */
    private static final double ROPE_BASE = 1e6;

    /** Epsilon of the codec decoder's norms, a constant of llama.cpp. */
    private static final float CODEC_EPSILON = 1e-5f;

    private static final String ENCODER = "clip.audio.";
    private static final String FRAMES = "clip.gen.audio.";

    private static final String ENCODER_LAYER = "a.blk.";
    private static final String FRAME_LAYER = "a.gen.code.blk.";
    private static final String CODEC_LAYER = "a.gen.wav.tfm.blk.";

    /** Maximum number of channels of a network. Larger numbers indicate a damaged file. */
    private static final int MAX_WIDTH = 1 << 20;

    /** Names of the tensors in every layer. */
    private static final Map<String, String> LAYER = Map.of(
            "ln1", "operator_norm",
            "ln2", "ffn_norm",
            "ffn_gate", "feed_forward.w1",
            "ffn_up", "feed_forward.w3",
            "ffn_down", "feed_forward.w2");

    private static final Map<String, String> CONVOLUTION = Map.of(
            "conv_pw1", "conv.in_proj",
            "conv_dw", "conv.conv",
            "conv_pw2", "conv.out_proj");

    private static final Map<String, String> ATTENTION = Map.of(
            "attn_q", "self_attn.q_proj",
            "attn_k", "self_attn.k_proj",
            "attn_v", "self_attn.v_proj",
            "attn_out", "self_attn.out_proj",
            "attn_q_norm", "self_attn.q_layernorm",
            "attn_k_norm", "self_attn.k_layernorm");

    /** Names of additional tensors in layers outside the encoder. */
    private static final Map<String, String> GENERATING = Map.of(
            "attn_post_norm", "post_operator_norm",
            "ffn_post_norm", "post_ffn_norm");

    /** The depth decoder's tensors outside its layers. */
    private static final List<String> FRAME_TENSORS = List.of(
            "a.gen.code.proj_in.weight",
            "a.gen.code.proj_in.bias",
            "a.gen.code.embd.weight",
            "a.gen.code.mask_embd",
            "a.gen.code.output_norm.weight",
            "a.gen.code.head_norm.weight",
            "a.gen.code.out_embd.weight");

    /**
     * Creates a view of a file.
     *
     * @throws BadFileException if the file is of another kind or has unknown tensors
     */
    AudioGguf {
        GgufMetadata values = file.values();
        values.expect("general.architecture", "clip");
        values.expect(ENCODER_KIND, "lfm3a");
        values.expect("clip.gen.audio.projector_type", "lfm3a_gen");
        GgufParts.requireCount(file, ENCODER + "block_count", ENCODER_LAYER, layers(file, ENCODER));
        GgufParts.requireCount(file, FRAMES + "block_count", FRAME_LAYER, layers(file, FRAMES));
        Map<String, String> known = new LinkedHashMap<>(encoderNames(file));
        known.putAll(codecNames(file));
        for (int layer = 0; layer < layers(file, FRAMES); layer++) {
            put(known, FRAME_LAYER, layer, List.of(LAYER, ATTENTION, GENERATING));
            known.put(FRAME_LAYER + layer + ".attn_gate.weight", "");
        }
        GgufParts.requireKnown(file, name -> known.containsKey(name) || FRAME_TENSORS.contains(name));
    }

    private static int layers(Gguf file, String prefix) {
        return GgufTransformer.layers(file, prefix + "block_count");
    }

    private static boolean convolves(Gguf file, String prefix, int layer) {
        return file.has(prefix + layer + ".conv_pw1.weight");
    }

    private static void put(Map<String, String> names, String prefix, int layer, List<Map<String, String>> parts) {
        for (Map<String, String> part : parts) {
            part.forEach((gguf, own) ->
                    names.put(prefix + layer + "." + gguf + ".weight", "lfm.layers." + layer + "." + own + ".weight"));
        }
    }

    private static void module(Map<String, String> names, String gguf, String own) {
        names.put(gguf + ".weight", own + ".weight");
        names.put(gguf + ".bias", own + ".bias");
    }

    private static SequencedMap<String, String> encoderNames(Gguf file) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        for (int i : new int[] {0, 2, 3, 5, 6}) module(names, "a.conv1d." + i, "pre_encode.conv." + i);
        module(names, "a.pre_encode.out", "pre_encode.out");
        for (int layer = 0; layer < layers(file, ENCODER); layer++) {
            boolean convolves = convolves(file, ENCODER_LAYER, layer);
            put(names, ENCODER_LAYER, layer, List.of(LAYER, convolves ? CONVOLUTION : ATTENTION));
        }
        names.put("a.post_ln.weight", "lfm.embedding_norm.weight");
        for (int i : new int[] {0, 1, 3}) module(names, "mm.a.mlp." + i, "projector." + i);
        return names;
    }

    private static SequencedMap<String, String> codecNames(Gguf file) {
        SequencedMap<String, String> names = new LinkedHashMap<>();
        names.put("a.gen.wav.quant.first.codebook.weight", "quantizer.codebook.weight");
        module(names, "a.gen.wav.quant.first.out_proj", "quantizer.out_proj");
        module(names, "a.gen.wav.tfm.in_proj", "in_proj");
        for (int layer = 0; layer < codecLayers(file); layer++) {
            boolean convolves = convolves(file, CODEC_LAYER, layer);
            put(names, CODEC_LAYER, layer, List.of(LAYER, convolves ? CONVOLUTION : ATTENTION, GENERATING));
            if (convolves) continue;
            names.put(CODEC_LAYER + layer + ".attn_gate.weight", "lfm.layers." + layer + ".self_attn.gate.weight");
        }
        names.put("a.gen.wav.tfm.output_norm.weight", "lfm.embedding_norm.weight");
        module(names, "a.gen.wav.tfm.out_proj", "lin");
        return names;
    }

    /** Returns the number of codec layers, for which the file has no key. */
    private static int codecLayers(Gguf file) {
        int layers = 0;
        while (file.has(CODEC_LAYER + layers + ".ln1.weight")) layers++;
        return layers;
    }

    /** Returns the encoder's tensors. */
    Checkpoint encoder() {
        return new GatheredTensors(file.source()).with(file, encoderNames(file));
    }

    /** Returns the codec decoder's tensors. */
    Checkpoint codec() {
        return new GatheredTensors(file.source()).with(file, codecNames(file));
    }

    /**
     * Returns the encoder's sizes.
     *
     * @throws BadFileException if a key is missing or contradicts the tensors
     */
    CausalEncoderConfig encoderConfig() {
        GgufMetadata values = file.values();
        int width = width(ENCODER + "embedding_length");
        int channels = file.tensor("a.conv1d.0.weight", -1, 1, 3, 3).shape().getFirst();
        LfmConfig layers = layers(
                ENCODER_LAYER,
                layers(file, ENCODER),
                width,
                values.positive(ENCODER + "window_size"),
                epsilon(ENCODER),
                ENCODER);
        int outputs = file.tensor("mm.a.mlp.1.weight", -1, width).shape().getFirst();
        require(ENCODER + "projection_dim", outputs);
        require(
                ENCODER + "feed_forward_length",
                TransformerLoader.rows(file, ENCODER_LAYER + "0.ffn_gate.weight", width));
        return JsonFile.validated(
                file.source(),
                "",
                () -> new CausalEncoderConfig(values.positive(ENCODER + "num_mel_bins"), channels, layers, outputs));
    }

    /**
     * Returns the codec decoder's sizes.
     *
     * @param window number of positions that a query attends to, which the file does not contain
     * @throws BadFileException if the tensors contradict each other
     */
    LfmConfig codecConfig(int window) {
        int width = file.tensor("a.gen.wav.tfm.output_norm.weight", -1).shape().getFirst();
        if (codecLayers(file) == 0) file.tensor(CODEC_LAYER + "0.ln1.weight"); // This call throws an exception.
        return layers(CODEC_LAYER, codecLayers(file), width, window, CODEC_EPSILON, "");
    }

    /**
     * Returns the sizes of a stack of layers.
     *
     * @param keys prefix of the sizes' keys, or empty if there are none
     */
    private LfmConfig layers(String prefix, int count, int width, int window, float epsilon, String keys) {
        List<Mixing> mixing = new ArrayList<>();
        int taps = 1;
        Heads heads = new Heads(1, 1, width);
        for (int layer = 0; layer < count; layer++) {
            boolean convolves = convolves(file, prefix, layer);
            mixing.add(convolves ? Mixing.CONVOLUTION : Mixing.ATTENTION);
            if (convolves) {
                taps = file.tensor(prefix + layer + ".conv_dw.weight", width, -1)
                        .shape()
                        .getLast();
            } else {
                heads = heads(prefix + layer + ".", width);
            }
        }
        if (mixing.contains(Mixing.ATTENTION)) {
            if (!keys.isEmpty()) heads.require(keys);
            if (heads.query * heads.width != width) {
                throw new BadFileException(
                        file.source(),
                        "tensor " + prefix + "N.attn_q.weight",
                        "expected " + width + " rows, found " + heads.query + " heads of " + heads.width);
            }
        }
        Heads all = heads;
        int kernel = taps;
        return JsonFile.validated(
                file.source(),
                "",
                () -> new LfmConfig(width, all.query, all.key, kernel, window, mixing, ROPE_BASE, epsilon));
    }

    /** An attention layer's heads according to its tensors. */
    private final class Heads {
        final int query;
        final int key;
        final int width;

        Heads(int query, int key, int width) {
            this.query = query;
            this.key = key;
            this.width = width;
        }

        void require(String keys) {
            AudioGguf.this.require(keys + "attention.head_count", query);
            AudioGguf.this.require(keys + "attention.head_count_kv", key);
        }
    }

    private Heads heads(String layer, int width) {
        int head = file.tensor(layer + "attn_q_norm.weight", -1).shape().getFirst();
        int query = TransformerLoader.rows(file, layer + "attn_q.weight", width);
        int key = TransformerLoader.rows(file, layer + "attn_k.weight", width);
        if (head == 0 || head % 2 != 0 || query % head != 0 || key % head != 0 || query / head % (key / head) != 0) {
            throw new BadFileException(
                    file.source(),
                    "tensor " + layer + "attn_q_norm.weight",
                    "expected the even width of the heads of " + query + " query and " + key + " key rows, found "
                            + head);
        }
        return new Heads(query / head, key / head, head);
    }

    /**
     * Returns the depth decoder's sizes.
     *
     * @throws BadFileException if a key is missing or contradicts the tensors
     */
    TransformerConfig frameConfig() {
        int width = width(FRAMES + "embedding_length");
        List<Integer> embedding =
                file.tensor("a.gen.code.embd.weight", CODEBOOKS, -1, width).shape();
        if (embedding.get(1) < 2) {
            throw new BadFileException(
                    file.source(),
                    "tensor a.gen.code.embd.weight",
                    "expected at least one code besides the end code, found " + embedding.get(1));
        }
        Heads heads = heads(FRAME_LAYER + "0.", width);
        heads.require(FRAMES);
        int inner = TransformerLoader.rows(file, FRAME_LAYER + "0.ffn_gate.weight", width);
        require(FRAMES + "feed_forward_length", inner);
        require(
                FRAMES + "projection_dim",
                file.tensor("a.gen.code.out_embd.weight", CODEBOOKS * embedding.get(1), -1)
                        .shape()
                        .getLast());
        return new TransformerConfig(
                layers(file, FRAMES),
                width,
                heads.query,
                heads.key,
                heads.width,
                inner,
                embedding.get(1),
                CODEBOOKS,
                epsilon(FRAMES),
                new Rope(heads.width, ROPE_BASE, Rope.Pairing.HALVES));
    }

    /** Returns a tensor name in one of the depth decoder's layers. */
    static String frameLayer(int layer, String part) {
        return FRAME_LAYER + layer + "." + part + ".weight";
    }

    /**
     * Returns a number from the recommended sampling settings.
     *
     * @throws BadFileException if the number is less than {@code min}, or not a finite f32
     */
    double sampling(String key, double min) {
        String name = FRAMES + "sampling." + key;
        double value = file.values().number(name);
        if (value >= min && value <= Float.MAX_VALUE) return value;
        throw file.values().wrong(name, min > 0 ? "a number above 0" : "a number of 0 or more", value);
    }

    /**
     * Returns an integer from the recommended sampling settings.
     *
     * @throws BadFileException if the number is negative, or does not fit in an int
     */
    int wholeSampling(String key) {
        String name = FRAMES + "sampling." + key;
        long value = file.values().whole(name);
        if (value >= 0 && value <= Integer.MAX_VALUE) return (int) value;
        throw file.values().wrong(name, "a whole number of 0 to 2^31-1", value);
    }

    private int width(String key) {
        int width = file.values().positive(key);
        if (width > MAX_WIDTH) throw file.values().wrong(key, "at most " + MAX_WIDTH, width);
        return width;
    }

    private float epsilon(String prefix) {
        String key = prefix + "attention.layer_norm_epsilon";
        float epsilon = (float) file.values().number(key);
        if (!(epsilon >= 0)) throw file.values().wrong(key, "a number of 0 or more", epsilon);
        return epsilon;
    }

    private void require(String key, int tensors) {
        int found = file.values().positive(key);
        if (found != tensors) throw file.values().wrong(key, tensors + ", as in the tensors", found);
    }
}
