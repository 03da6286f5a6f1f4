package sparrow.models.gguf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.WeightLoader;

/** Reads a GGUF file's configuration and transformer for the supported {@link Architecture}s. */
public final class GgufTransformer {
    /** llama.cpp's default base of the rotary embedding. */
    private static final double DEFAULT_ROPE_BASE = 10_000;

    /** A divisor so large that the angle of a pair is 0 at every position. */
    private static final float UNROTATED = 1e20f;

    private GgufTransformer() {}

    /**
     * Returns the configuration in the metadata. The vocabulary size is read from the embedding.
     *
     * @throws BadFileException if a key is missing, contradictory or not supported
     */
    public static TransformerConfig config(Gguf gguf) {
        Architecture architecture = Architecture.of(gguf);
        GgufMetadata values = gguf.values();
        int width = values.positive(architecture.key("embedding_length"));
        String headCount = architecture.key("attention.head_count");
        int heads = values.positive(headCount);
        String kvHeadCount = architecture.key("attention.head_count_kv");
        int kvHeads = values.has(kvHeadCount) ? kvHeads(values, kvHeadCount) : heads;
        if (heads % kvHeads != 0)
            throw values.wrong(headCount, "a multiple of " + kvHeads + " (" + kvHeadCount + ")", heads);
        int headWidth = headWidth(architecture, values, width, heads, kvHeads);
        return new TransformerConfig(
                layers(gguf, architecture.key("block_count")),
                width,
                heads,
                kvHeads,
                headWidth,
                values.positive(architecture.key("feed_forward_length")),
                TransformerLoader.rows(gguf, Names.EMBEDDING, width),
                values.positive(architecture.key("context_length")),
                epsilon(architecture, values),
                rope(architecture, gguf, headWidth));
    }

    /**
     * Reads the number of key and value heads: one number for all layers, or one number per layer, which is 0 for
     * convolution layers.
     */
    private static int kvHeads(GgufMetadata values, String key) {
        if (!values.isArray(key)) return values.positive(key);
        int[] counts = Arrays.stream(values.integers(key))
                .filter(count -> count != 0)
                .distinct()
                .toArray();
        if (counts.length != 1 || counts[0] < 1) {
            throw values.wrong(key, "one number of 1 or more, apart from zeros", Arrays.toString(values.integers(key)));
        }
        return counts[0];
    }

    /**
     * Returns, for each layer, whether it is an attention layer rather than a convolution layer.
     *
     * @throws BadFileException if a key is missing or contradictory
     */
    public static List<Boolean> attends(Gguf gguf) {
        Architecture architecture = Architecture.of(gguf);
        int layers = layers(gguf, architecture.key("block_count"));
        String key = architecture.key("attention.head_count_kv");
        GgufMetadata values = gguf.values();
        if (!architecture.convolves() || !values.isArray(key)) return Collections.nCopies(layers, true);
        int[] counts = values.integers(key);
        if (counts.length != layers)
            throw values.wrong(key, "a number for each of " + layers + " layers", counts.length);
        List<Boolean> attends = new ArrayList<>();
        for (int count : counts) attends.add(count != 0);
        return attends;
    }

    /** Returns, for each layer, the positions that a position attends to. */
    private static List<AttentionSpan> spans(Gguf gguf, TransformerConfig config) {
        Architecture architecture = Architecture.of(gguf);
        if (architecture != Architecture.LFM3) return Collections.nCopies(config.layers(), AttentionSpan.CAUSAL);
        GgufMetadata values = gguf.values();
        String causal = architecture.key("attention.causal");
        if (values.has(causal) && !values.flag(causal)) throw values.wrong(causal, "true", false);
        String pattern = architecture.key("attention.sliding_window_pattern");
        List<Boolean> windowed = values.flags(pattern);
        if (windowed.size() != config.layers()) {
            throw values.wrong(pattern, "a value for each of " + config.layers() + " layers", windowed.size());
        }
        AttentionSpan window = new AttentionSpan.Window(
                values.positive(architecture.key("attention.sliding_window")),
                new Rope(
                        config.headWidth(),
                        ropeBase(values, architecture.key("rope.freq_base_swa")),
                        architecture.pairing()));
        return windowed.stream()
                .map(within -> within ? window : AttentionSpan.CAUSAL)
                .toList();
    }

    /**
     * Returns the number of layers. The number is limited by the number of tensors, so that a wrong number does not
     * cause huge allocations.
     *
     * @throws BadFileException if the key is missing, or the number is larger than the number of tensors
     */
    public static int layers(Gguf gguf, String key) {
        int layers = gguf.values().positive(key);
        int tensors = gguf.names().size();
        if (layers > tensors)
            throw gguf.values().wrong(key, "at most one layer for each of " + tensors + " tensors", layers);
        return layers;
    }

    private static int headWidth(Architecture architecture, GgufMetadata values, int width, int heads, int kvHeads) {
        String keyLength = architecture.key("attention.key_length");
        String valueLength = architecture.key("attention.value_length");
        if (!values.has(keyLength) && width % heads != 0) {
            throw values.wrong(architecture.key("embedding_length"), "a multiple of " + heads + " heads", width);
        }
        int headWidth = values.has(keyLength) ? values.positive(keyLength) : width / heads;
        if (heads + 2L * kvHeads > Integer.MAX_VALUE / headWidth) {
            throw values.wrong(keyLength, "heads of at most 2^31-1 channels together", heads + " of " + headWidth);
        }
        if (values.has(valueLength) && values.positive(valueLength) != headWidth) {
            throw values.wrong(valueLength, headWidth + ", as of keys", values.positive(valueLength));
        }
        return headWidth;
    }

    private static float epsilon(Architecture architecture, GgufMetadata values) {
        String key = architecture.key("attention.layer_norm_rms_epsilon");
        float epsilon = (float) values.number(key);
        if (!(epsilon >= 0 && epsilon < Float.POSITIVE_INFINITY))
            throw values.wrong(key, "a number of 0 or more", epsilon);
        return epsilon;
    }

    private static Rope rope(Architecture architecture, Gguf gguf, int headWidth) {
        GgufMetadata values = gguf.values();
        String scaling = architecture.key("rope.scaling.type");
        if (values.has(scaling) && !values.text(scaling).equals("none")) {
            throw values.wrong(scaling, "none", values.text(scaling));
        }
        String count = architecture.key("rope.dimension_count");
        int dimensions = values.has(count) ? values.positive(count) : headWidth;
        if (dimensions % 2 != 0 || dimensions > headWidth) {
            throw values.wrong(count, "an even number up to the " + headWidth + " channels of a head", dimensions);
        }
        double base = ropeBase(values, architecture.key("rope.freq_base"));
        if (architecture != Architecture.LFM3) return new Rope(dimensions, base, architecture.pairing());
        if (dimensions != headWidth) throw values.wrong(count, "the " + headWidth + " channels of a head", dimensions);
        return new Rope(dimensions, base, architecture.pairing(), rotatedPairs(gguf, headWidth));
    }

    private static double ropeBase(GgufMetadata values, String key) {
        double base = values.has(key) ? values.number(key) : DEFAULT_ROPE_BASE;
        if (!(base > 0)) throw values.wrong(key, "a number above 0", base);
        return base;
    }

    /**
     * Returns the number of leading pairs of a head that are rotated. The divisors of the remaining pairs are so large
     * that these pairs are not rotated.
     */
    private static int rotatedPairs(Gguf gguf, int headWidth) {
        float[] divisors = gguf.floats(Names.ROPE_DIVISORS, headWidth / 2);
        int pairs = 0;
        while (pairs < divisors.length && divisors[pairs] == 1) pairs++;
        for (int pair = pairs; pair < divisors.length; pair++) {
            if (divisors[pair] >= UNROTATED) continue;
            throw new BadFileException(
                    gguf.source(),
                    "tensor " + Names.ROPE_DIVISORS,
                    "expected ones, then " + UNROTATED + " or more, found " + divisors[pair]);
        }
        return pairs;
    }

    /** Checks that a file's sizes match {@code config.json}. The file stores the rotary base as f32. */
    static void checkConfig(Gguf gguf, TransformerConfig expected) {
        TransformerConfig found = config(gguf);
        Rope rope = expected.rope();
        Rope single = new Rope(rope.dimensions(), (float) rope.base(), rope.pairing(), rope.pairs());
        if (!found.equals(expected.withRope(single))) {
            throw new BadFileException(
                    gguf.source(), "metadata", "expected the sizes of config.json, " + expected + ", found " + found);
        }
    }

    /**
     * Loads a file's transformer.
     *
     * @param load a function that prepares a matrix for the kernels
     * @throws BadFileException if a tensor is missing, has the wrong shape, or does not belong to the architecture
     */
    static Transformer load(TransformerConfig config, Gguf gguf, Kernels kernels, WeightLoader load) {
        Architecture architecture = Architecture.of(gguf);
        checkNames(config, gguf, architecture);
        if (architecture.convolves()) checkTaps(config, gguf, architecture);
        return TransformerLoader.load(architecture, config, spans(gguf, config), gguf, kernels, load);
    }

    /**
     * Rejects unknown tensors, because ignoring a tensor such as the scaling of the rotary angles would change the
     * model.
     */
    private static void checkNames(TransformerConfig config, Gguf gguf, Architecture architecture) {
        Set<String> known = new HashSet<>(List.of(Names.EMBEDDING, architecture.outputNorm(), Names.OUTPUT));
        if (architecture == Architecture.LFM3) known.add(Names.ROPE_DIVISORS);
        List<Boolean> attends = attends(gguf);
        for (int layer = 1; layer <= config.layers(); layer++) {
            for (String part : architecture.weights(attends.get(layer - 1))) known.add(Names.weight(layer, part));
            for (String part : architecture.biases()) known.add(Names.bias(layer, part));
        }
        for (String name : gguf.names()) {
            if (known.contains(name)) continue;
            throw new BadFileException(
                    gguf.source(),
                    "tensor " + name,
                    "is not part of a " + architecture.label() + " of " + config.layers() + " layers");
        }
    }

    /** Checks the convolution kernel sizes against the metadata. */
    private static void checkTaps(TransformerConfig config, Gguf gguf, Architecture architecture) {
        int taps = gguf.values().positive(architecture.key("shortconv.l_cache"));
        List<Boolean> attends = attends(gguf);
        for (int layer = 1; layer <= config.layers(); layer++) {
            if (attends.get(layer - 1)) continue;
            gguf.tensor(Names.weight(layer, Names.CONVOLUTION), config.width(), taps);
        }
    }
}
