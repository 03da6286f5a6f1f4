package sparrow.app;

import java.io.IOException;
import java.nio.file.Path;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.speech.vocode.FlowSynthesizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.tensor.Tensor;

/** Synthesis with the random numbers of a file, so that a result can be compared with another implementation's. */
final class FixedNoise {
    private FixedNoise() {}

    /**
     * A whole utterance.
     *
     * @param file safetensors with {@code z} [melBins, noiseFrames] and optionally {@code source} [samples]; null for seeded
     *     noise
     * @return samples
     */
    static float[] synthesize(Synthesizer synthesizer, int[] codes, Path file, long seed) throws IOException {
        if (file == null) return synthesizer.synthesize(codes, Noise.seeded(seed));
        if (!(synthesizer instanceof FlowSynthesizer speech)) {
            throw new IllegalArgumentException("--noise: expected a model whose speech is made from noise");
        }
        try (Checkpoint given = Safetensors.open(file)) {
            Tensor z = given.tensor("z", -1, speech.noiseFrames(codes.length));
            float[] flow = transposed(z.toFloats(), z.shape().get(0), z.shape().get(1));
            float[] mel = speech.mel(codes, Noise.replayed(flow, new float[0], new float[0]));
            if (!given.has("source")) return speech.vocode(mel, Noise.seeded(seed));
            Tensor source = given.tensor("source");
            if (source.elements() != speech.samples(codes.length)) {
                throw new BadFileException(
                        file,
                        "tensor source",
                        "expected " + speech.samples(codes.length) + " samples, found " + source.elements());
            }
            return speech.vocode(mel, source.toFloats());
        }
    }

    /** [rows, columns] to [columns, rows]. */
    private static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
        }
        return y;
    }
}
