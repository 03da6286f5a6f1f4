package sparrow.onnx;

import java.nio.file.Path;
import java.util.Map;
import sparrow.server.vad.Vad;
import sparrow.tensor.Tensor;

/**
 * The published network as its authors run it: a frame goes in behind the last 64 samples of the one before, and the state
 * that comes out goes in again.
 */
final class SileroOnnx implements AutoCloseable {
    private static final int CONTEXT = 64;

    private final OnnxModel model;

    SileroOnnx(Path file) {
        model = OnnxModel.open(file);
    }

    /** Probabilities of a sound's whole frames. */
    float[] probabilities(float[] samples) {
        float[] probabilities = new float[samples.length / Vad.FRAME_SAMPLES];
        float[] input = new float[CONTEXT + Vad.FRAME_SAMPLES];
        Tensor state = Tensor.of(new float[2 * 128], 2, 1, 128);
        for (int i = 0; i < probabilities.length; i++) {
            System.arraycopy(input, Vad.FRAME_SAMPLES, input, 0, CONTEXT);
            System.arraycopy(samples, i * Vad.FRAME_SAMPLES, input, CONTEXT, Vad.FRAME_SAMPLES);
            Map<String, Tensor> results = model.run(Map.of(
                    "input", Tensor.of(input, 1, input.length),
                    "state", state,
                    "sr", Tensor.of(new long[] {Vad.RATE_HZ})));
            probabilities[i] = results.get("output").toFloats()[0];
            state = results.get("stateN");
        }
        return probabilities;
    }

    @Override
    public void close() {
        model.close();
    }
}
