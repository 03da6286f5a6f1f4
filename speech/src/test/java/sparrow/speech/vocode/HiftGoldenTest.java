package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.hift.Hift;
import sparrow.tensor.kernel.Block;

/** The vocoder against the official module on random weights. Tolerances are those that the golden README suggests. */
class HiftGoldenTest {
    private static final double SPEECH_TOLERANCE = 2e-3;

    private static GlmVocoder model;
    private static Hift hift;
    private static Checkpoint golden;
    private static Block mel;

    @BeforeAll
    static void open() {
        model = Goldens.randomModel();
        hift = model.vocoder().hift();
        golden = Goldens.open("glm-4-voice/expected/hift.safetensors");
        mel = Block.of(timeFirst(golden, "mel"), 30, 80);
    }

    @AfterAll
    static void close() {
        golden.close();
        model.close();
    }

    @Test
    void pitchIsTheRecordedOne() {
        assertThatValues(hift.f0(mel)).as("det.f0").areWithin(5e-3, values(golden, "det.f0"));
    }

    @Test
    void harmonicsAndSourceFollowTheRecordedPitch() {
        float[] waves = hift.source()
                .waves(values(golden, "det.f0"), new float[9], new float[7680 * 9], Goldens.KERNELS.pool());

        // The recorded waves are those after the voiced mask, before noise, which is zero here.
        float[] expected = timeFirst(golden, "det.sine_waves");
        assertThatValues(Arrays.copyOf(waves, expected.length))
                .as("det.sine_waves")
                .areWithin(1e-5, expected);
        assertThatValues(hift.source().merge(waves)).as("det.source").areWithin(1e-5, values(golden, "det.source"));
    }

    @Test
    void sourceWithRecordedPhasesAndNoiseIsTheRecordedOne() {
        Noise noise = Noise.replayed(new float[0], values(golden, "rand.phase"), timeFirst(golden, "rand.noise"));

        float[] source = model.vocoder().excitation(values(golden, "det.f0"), noise.phases(9), noise);

        assertThatValues(source).as("rand.source").areWithin(1e-5, values(golden, "rand.source"));
    }

    @Test
    void networkGivesTheRecordedActivationsFromTheRecordedSource() {
        Map<String, float[]> seen = new HashMap<>();

        float[] speech = hift.speech(mel, values(golden, "det.source"), (name, x) -> seen.put(name, Goldens.copy(x)));

        assertThatValues(speech).as("det.speech").areWithin(SPEECH_TOLERANCE, values(golden, "det.speech"));
        float[] stft = timeFirst(golden, "det.source_stft_first64");
        assertThatValues(Arrays.copyOf(seen.get("source_stft"), stft.length))
                .as("source_stft")
                .areWithin(2e-5, stft);
        golden.names().stream()
                .filter(name -> name.matches("det\\.(conv|resblock|source_down|source_resblock|up)_.*"))
                .forEach(name -> checkInner(seen, name.substring(4), name));
    }

    /** Most layers are recorded for their first 64 frames only. */
    private static void checkInner(Map<String, float[]> seen, String name, String recorded) {
        assertThat(seen).containsKey(name);
        float[] expected = timeFirst(golden, recorded);
        float[] actual = Arrays.copyOf(seen.get(name), expected.length);
        // As for the speech: the activations reach tens, and the source's values add up over many taps.
        assertThatValues(actual).as(recorded).areWithin(SPEECH_TOLERANCE, expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rand", "cache"})
    void speechFromTheRecordedSourceIsTheRecordedOne(String kind) {
        float[] frames = kind.equals("cache") ? timeFirst(golden, "cache.mel") : mel.data();

        float[] speech = model.vocode(frames, values(golden, kind + ".source"));

        assertThatValues(speech).as(kind + ".speech").areWithin(SPEECH_TOLERANCE, values(golden, kind + ".speech"));
    }

    @Test
    void speechThroughOurOwnPitchIsTheRecordedOne() {
        Noise silent = Noise.replayed(new float[0], new float[9], new float[0]);
        Noise random = Noise.replayed(new float[0], values(golden, "rand.phase"), timeFirst(golden, "rand.noise"));

        // By ratio: the source's phase is the integral of f0, whose last bits add up.
        assertThatValues(model.vocode(mel.data(), silent))
                .as("det.speech own f0")
                .areWithDecibels(30, values(golden, "det.speech"));
        assertThatValues(model.vocode(mel.data(), random))
                .as("rand.speech own f0")
                .areWithDecibels(30, values(golden, "rand.speech"));
    }

    @Test
    void cachedSourceIsPastedOverTheStart() {
        Block frames = model.vocoder().frames(timeFirst(golden, "cache.mel"));
        Noise silent = Noise.replayed(new float[0], new float[9], new float[0]);
        float[] cached = values(golden, "cache.cache_source");

        float[] source = model.vocoder().excitation(hift.f0(frames), silent.phases(9), silent);
        System.arraycopy(cached, 0, source, 0, cached.length);

        assertThatValues(source).as("cache.source own f0").areWithDecibels(30, values(golden, "cache.source"));
    }
}
