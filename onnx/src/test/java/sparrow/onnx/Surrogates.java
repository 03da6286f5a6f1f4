package sparrow.onnx;

import java.nio.file.Path;

/** The golden folder of Step-Audio-2-mini, whose ONNX files are toys with the inputs and outputs of the real ones. */
final class Surrogates {
    static final Path STEP = Path.of(System.getProperty("sparrow.testdata")).resolve("step-audio-2-mini");
    static final Path TOKEN2WAV = STEP.resolve("ckpt/token2wav");

    private Surrogates() {}
}
