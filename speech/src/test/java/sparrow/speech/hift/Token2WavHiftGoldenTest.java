package sparrow.speech.hift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Probe;
import sparrow.tensor.kernel.Block;

/** The 24 kHz vocoder against the official module on random weights, within the tolerances of the golden README. */
class Token2WavHiftGoldenTest {
    private static final double SPEECH_TOLERANCE = 1e-5;

    /** The reference sums phases in f32. */
    private static final double SOURCE_TOLERANCE = 2e-3;

    private static Checkpoint file;
    private static Hift hift;
    private static Checkpoint golden;
    private static Block mel;

    @BeforeAll
    static void open() {
        file = Goldens.stepPart("hift");
        hift = Hift.token2wav(Goldens.reader(file));
        golden = Goldens.open("step-audio-2-mini/cases/hift.safetensors");
        mel = Block.of(timeFirst(golden, "mel"), 19, 80);
    }

    @AfterAll
    static void close() {
        golden.close();
        file.close();
    }

    @Test
    void sizesThatTheFileDoesNotStateAreThoseOfItsTensors() {
        assertThat(hift.config()).isEqualTo(HiftConfig.token2wav(32, 16));
        assertThat(hift.config().samplesPerFrame()).isEqualTo(480);
    }

    @Test
    void pitchIsTheRecordedOne() {
        assertThatValues(hift.f0(mel)).as("f0").areWithin(1e-3, values(golden, "f0"));
    }

    @Test
    void sourceOfTheRecordedDrawsIsTheRecordedOne() {
        assertThatValues(source("")).as("source").areWithin(SOURCE_TOLERANCE, values(golden, "source"));
    }

    @Test
    void cachedSourceIsPastedOverTheStart() {
        float[] source = source("3");
        float[] cached = values(golden, "cache_source");
        System.arraycopy(cached, 0, source, 0, cached.length);

        assertThatValues(source).as("source3").areWithin(SOURCE_TOLERANCE, values(golden, "source3"));
    }

    private static float[] source(String draw) {
        float[] starts = values(golden, "rand_ini" + draw); // cycles, and without effect
        return hift.source()
                .merge(hift.source()
                        .waves(hift.f0(mel), starts, values(golden, "noise_sine" + draw), Goldens.KERNELS.pool()));
    }

    @ParameterizedTest
    @CsvSource({"source, wav", "source2, wav2", "source3, wav3"})
    void speechFromTheRecordedSourceIsTheRecordedOne(String source, String wav) {
        float[] speech = hift.speech(mel, values(golden, source), Probe.NONE);

        assertThatValues(speech).as(wav).areWithin(SPEECH_TOLERANCE, values(golden, wav));
    }

    @Test
    void spectrumOfTheSourceIsTheRecordedOne() {
        float[] spectrum = hift.fourier().spectrum(values(golden, "source")).data();

        float[] real = timeFirst(golden, "source_stft_real");
        float[] imaginary = timeFirst(golden, "source_stft_imag");
        float[] expected = new float[real.length + imaginary.length];
        for (int i = 0; i < real.length; i++) {
            expected[i / 9 * 18 + i % 9] = real[i];
            expected[i / 9 * 18 + 9 + i % 9] = imaginary[i];
        }
        assertThatValues(spectrum).as("source_stft").areWithin(1e-5, expected);
    }

    @Test
    void olderNamesOfTheWeightNormAndAPrefixMakeTheSameVocoder() {
        Checkpoint older = new Renamed(
                file,
                name -> "generator."
                        + name.replace("parametrizations.weight.original0", "weight_g")
                                .replace("parametrizations.weight.original1", "weight_v"));

        Hift same = Hift.token2wav(Goldens.reader(older));

        float[] source = values(golden, "source");
        assertThat(same.speech(mel, source, Probe.NONE)).containsExactly(hift.speech(mel, source, Probe.NONE));
    }

    @Test
    void whatIsWrongIsNamedByItsWholeName() {
        Checkpoint longer = new Renamed(file, name -> "generator." + name.replace("classifier", "classifiers"));

        assertThatThrownBy(() -> Hift.token2wav(Goldens.reader(longer)))
                .hasMessageEndingWith("hift.pt: tensor generator.f0_predictor.classifier.weight is missing");
    }

    @Test
    void channelsThatCannotBeHalvedAreRefused() {
        Checkpoint odd = new Renamed(file, name -> switch (name) {
            case "conv_pre.parametrizations.weight.original0" -> "unused";
            case "conv_post.parametrizations.weight.original0" -> "conv_pre.parametrizations.weight.original0";
            default -> name;
        });

        assertThatThrownBy(() -> Hift.token2wav(Goldens.reader(odd)))
                .isInstanceOf(BadFileException.class)
                .hasMessageEndingWith("hift.pt: conv_pre: expected channels that can be halved three times, found 18");
    }
}
