package sparrow.bench.synth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.engine.head.DraftHead;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorContents;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Names;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.models.weights.AtomicFolder;
import sparrow.models.weights.WeightFiles;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/**
 * Writes GGUF files with random weights and the sizes of a published model, for measuring speed and memory. Replies of
 * such a model are meaningless.
 *
 * <p>Matrix elements have a standard deviation of about 1.15 / sqrt(columns), norms are 1 and biases 0, so that
 * activations have the same scale as in a trained model. Equal seeds produce equal files.
 */
final class RandomLanguageModel {
    /** Number of elements written at a time. */
    private static final int PIECE = 1 << 20;

    private final PublishedModel model;
    private final TransformerConfig config;
    private final Quantisation quantisation;
    private final ConversionListener listener;
    private final SplittableRandom random;

    private RandomLanguageModel(
            PublishedModel model,
            TransformerConfig config,
            Quantisation quantisation,
            long seed,
            ConversionListener listener) {
        this.model = model;
        this.config = config;
        this.quantisation = quantisation;
        this.listener = listener;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Writes {@code model.gguf}, {@code heads/heads.gguf} if the model has exit layers, and
     * {@code heads/step-head.gguf} if it has a draft head.
     *
     * @param layers number of layers, from 1 to the number in the published model
     * @param to a new or empty folder, which is created atomically
     * @throws IllegalArgumentException if {@code layers} is out of range, or {@code to} is not empty
     * @throws IOException if the folder cannot be written
     */
    public static void write(
            PublishedModel model,
            int layers,
            Quantisation quantisation,
            long seed,
            Path to,
            ConversionListener listener)
            throws IOException {
        write(model, sizes(model, 1, layers), quantisation, seed, to, listener);
    }

    /**
     * Writes the files as parts of a larger folder, which the caller completes.
     *
     * @param languageModel folder for {@code model.gguf}
     * @param heads folder for {@code heads.gguf}, created if the model has exit layers
     * @throws IllegalArgumentException if {@code layers} is out of range
     * @throws IOException if a file cannot be written
     */
    public static void write(
            PublishedModel model,
            int layers,
            Quantisation quantisation,
            long seed,
            Path languageModel,
            Path heads,
            ConversionListener listener)
            throws IOException {
        new RandomLanguageModel(model, sizes(model, 1, layers), quantisation, seed, listener)
                .write(languageModel, heads);
    }

    /**
     * Returns the sizes of a model with fewer layers.
     *
     * @throws IllegalArgumentException if the layers are fewer than the minimum or more than the model's
     */
    static TransformerConfig sizes(PublishedModel model, int minLayers, int layers) {
        int maxLayers = model.config().layers();
        if (layers >= minLayers && layers <= maxLayers) return model.config().withLayers(layers);
        throw new IllegalArgumentException(
                "layers: expected " + minLayers + " to the " + maxLayers + " of " + model.name() + ", got " + layers);
    }

    /** Writes a model with the given sizes, for tests. */
    static void write(
            PublishedModel model,
            TransformerConfig config,
            Quantisation quantisation,
            long seed,
            Path to,
            ConversionListener listener)
            throws IOException {
        try (AtomicFolder folder = AtomicFolder.begin(to)) {
            RandomLanguageModel random = new RandomLanguageModel(model, config, quantisation, seed, listener);
            random.write(folder.path(), folder.path().resolve("heads"));
            folder.finish();
        }
    }

    private void write(Path languageModel, Path heads) throws IOException {
        languageModel(languageModel.resolve(WeightFiles.GGUF));
        if (exitLayers().isEmpty() && !model.draftHead()) return;
        Files.createDirectories(heads);
        if (!exitLayers().isEmpty()) heads(heads.resolve("heads.gguf"));
        if (model.draftHead()) draftHead(heads.resolve("step-head.gguf"));
    }

    private List<Integer> exitLayers() {
        return model.exitLayers(config.layers());
    }

    private void languageModel(Path file) throws IOException {
        Architecture architecture = model.architecture();
        Map<String, GgufValue> keys = ModelKeys.of(
                architecture,
                config,
                model.tokens(),
                model.interleave(),
                "random weights, sizes of " + model.name(),
                quantisation);
        keys.putAll(VocabularyKeys.meaningless(architecture, config.vocabulary()));
        List<TensorDescription> entries = new ArrayList<>();
        entries.add(entry(Names.EMBEDDING, config.vocabulary(), config.width()));
        for (int layer = 1; layer <= config.layers(); layer++) {
            switch (architecture) {
                case CHATGLM -> fused(entries, layer);
                case QWEN2 -> separate(entries, layer);
                case LFM2, LFM3 ->
                    throw new IllegalArgumentException(
                            "random weights of " + model.name() + ": expected a complete model folder");
            }
        }
        entries.add(entry(Names.OUTPUT_NORM, config.width()));
        entries.add(entry(Names.OUTPUT, config.vocabulary(), config.width()));
        write(file, keys, entries, new int[0]);
    }

    private void fused(List<TensorDescription> entries, int layer) {
        int qkv = config.queryWidth() + 2 * config.kvWidth();
        entries.add(entry(Names.weight(layer, Names.ATTENTION_NORM), config.width()));
        entries.add(entry(Names.weight(layer, Names.QKV), qkv, config.width()));
        entries.add(entry(Names.bias(layer, Names.QKV), qkv));
        afterInputs(entries, layer);
        entries.add(entry(Names.weight(layer, Names.UP), 2 * config.ffnWidth(), config.width()));
        entries.add(entry(Names.weight(layer, Names.DOWN), config.width(), config.ffnWidth()));
    }

    private void separate(List<TensorDescription> entries, int layer) {
        entries.add(entry(Names.weight(layer, Names.ATTENTION_NORM), config.width()));
        for (String part : List.of(Names.QUERY, Names.KEY, Names.VALUE)) {
            int rows = part.equals(Names.QUERY) ? config.queryWidth() : config.kvWidth();
            entries.add(entry(Names.weight(layer, part), rows, config.width()));
            entries.add(entry(Names.bias(layer, part), rows));
        }
        afterInputs(entries, layer);
        entries.add(entry(Names.weight(layer, Names.GATE), config.ffnWidth(), config.width()));
        entries.add(entry(Names.weight(layer, Names.UP), config.ffnWidth(), config.width()));
        entries.add(entry(Names.weight(layer, Names.DOWN), config.width(), config.ffnWidth()));
    }

    private void afterInputs(List<TensorDescription> entries, int layer) {
        entries.add(entry(Names.weight(layer, Names.ATTENTION_OUTPUT), config.width(), config.queryWidth()));
        entries.add(entry(Names.weight(layer, Names.FFN_NORM), config.width()));
    }

    /** Writes exit heads whose rows are the ids allowed at speech positions. */
    private void heads(Path file) throws IOException {
        int[] rows = model.speechRows();
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text("exit-heads"));
        keys.put("apply_final_norm", new GgufValue.Text("true"));
        List<TensorDescription> entries = new ArrayList<>();
        for (int layer : exitLayers()) {
            entries.add(entry("head." + layer + ".weight", rows.length, config.width()));
            entries.add(new TensorDescription("head." + layer + ".tokens", DType.I32, List.of(rows.length)));
        }
        write(file, keys, entries, rows);
    }

    /** Writes a draft head whose inner width is the model's width. */
    private void draftHead(Path file) throws IOException {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put("general.architecture", new GgufValue.Text("step-head"));
        keys.put(DraftHead.TRAINED_STEPS, new GgufValue.Text("3"));
        int width = config.width();
        List<TensorDescription> entries = List.of(
                entry("step.A.weight", width, 2 * width),
                entry("step.A.bias", width),
                entry("step.B.weight", width, width));
        write(file, keys, entries, new int[0]);
    }

    private TensorDescription entry(String name, Integer... shape) {
        return new TensorDescription(name, quantisation.dtype(List.of(shape)), List.of(shape));
    }

    private void write(Path file, Map<String, GgufValue> keys, List<TensorDescription> entries, int[] tokens)
            throws IOException {
        write(file, keys, entries, tokens, random, listener);
    }

    /**
     * Writes a GGUF file with random matrices; the elements of norms are 1, and the elements of biases are 0.
     *
     * @param integers contents of integer tensors
     */
    static void write(
            Path file,
            Map<String, GgufValue> keys,
            List<TensorDescription> entries,
            int[] integers,
            SplittableRandom random,
            ConversionListener listener)
            throws IOException {
        int[] index = {0};
        GgufWriter.write(file, keys, entries, (entry, to) -> {
            listener.next(entry.name(), index[0]++, entries.size());
            if (entry.dtype() == DType.I32) TensorContents.write(Tensor.of(integers, integers.length), to);
            else if (entry.shape().size() == 1) entry.write(vector(entry), to);
            else if (entry.dtype().isQuantised()) blocks(entry, random.split(), to);
            else numbers(entry, random.split(), to);
        });
    }

    private static float[] vector(TensorDescription entry) {
        float[] values = new float[entry.shape().getFirst()];
        if (entry.name().endsWith(".weight")) Arrays.fill(values, 1);
        // Half of the pairs of channels are not rotated.
        if (entry.name().equals(Names.ROPE_DIVISORS)) Arrays.fill(values, values.length / 2, values.length, 1e30f);
        return values;
    }

    /** Fills blocks with random bytes and a constant scale, which is faster than quantising random numbers. */
    private static void blocks(TensorDescription entry, SplittableRandom random, WritableByteChannel to)
            throws IOException {
        int blockBytes = entry.dtype().blockBytes();
        // The standard deviation of q8_0's bytes and q4_0's nibbles is about a quarter of their range.
        double quarter = entry.dtype().steps() / 4.0;
        short scale = Float.floatToFloat16((float) (1 / Math.sqrt(entry.shape().getLast()) / quarter));
        byte[] piece = new byte[PIECE / entry.dtype().blockElements() * blockBytes];
        for (long left = entry.bytes(); left > 0; left -= piece.length) {
            random.nextBytes(piece);
            int length = (int) Math.min(left, piece.length);
            ByteBuffer bytes = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at < length; at += blockBytes) bytes.putShort(at, scale);
            to.write(ByteBuffer.wrap(piece, 0, length));
        }
    }

    private static void numbers(TensorDescription entry, SplittableRandom random, WritableByteChannel to)
            throws IOException {
        // Uniformly distributed from -2 to 2 times the scale, with the standard deviation of the random blocks.
        float step = (float) (2 / Math.sqrt(entry.shape().getLast()) * 0x1p-31);
        long left = entry.elements();
        while (left > 0) {
            float[] values = new float[(int) Math.min(left, PIECE)];
            for (int i = 0; i < values.length; i++) values[i] = random.nextInt() * step;
            entry.write(values, to);
            left -= values.length;
        }
    }
}
