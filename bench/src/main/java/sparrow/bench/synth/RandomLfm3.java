package sparrow.bench.synth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.text.ByteAlphabet;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.ModelCard;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Names;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.models.lfm3.Lfm3Prompts;
import sparrow.models.weights.AtomicFolder;
import sparrow.tensor.DType;

/** Writes an LFM3-Audio folder with random weights, with the sizes and the two GGUF files of the published model. */
final class RandomLfm3 {
    /** Minimum number of layers: up to the first attention layer, without which a model is invalid. */
    private static final int MIN_LAYERS = 3;

    private static final int CODEBOOKS = 12;

    /** Control tokens. The last names in the list are invented. */
    private static final List<String> CONTROLS = List.of("""
            <|pad|> <|startoftext|> <|endoftext|> <|fim_pre|> <|fim_mid|> <|fim_suf|> <|im_start|>
            <|im_end|> <|audio|> <|audio_start|> <|mixed_start|> <|mixed_end|> <|text_end|>
            <|audio_out|> <tool_call> </tool_call>
            """.split("\\s+"));

    private final Sizes sizes;
    private final TransformerConfig model;
    private final Quantisation quantisation;

    private RandomLfm3(Sizes sizes, int layers, Quantisation quantisation) {
        this.sizes = sizes;
        this.model = RandomLanguageModel.sizes(sizes.model(), MIN_LAYERS, layers);
        this.quantisation = quantisation;
    }

    /**
     * The sizes of an audio network of LFM layers.
     *
     * @param kinds a letter for each layer: C for convolution, A for attention
     */
    record Stack(String kinds, int width, int heads, int kvHeads, int taps, int ffn) {}

    /**
     * The sizes of the networks in a folder.
     *
     * @param model the language model
     * @param taps kernel size of its short convolutions
     * @param window window of its windowed attention
     * @param controls number of control tokens
     * @param encoder the encoder
     * @param encoderWindow window of its attention
     * @param channels channels of the encoder's convolutions
     * @param depth the depth decoder
     * @param codes codes per codebook, including the end code
     * @param codec the codec decoder
     * @param codecInner width of its dequantised codes
     */
    record Sizes(
            PublishedModel model,
            int taps,
            int window,
            int controls,
            Stack encoder,
            int encoderWindow,
            int channels,
            Stack depth,
            int codes,
            Stack codec,
            int codecInner) {
        static Sizes published(PublishedModel model) {
            return new Sizes(
                    model,
                    7,
                    256,
                    163,
                    new Stack("CCA".repeat(5) + "AA", 768, 8, 4, 3, 1792),
                    32,
                    256,
                    new Stack("AAA", 1024, 32, 8, 0, 2816),
                    2017,
                    new Stack("CCACACAC", 512, 16, 8, 3, 2304),
                    256);
        }
    }

    /** Writes a folder as described in {@link SynthCommand}. */
    static void write(
            Sizes sizes, int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException {
        RandomLfm3 random = new RandomLfm3(sizes, layers, quantisation);
        try (AtomicFolder out = AtomicFolder.begin(to)) {
            String file = sizes.model().name() + ".gguf";
            random.text(out.path().resolve(file), seed, listener);
            random.sound(out.path().resolve("mmproj-" + file), seed, listener);
            random.heads(out.folder("heads").resolve("frame-heads.gguf"), seed, listener);
            ModelCard.writeNamed(out.path(), sizes.model().name() + " of random weights");
            out.finish();
        }
    }

    /** Returns the kind of a layer, counted from 0: C, A, or W for attention with a window. */
    private static char kind(int layer) {
        if (layer % 2 == 1 || layer == 0) return 'C';
        return layer % 4 == 2 ? 'A' : 'W';
    }

    private List<Boolean> layers(String kinds) {
        return IntStream.range(0, model.layers())
                .mapToObj(layer -> kinds.indexOf(kind(layer)) >= 0)
                .toList();
    }

    private void text(Path file, long seed, ConversionListener listener) throws IOException {
        Rope rope = new Rope(model.headWidth(), 1e4, Rope.Pairing.HALVES);
        Map<String, GgufValue> keys = ModelKeys.lfm3(
                model,
                layers("AW"),
                layers("W"),
                new AttentionSpan.Window(sizes.window, rope),
                sizes.taps,
                "random weights, sizes of " + sizes.model.name(),
                quantisation);
        keys.putAll(vocabulary());
        Entries list = new Entries(quantisation);
        list.matrix(Names.EMBEDDING, model.vocabulary(), model.width());
        list.vector(Names.OUTPUT_NORM, model.width());
        list.vector(Names.ROPE_DIVISORS, model.headWidth() / 2);
        for (int layer = 1; layer <= model.layers(); layer++) textLayer(list, layer);
        write(file, keys, list, seed, listener);
    }

    private void textLayer(Entries list, int layer) {
        int width = model.width();
        for (String norm :
                List.of(Names.ATTENTION_NORM, Names.POST_ATTENTION_NORM, Names.FFN_NORM, Names.POST_FFN_NORM)) {
            list.vector(Names.weight(layer, norm), width);
        }
        if (kind(layer - 1) == 'C') {
            list.matrix(Names.weight(layer, Names.CONVOLUTION_INPUT), 3 * width, width);
            list.plain(Names.weight(layer, Names.CONVOLUTION), width, sizes.taps);
            list.matrix(Names.weight(layer, Names.CONVOLUTION_OUTPUT), width, width);
        } else {
            list.matrix(Names.weight(layer, Names.QUERY), model.queryWidth(), width);
            list.matrix(Names.weight(layer, Names.KEY), model.kvWidth(), width);
            list.matrix(Names.weight(layer, Names.VALUE), model.kvWidth(), width);
            list.matrix(Names.weight(layer, Names.ATTENTION_OUTPUT), width, model.queryWidth());
            list.matrix(Names.weight(layer, Names.ATTENTION_GATE), model.heads(), width);
            list.vector(Names.weight(layer, Names.QUERY_NORM), model.headWidth());
            list.vector(Names.weight(layer, Names.KEY_NORM), model.headWidth());
        }
        list.matrix(Names.weight(layer, Names.GATE), model.ffnWidth(), width);
        list.matrix(Names.weight(layer, Names.UP), model.ffnWidth(), width);
        list.matrix(Names.weight(layer, Names.DOWN), width, model.ffnWidth());
    }

    private Map<String, GgufValue> vocabulary() {
        List<String> controls = new ArrayList<>(CONTROLS);
        while (controls.size() < sizes.controls) controls.add("<|reserved_" + controls.size() + "|>");
        SyntheticBytePairs pairs = new SyntheticBytePairs(
                model.vocabulary() - controls.size(),
                List.of(Lfm3Prompts.INTERLEAVED, "system\n", "user\n", "assistant\n"));
        List<String> merges = pairs.merges().stream()
                .map(merge -> ByteAlphabet.write(merge.left()) + " " + ByteAlphabet.write(merge.right()))
                .toList();
        return VocabularyKeys.of(Architecture.LFM3, pairs.tokens(), controls, merges);
    }

    private void sound(Path file, long seed, ConversionListener listener) throws IOException {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text("clip"));
        keys.put("clip.audio.projector_type", new GgufValue.Text("lfm3a"));
        keys.put("clip.gen.audio.projector_type", new GgufValue.Text("lfm3a_gen"));
        stackKeys(keys, "clip.audio.", sizes.encoder);
        whole(keys, "clip.audio.num_mel_bins", 128);
        whole(keys, "clip.audio.window_size", sizes.encoderWindow);
        stackKeys(keys, "clip.gen.audio.", sizes.depth);
        keys.put("clip.gen.audio.sampling.temp", new GgufValue.Number(1));
        whole(keys, "clip.gen.audio.sampling.top_k", 128);
        keys.put("clip.gen.audio.sampling.penalty_repeat", new GgufValue.Number(1.1f));
        whole(keys, "clip.gen.audio.sampling.penalty_last_n", 4096);
        Entries list = new Entries(quantisation);
        encoder(list);
        depth(list);
        codec(list);
        write(file, keys, list, seed, listener);
    }

    private void stackKeys(Map<String, GgufValue> keys, String prefix, Stack stack) {
        whole(keys, prefix + "block_count", stack.kinds.length());
        whole(keys, prefix + "embedding_length", stack.width);
        whole(keys, prefix + "feed_forward_length", stack.ffn);
        whole(keys, prefix + "attention.head_count", stack.heads);
        whole(keys, prefix + "attention.head_count_kv", stack.kvHeads);
        keys.put(prefix + "attention.layer_norm_epsilon", new GgufValue.Number(1e-5f));
        whole(keys, prefix + "projection_dim", model.width());
    }

    private static void whole(Map<String, GgufValue> keys, String key, int value) {
        keys.put(key, new GgufValue.Whole(value));
    }

    private void encoder(Entries list) {
        int channels = sizes.channels;
        int width = sizes.encoder.width;
        for (int conv : new int[] {0, 2, 5}) list.plain("a.conv1d." + conv + ".weight", channels, 1, 3, 3);
        for (int conv : new int[] {3, 6}) list.plain("a.conv1d." + conv + ".weight", channels, channels, 1, 1);
        for (int conv : new int[] {0, 2, 3, 5, 6}) list.vector("a.conv1d." + conv + ".bias", channels);
        list.linear("a.pre_encode.out", width, 16 * channels);
        stack(list, "a.blk.", sizes.encoder, false);
        list.vector("a.post_ln.weight", width);
        list.vector("mm.a.mlp.0.weight", width);
        list.vector("mm.a.mlp.0.bias", width);
        list.linear("mm.a.mlp.1", model.width(), width);
        list.linear("mm.a.mlp.3", model.width(), model.width());
    }

    private void depth(Entries list) {
        int width = sizes.depth.width;
        stack(list, "a.gen.code.blk.", sizes.depth, true);
        list.linear("a.gen.code.proj_in", CODEBOOKS * width, model.width());
        list.matrix("a.gen.code.embd.weight", CODEBOOKS, sizes.codes, width);
        list.matrix("a.gen.code.out_embd.weight", CODEBOOKS * sizes.codes, model.width());
        list.vector("a.gen.code.output_norm.weight", width);
        list.vector("a.gen.code.head_norm.weight", width);
        list.vector("a.gen.code.mask_embd", width);
    }

    private void codec(Entries list) {
        int values = 4;
        int width = sizes.codec.width;
        stack(list, "a.gen.wav.tfm.blk.", sizes.codec, true);
        list.plain("a.gen.wav.quant.first.codebook.weight", sizes.codes - 1, values);
        list.linear("a.gen.wav.quant.first.out_proj", sizes.codecInner, CODEBOOKS * values);
        list.linear("a.gen.wav.tfm.in_proj", width, sizes.codecInner);
        list.linear("a.gen.wav.tfm.out_proj", 1282, width);
        list.vector("a.gen.wav.tfm.output_norm.weight", width);
    }

    /**
     * Adds the tensors of a network's layers.
     *
     * @param generates whether the layers have gates and post norms
     */
    private static void stack(Entries list, String prefix, Stack stack, boolean generates) {
        int width = stack.width;
        int head = width / stack.heads;
        for (int layer = 0; layer < stack.kinds.length(); layer++) {
            String name = prefix + layer + ".";
            list.vector(name + "ln1.weight", width);
            list.vector(name + "ln2.weight", width);
            if (generates) {
                list.vector(name + "attn_post_norm.weight", width);
                list.vector(name + "ffn_post_norm.weight", width);
            }
            if (stack.kinds.charAt(layer) == 'C') {
                list.matrix(name + "conv_pw1.weight", 3 * width, width);
                list.plain(name + "conv_dw.weight", width, stack.taps);
                list.matrix(name + "conv_pw2.weight", width, width);
            } else {
                list.matrix(name + "attn_q.weight", width, width);
                list.matrix(name + "attn_k.weight", stack.kvHeads * head, width);
                list.matrix(name + "attn_v.weight", stack.kvHeads * head, width);
                list.matrix(name + "attn_out.weight", width, width);
                list.vector(name + "attn_q_norm.weight", head);
                list.vector(name + "attn_k_norm.weight", head);
                if (generates) list.matrix(name + "attn_gate.weight", stack.heads, width);
            }
            list.matrix(name + "ffn_gate.weight", stack.ffn, width);
            list.matrix(name + "ffn_up.weight", stack.ffn, width);
            list.matrix(name + "ffn_down.weight", width, stack.ffn);
        }
    }

    private void heads(Path file, long seed, ConversionListener listener) throws IOException {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text("frame-heads"));
        keys.put(ExitHeads.APPLY_FINAL_NORM, new GgufValue.Text("true"));
        Entries list = new Entries(quantisation);
        for (int layer : sizes.model.exitLayers(model.layers())) {
            list.linear("frame." + layer, CODEBOOKS * sizes.depth.width, model.width());
        }
        if (!list.all.isEmpty()) write(file, keys, list, seed, listener);
    }

    private static void write(
            Path file, Map<String, GgufValue> keys, Entries list, long seed, ConversionListener listener)
            throws IOException {
        SplittableRandom random =
                new SplittableRandom(seed + file.getFileName().toString().hashCode());
        RandomLanguageModel.write(file, keys, list.all, new int[0], random, listener);
    }

    /** The tensors of a GGUF file. */
    private static final class Entries {
        private final Quantisation quantisation;
        final List<TensorDescription> all = new ArrayList<>();

        Entries(Quantisation quantisation) {
            this.quantisation = quantisation;
        }

        /** Adds a tensor whose rows are quantised if their length is a multiple of the block size. */
        void matrix(String name, Integer... shape) {
            all.add(new TensorDescription(name, quantisation.dtype(List.of(shape)), List.of(shape)));
        }

        /** Adds an f32 tensor. */
        void plain(String name, Integer... shape) {
            all.add(new TensorDescription(name, DType.F32, List.of(shape)));
        }

        void vector(String name, int n) {
            plain(name, n);
        }

        /** Adds {@code name.weight} [out, in] and {@code name.bias} [out]. */
        void linear(String name, int out, int in) {
            matrix(name + ".weight", out, in);
            vector(name + ".bias", out);
        }
    }
}
