package sparrow.models.glm4voice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.family.SpeechInput;
import sparrow.models.gguf.AudioQuantisation;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.speech.vocode.FlowSynthesizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/**
 * The bundled model with audio parts of fewer bits hears and speaks nearly as it does without. Speech is compared for the same
 * mel: the pitch of another one differs by so little that it is not heard, but phases agreement, and with them the samples. The
 * system property {@code sparrow.questions} sets how many of the example questions are asked.
 */
class AudioQuantisationTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final Path TINY = TESTDATA.resolve("../bundled/src/main/resources/META-INF/sparrow/tiny");
    private static final int QUESTIONS = Integer.getInteger("sparrow.questions", 1);

    @TempDir
    private static Path folder;

    private static ComputePool pool;
    private static SpokenModel original;
    private static final Map<AudioQuantisation, SpokenModel> CONVERTED = new EnumMap<>(AudioQuantisation.class);

    @BeforeAll
    static void open() throws IOException {
        pool = ComputePool.ofMachine();
        Kernels kernels = Kernels.create(pool);
        original = SpokenModels.open(TINY, OpenOptions.NONE, kernels);
        for (AudioQuantisation audio : AudioQuantisation.values()) {
            Path out = folder.resolve(audio.label());
            Quantisations quantisations = new Quantisations(Quantisation.BF16, audio);
            Glm4VoiceConversion.convert(TINY, Optional.empty(), quantisations, out, ConversionListener.NONE);
            CONVERTED.put(audio, SpokenModels.open(out, OpenOptions.NONE, kernels));
        }
    }

    @AfterAll
    static void close() {
        CONVERTED.values().forEach(SpokenModel::close);
        original.close();
        pool.close();
    }

    @Tag("full")
    @ParameterizedTest
    // The bundled model's audio parts are f16 already: nothing but the vocoder's folded weights is rounded to it.
    @CsvSource({"F32, 1, 300, 300", "F16, 1, 300, 60", "BF16, 0.95, 50, 50", "Q8_0, 0.95, 45, 60"})
    void hearsAndSpeaksAlmostTheSame(AudioQuantisation audio, double codes, double melDecibels, double speechDecibels)
            throws IOException {
        SpokenModel model = CONVERTED.get(audio);
        Ratio mels = new Ratio();
        Ratio vocoded = new Ratio();
        int same = 0;
        int all = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            int[] before = heard(original, i);
            int[] after = heard(model, i);
            all += before.length;
            same += (int) IntStream.range(0, before.length)
                    .filter(c -> before[c] == after[c])
                    .count();
            FlowSynthesizer wide = (FlowSynthesizer) original.synthesizer();
            FlowSynthesizer narrow = (FlowSynthesizer) model.synthesizer();
            float[] mel = wide.mel(before, Noise.seeded(i));
            mels.add(mel, narrow.mel(before, Noise.seeded(i)));
            vocoded.add(wide.vocode(mel, Noise.seeded(i)), narrow.vocode(mel, Noise.seeded(i)));
        }
        System.getLogger("audio-quantisation")
                .log(
                        System.Logger.Level.INFO,
                        String.format(
                                Locale.ROOT,
                                "%s: %d of %d codes, mel %s, speech of the same mel %s",
                                audio.label(),
                                same,
                                all,
                                mels,
                                vocoded));
        assertThat((double) same / all).as("codes heard").isGreaterThanOrEqualTo(codes);
        assertThat(mels.decibels()).as("mel").isGreaterThan(melDecibels);
        assertThat(vocoded.decibels()).as("speech of the same mel").isGreaterThan(speechDecibels);
    }

    private static int[] heard(SpokenModel model, int question) throws IOException {
        Path wav = TESTDATA.resolve("../examples/q%02d.wav".formatted(question + 1));
        return ((SpeechInput.Tokens) model.speechInput()).encode(WavFile.read(wav));
    }

    /** Signal to the noise of a difference. */
    private static final class Ratio {
        private double signal;
        private double noise;
        private double absolute;
        private long count;

        void add(float[] expected, float[] actual) {
            assertThat(actual).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                signal += (double) expected[i] * expected[i];
                noise += Math.pow(actual[i] - expected[i], 2);
                absolute += Math.abs(actual[i] - expected[i]);
            }
            count += expected.length;
        }

        double decibels() {
            return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.1f dB (mean difference %.2e)", decibels(), absolute / count);
        }
    }
}
