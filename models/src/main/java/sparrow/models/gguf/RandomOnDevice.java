package sparrow.models.gguf;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitHead;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.RandomWeight;
import sparrow.engine.kernel.Weight;
import sparrow.engine.tensor.DType;
import sparrow.engine.tensor.Matrix;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.engine.transformer.Layer;
import sparrow.engine.transformer.LayerStack;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.NoDeviceException;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.models.weights.Resources;

/**
 * A language model of random weights with the sizes of a published one, which no file holds: the device that computes its
 * layers makes them. For speed and memory, and for nothing else; {@link RandomModel} writes such a model to a file. On this
 * machine are the embeddings alone, in 4 bits. Closing it gives the device's memory back.
 */
public final class RandomOnDevice implements AutoCloseable {
    private static final DType EMBEDDING = DType.Q4_0;

    /** Bytes of random blocks, which the embeddings repeat. */
    private static final int PIECE = 1 << 20;

    private final Resources resources;
    private final LanguageModel model;

    private RandomOnDevice(Resources resources, LanguageModel model) {
        this.resources = resources;
        this.model = model;
    }

    /**
     * Opens a model. It has exit heads where the published one has them; where it has too few layers for any of them, one below
     * its last layer.
     *
     * @param layers from 1 to as many as the published model has
     * @param device where the layers are computed
     * @param kernels for whatever else there is to compute
     * @throws IllegalArgumentException in one line if there are no such layers, or no device is chosen
     * @throws NoDeviceException in one line if the device is not there, or too small
     * @throws IOException never
     */
    public static RandomOnDevice open(
            PublishedModel model, int layers, Quantisation quantisation, DeviceChoice device, Kernels kernels)
            throws IOException {
        if (layers < 1 || layers > model.config().layers()) {
            throw new IllegalArgumentException(
                    "layers: expected 1 to the " + model.config().layers() + " of " + model.name() + ", got " + layers);
        }
        return open(model, model.config().withLayers(layers), quantisation, device, kernels);
    }

    /** Of any sizes: tests do not need gigabytes. */
    public static RandomOnDevice open(
            PublishedModel model,
            TransformerConfig config,
            Quantisation quantisation,
            DeviceChoice device,
            Kernels kernels)
            throws IOException {
        return Resources.opening(device, resources -> {
            Transformer blank = new Blank(config, quantisation.dtype()).transformer(resources, kernels);
            DeviceChoice.Found found = device.find().orElseThrow(() -> noDevice(device));
            LayerStack stack = resources.own(device.open(found, blank).orElseThrow(() -> noDevice(device)));
            Transformer transformer = blank.on(stack);
            List<ExitHead> heads = new ArrayList<>();
            for (int layer : exitLayers(model, config.layers())) {
                heads.add(exitHead(layer, model.speechRows(), transformer, quantisation.dtype()));
            }
            return new RandomOnDevice(
                    resources,
                    new LanguageModel(
                            transformer, ExitHeads.of(transformer, heads), model.tokens(), model.interleave()));
        });
    }

    private static IllegalArgumentException noDevice(DeviceChoice choice) {
        return new IllegalArgumentException("random weights: expected a device, which makes them, got " + choice);
    }

    private static List<Integer> exitLayers(PublishedModel model, int layers) {
        List<Integer> published = model.exitLayers(layers);
        return published.isEmpty() && layers > 1 ? List.of(layers - 1) : published;
    }

    /** A head of the rows that a speech position may decide. */
    private static ExitHead exitHead(int layer, int[] tokens, Transformer transformer, DType type) {
        TransformerConfig config = transformer.config();
        // Seeds of layers and output matrix are above 0.
        Weight weight = new RandomWeight(type, tokens.length, config.width(), -layer);
        return new ExitHead(layer, weight, tokens, transformer.finalNorm(), config.normEpsilon());
    }

    /** The model. */
    public LanguageModel languageModel() {
        return model;
    }

    @Override
    public void close() {
        resources.close();
    }

    /** The sizes of a transformer; every matrix takes the next seed. */
    private static final class Blank {
        private final TransformerConfig config;
        private final DType type;
        private int seed;

        Blank(TransformerConfig config, DType type) {
            this.config = config;
            this.type = type;
        }

        Transformer transformer(Resources resources, Kernels kernels) {
            List<Layer> layers = new ArrayList<>();
            for (int layer = 1; layer <= config.layers(); layer++) layers.add(layer());
            return new Transformer(
                    config,
                    kernels,
                    embedding(resources),
                    layers,
                    ones(config.width()),
                    weight(config.vocabulary(), config.width()));
        }

        private Layer layer() {
            int width = config.width();
            return new Layer(
                    ones(width),
                    biased(config.queryWidth(), width),
                    biased(config.kvWidth(), width),
                    biased(config.kvWidth(), width),
                    new Linear(weight(width, config.queryWidth()), null),
                    ones(width),
                    new Linear(weight(config.ffnWidth(), width), null),
                    new Linear(weight(config.ffnWidth(), width), null),
                    new Linear(weight(width, config.ffnWidth()), null));
        }

        private Linear biased(int outputs, int inputs) {
            return new Linear(weight(outputs, inputs), new float[outputs]);
        }

        private RandomWeight weight(int outputs, int inputs) {
            return new RandomWeight(type, outputs, inputs, ++seed);
        }

        private static float[] ones(int count) {
            float[] values = new float[count];
            Arrays.fill(values, 1);
            return values;
        }

        /** Random blocks under one scale, as {@link RandomModel} writes them. */
        private Matrix embedding(Resources resources) {
            MemorySegment data = resources.allocate(config.vocabulary() * EMBEDDING.bytes(config.width()));
            int block = EMBEDDING.blockBytes();
            byte[] piece = new byte[PIECE / block * block];
            new SplittableRandom(1).nextBytes(piece);
            short scale = Float.floatToFloat16((float) (4 / Math.sqrt(config.width()) / EMBEDDING.steps()));
            MemorySegment blocks = MemorySegment.ofArray(piece);
            for (int at = 0; at < piece.length; at += block) blocks.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, scale);
            for (long at = 0; at < data.byteSize(); at += piece.length) {
                long length = Math.min(piece.length, data.byteSize() - at);
                MemorySegment.copy(blocks, 0, data, at, length);
            }
            return new Matrix(data, EMBEDDING, config.vocabulary(), config.width());
        }
    }
}
