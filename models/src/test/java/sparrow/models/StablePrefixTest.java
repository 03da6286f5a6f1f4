package sparrow.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** What the bundled model hears of a question that is still being said is what it hears in the end. */
class StablePrefixTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sparrow.testdata")).resolveSibling("examples");

    @Test
    void codesThatAreSettledBeginTheQuestion() throws IOException {
        try (ComputePool threads = new ComputePool(2);
                SpokenModel model = SpokenModels.bundled(OpenOptions.NONE, Kernels.create(threads))) {
            for (int question = 1; question <= 3; question++) {
                Waveform whole = WavFile.read(EXAMPLES.resolve("q%02d.wav".formatted(question)))
                        .at(16_000);
                int[] codes = ((Question.Codes) model.encode(new Question.Spoken(whole))).codes();
                for (int samples = 8_000; samples < whole.samples().length; samples += 8_000) {
                    Waveform soFar = new Waveform(Arrays.copyOf(whole.samples(), samples), 16_000);
                    int[] settled = model.encodeStablePrefix(soFar)
                            .map(some -> ((Question.Codes) some).codes())
                            .orElse(new int[0]);

                    // Ten codes a block of 0.8 s.
                    assertThat(settled).hasSize(samples / 12_800 * 10).isEqualTo(Arrays.copyOf(codes, settled.length));
                }
            }
        }
    }
}
