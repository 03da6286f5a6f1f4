package sparrow.server.vad;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.layers.Convolution;
import sparrow.speech.layers.LayerReader;
import sparrow.speech.layers.Linear;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * The weights of Silero VAD v6 for 16 kHz, which all sessions share. The network has 309,633 parameters and performs
 * 0.7 million multiply-adds per frame. Any number of threads may use it at the same time, each with its own
 * {@link #vad()}.
 *
 * <p>The computation runs on the calling thread, because a frame is too little work for a second thread and must not
 * wait for a pass of the language model.
 */
public final class SileroNetwork implements AutoCloseable {
    /** Number of samples before the frame that are part of the network's input. */
    static final int CONTEXT = 64;

    /** Number of samples per spectrum. */
    static final int WINDOW = 256;

    /** Number of samples between the starts of spectra. */
    static final int HOP = 128;

    /** Number of frequency bins per spectrum. */
    static final int BINS = WINDOW / 2 + 1;

    /** Number of channels in the recurrent layer. */
    static final int WIDTH = 128;

    private static final String RESOURCE = "silero_vad_v6.safetensors";

    private final Arena arena;
    private final Kernels kernels;
    private final Linear spectrum;
    private final List<Convolution> encoder;
    private final Linear gates;
    private final float[] output;
    private final float outputBias;

    private SileroNetwork(Arena arena, LayerReader reader) {
        this.arena = arena;
        kernels = reader.kernels();
        spectrum = reader.linearWithoutBias("stft", 2 * BINS, WINDOW);
        encoder = List.of(
                reader.convolution("encoder.0", 128, BINS, 3, 1, 1),
                reader.convolution("encoder.1", 64, 128, 3, 2, 1),
                reader.convolution("encoder.2", 64, 64, 3, 2, 1),
                reader.convolution("encoder.3", WIDTH, 64, 3, 1, 1));
        gates = gates(reader);
        output = reader.values("output.weight", 1, WIDTH);
        outputBias = reader.vector("output.bias", 1)[0];
    }

    /** Joins the weights for the input and the hidden state, so that one product replaces two. */
    private static Linear gates(LayerReader reader) {
        int rows = 4 * WIDTH;
        float[] inputWeights = reader.values("lstm.weight_ih", rows, WIDTH);
        float[] remembered = reader.values("lstm.weight_hh", rows, WIDTH);
        float[] both = new float[inputWeights.length + remembered.length];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(inputWeights, r * WIDTH, both, 2 * r * WIDTH, WIDTH);
            System.arraycopy(remembered, r * WIDTH, both, (2 * r + 1) * WIDTH, WIDTH);
        }
        float[] bias = reader.vector("lstm.bias_ih", rows);
        float[] second = reader.vector("lstm.bias_hh", rows);
        for (int r = 0; r < rows; r++) bias[r] += second[r];
        Weight weight = reader.pack(both, rows, 2 * WIDTH);
        return new Linear(reader.kernels(), weight, bias);
    }

    /**
     * Loads the published network, which is contained in this module.
     *
     * @throws IOException if the resource is missing or cannot be read
     * @throws IllegalStateException if this JVM does not support the kernels; the message is one line
     */
    public static SileroNetwork load() throws IOException {
        try (InputStream resource = SileroNetwork.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) throw new IOException("voice activity: " + RESOURCE + " is missing from its jar");
            return load(resource.readAllBytes());
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // the network owns the arena, and close() closes it
    private static SileroNetwork load(byte[] file) {
        Kernels kernels = Kernels.create(new ComputePool(1));
        Arena arena = Arena.ofShared();
        try (Checkpoint checkpoint = Safetensors.read(file, Path.of(RESOURCE));
                Arena staging = Arena.ofShared()) {
            return new SileroNetwork(arena, new LayerReader(checkpoint, kernels, arena, staging));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Creates a detector for one audio stream. It must not be used after the network is closed. */
    public SileroVad vad() {
        return new SileroVad(this);
    }

    Kernels kernels() {
        return kernels;
    }

    /**
     * Returns the windowed Fourier transform, [2 BINS, WINDOW]. The rows for the real parts precede the rows for the
     * imaginary parts.
     */
    Linear spectrum() {
        return spectrum;
    }

    /** Returns the convolutions, which reduce four spectra to one column. */
    List<Convolution> encoder() {
        return encoder;
    }

    /** Returns the weights of the recurrent layer's input, forget, cell and output gates, [4 WIDTH, 2 WIDTH]. */
    Linear gates() {
        return gates;
    }

    /** Returns the output weight of each channel, [WIDTH]. */
    float[] output() {
        return output;
    }

    float outputBias() {
        return outputBias;
    }

    @Override
    public void close() {
        arena.close();
    }
}
