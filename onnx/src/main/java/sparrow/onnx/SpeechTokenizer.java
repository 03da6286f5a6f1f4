package sparrow.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sparrow.formats.BadFileException;
import sparrow.speech.voice.VoicePrompt;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;

/** CosyVoice 2's speech tokenizer (S3, version 2), which converts log-mel features to 25 codes per second. */
final class SpeechTokenizer implements AutoCloseable {
    private static final String FEATURES = "feats";
    private static final String LENGTH = "feats_length";
    private static final int BINS = VoicePrompt.LOG_MEL_BINS;

    private final OnnxModel model;

    private SpeechTokenizer(OnnxModel model) {
        this.model = model;
        model.expectInputs(
                new OnnxPort(FEATURES, DType.F32, List.of(1, BINS, OnnxPort.ANY)),
                new OnnxPort(LENGTH, DType.I32, List.of(1)));
    }

    /**
     * Opens a network file.
     *
     * @throws BadFileException if the file is not a network with the tokenizer's inputs
     */
    static SpeechTokenizer open(Path file) {
        return OnnxModel.open(file, SpeechTokenizer::new);
    }

    /**
     * Returns the codes of speech of any length.
     *
     * @param logMel the log-mel features, 100 frames per second, [frames, 128]
     * @throws BadFileException if the network returns an unexpected number of codes
     */
    int[] codes(float[] logMel) {
        List<int[]> codes = new ArrayList<>();
        for (CodeWindows.Window window : CodeWindows.of(logMel.length / BINS)) {
            codes.add(windowCodes(logMel, window.from(), window.to() - window.from()));
        }
        return CodeWindows.join(codes);
    }

    private int[] windowCodes(float[] logMel, int from, int frames) {
        Tensor features = Tensor.of(binsFirst(logMel, from, frames), 1, BINS, frames);
        Tensor length = Tensor.of(new int[] {frames}, 1);
        Map.Entry<String, Tensor> output =
                model.run(Map.of(FEATURES, features, LENGTH, length)).firstEntry();
        Tensor codes = output.getValue();
        int expected = VoicePrompt.codes(frames);
        if (codes.dtype().isFloating() || codes.elements() != expected) {
            throw new BadFileException(
                    model.file(),
                    "output " + output.getKey(),
                    "expected " + expected + " codes for " + frames + " frames, found " + codes.dtype() + " "
                            + codes.shape());
        }
        return codes.toInts();
    }

    private static float[] binsFirst(float[] logMel, int from, int frames) {
        float[] transposed = new float[BINS * frames];
        for (int f = 0; f < frames; f++) {
            for (int bin = 0; bin < BINS; bin++) transposed[bin * frames + f] = logMel[(from + f) * BINS + bin];
        }
        return transposed;
    }

    @Override
    public void close() {
        model.close();
    }
}
