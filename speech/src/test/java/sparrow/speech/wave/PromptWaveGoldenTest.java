package sparrow.speech.wave;

import static sparrow.speech.Golden.STEP;
import static sparrow.speech.Golden.assertClose;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;

/** Channels and rates of a voice prompt, against torchaudio's. */
class PromptWaveGoldenTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"speech16k", "stereo24k"})
    void theFirstChannelAndTheMeanAreResampledAsInTheReference(String name) throws IOException {
        List<Waveform> channels = WavFile.readChannels(STEP.resolve("wav/" + name + ".wav"));

        try (Checkpoint golden = Safetensors.open(STEP.resolve("cases/prompt_dsp.safetensors"))) {
            float[] first = golden.tensor(name + ".audio16k_ch0").toFloats();
            float[] mean = golden.tensor(name + ".mono24k").toFloats();

            // The golden data's own tolerance; the filters are the same, so only the order of sums differs.
            assertClose("first channel", channels.getFirst().at(16_000).samples(), first, 1e-6f);
            assertClose("mean", Waveform.mean(channels).at(24_000).samples(), mean, 1e-6f);
        }
    }
}
