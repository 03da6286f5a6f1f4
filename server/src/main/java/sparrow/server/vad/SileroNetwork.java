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
 * The weights of Silero VAD v6 for 16 kHz, which all sessions share: 309,633 numbers, 0.7 million multiply-adds a frame. Any
 * number of threads may use their own {@link #vad()} of it at the same time.
 *
 * <p>A frame is too little to be worth a second thread, and must not wait for the language model's pass: the arithmetic
 * runs on the thread that calls.
 */
public final class SileroNetwork implements AutoCloseable {
    /** The network looks at so many samples before the frame as well. */
    static final int CONTEXT = 64;

    /** Samples of a spectrum. */
    static final int WINDOW = 256;

    /** Samples between spectra. */
    static final int HOP = 128;

    /** Frequencies of a spectrum. */
    static final int BINS = WINDOW / 2 + 1;

    /** Channels of the recurrent layer. */
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

    /** Input and memory of the layer, side by side, need one product instead of two. */
    private static Linear gates(LayerReader reader) {
        int rows = 4 * WIDTH;
        float[] seen = reader.values("lstm.weight_ih", rows, WIDTH);
        float[] remembered = reader.values("lstm.weight_hh", rows, WIDTH);
        float[] both = new float[seen.length + remembered.length];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(seen, r * WIDTH, both, 2 * r * WIDTH, WIDTH);
            System.arraycopy(remembered, r * WIDTH, both, (2 * r + 1) * WIDTH, WIDTH);
        }
        float[] bias = reader.vector("lstm.bias_ih", rows);
        float[] second = reader.vector("lstm.bias_hh", rows);
        for (int r = 0; r < rows; r++) bias[r] += second[r];
        Weight weight = reader.pack(both, rows, 2 * WIDTH);
        return new Linear(reader.kernels(), weight, bias);
    }

    /**
     * The published network, which is part of this module.
     *
     * @throws IOException if the resource is missing or cannot be read
     * @throws IllegalStateException in one line if this JVM lacks what the kernels need
     */
    public static SileroNetwork load() throws IOException {
        try (InputStream resource = SileroNetwork.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) throw new IOException("voice activity: " + RESOURCE + " is missing from its jar");
            return load(resource.readAllBytes());
        }
    }

    @SuppressWarnings("MustBeClosedChecker") // the arena lives as long as the network; close() ends it
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

    /** A detector of one sound, which has heard nothing yet; to be used as long as the network is open. */
    public SileroVad vad() {
        return new SileroVad(this);
    }

    Kernels kernels() {
        return kernels;
    }

    /** The windowed Fourier transform: real parts, then imaginary parts, [2 BINS, WINDOW]. */
    Linear spectrum() {
        return spectrum;
    }

    /** From a spectrum of four columns to a single one. */
    List<Convolution> encoder() {
        return encoder;
    }

    /** Input, forget, cell and output gate of the recurrent layer, [4 WIDTH, 2 WIDTH]. */
    Linear gates() {
        return gates;
    }

    /** The weight of each channel for speech, [WIDTH]. */
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
