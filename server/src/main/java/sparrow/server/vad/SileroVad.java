package sparrow.server.vad;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import sparrow.speech.layers.Convolution;
import sparrow.tensor.kernel.Activation;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;

/**
 * Silero VAD v6, which consists of a spectrum, four convolutions and a recurrent layer. It distinguishes speech from
 * noise, music and clicks.
 *
 * <p>The probability differs from the result of the published ONNX file by at most 1e-4. All arrays are allocated once.
 */
public final class SileroVad implements Vad {
    private static final int CONTEXT = SileroNetwork.CONTEXT;
    private static final int BINS = SileroNetwork.BINS;
    private static final int WIDTH = SileroNetwork.WIDTH;

    /** Number of spectra in a frame with its context and its mirrored end. */
    private static final int SPECTRA = 4;

    private final SileroNetwork network;
    private final Kernels kernels;

    /**
     * The context, the frame, and the frame's end mirrored at its last sample, so that the last spectra contain no
     * silence.
     */
    private final float[] sound = new float[CONTEXT + FRAME_SAMPLES + CONTEXT];

    private final Block windows = new Block(sound, 0, SileroNetwork.HOP, SPECTRA, SileroNetwork.WINDOW);
    private final Block spectra = Block.of(new float[SPECTRA * 2 * BINS], SPECTRA, 2 * BINS);

    /** The inputs of the convolutions. Their first and last rows remain 0 and serve as padding. */
    private final List<Block> padded =
            List.of(padded(SPECTRA, BINS), padded(SPECTRA, 128), padded(2, 64), padded(1, 64));

    /** The input of the recurrent layer, followed by its hidden state. */
    private final Block seenAndRemembered = Block.of(new float[2 * WIDTH], 1, 2 * WIDTH);

    private final float[] cell = new float[WIDTH];
    private final Block gates = Block.of(new float[4 * WIDTH], 1, 4 * WIDTH);

    SileroVad(SileroNetwork network) {
        this.network = network;
        kernels = network.kernels();
    }

    private static Block padded(int rows, int columns) {
        return Block.of(new float[(rows + 2) * columns], rows + 2, columns);
    }

    @Override
    public float probability(float[] samples, int offset) {
        hear(samples, offset);
        magnitudes();
        encode();
        remember();
        return speech();
    }

    /** Copies the next frame, and keeps the last samples of the previous frame as context. */
    private void hear(float[] samples, int offset) {
        Objects.checkFromIndexSize(offset, FRAME_SAMPLES, samples.length);
        System.arraycopy(sound, FRAME_SAMPLES, sound, 0, CONTEXT);
        Amplitude.copy(samples, offset, sound, CONTEXT, FRAME_SAMPLES);
        int last = CONTEXT + FRAME_SAMPLES - 1;
        for (int i = 1; i <= CONTEXT; i++) sound[last + i] = sound[last - i];
    }

    private void magnitudes() {
        network.spectrum().into(windows, spectra);
        float[] from = spectra.data();
        float[] to = padded.getFirst().data();
        for (int t = 0; t < SPECTRA; t++) {
            int real = t * 2 * BINS;
            int magnitude = (1 + t) * BINS;
            for (int f = 0; f < BINS; f++) {
                float re = from[real + f];
                float im = from[real + BINS + f];
                to[magnitude + f] = (float) Math.sqrt(re * re + im * im);
            }
        }
    }

    private void encode() {
        List<Convolution> encoder = network.encoder();
        for (int layer = 0; layer < encoder.size(); layer++) {
            Block x = padded.get(layer);
            Block y = layer + 1 < encoder.size()
                    ? padded.get(layer + 1).rows(1, padded.get(layer + 1).rows() - 1)
                    : seenAndRemembered.columns(0, WIDTH);
            encoder.get(layer).product(x, x.rows() - 2, y);
            kernels.apply(Activation.RELU, y.data(), y.offset(), y.rows() * y.columns());
        }
    }

    private void remember() {
        network.gates().into(seenAndRemembered, gates);
        float[] gate = gates.data();
        float[] remembered = seenAndRemembered.data();
        for (int c = 0; c < WIDTH; c++) {
            double input = sigmoid(gate[c]);
            double forget = sigmoid(gate[WIDTH + c]);
            double news = Math.tanh(gate[2 * WIDTH + c]);
            double shown = sigmoid(gate[3 * WIDTH + c]);
            cell[c] = (float) (forget * cell[c] + input * news);
            remembered[WIDTH + c] = (float) (shown * Math.tanh(cell[c]));
        }
    }

    private float speech() {
        float[] remembered = seenAndRemembered.data();
        float sum = network.outputBias();
        for (int c = 0; c < WIDTH; c++) sum += network.output()[c] * Math.max(0, remembered[WIDTH + c]);
        return (float) sigmoid(sum);
    }

    private static double sigmoid(float x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public void reset() {
        Arrays.fill(sound, 0);
        Arrays.fill(seenAndRemembered.data(), 0);
        Arrays.fill(cell, 0);
    }
}
