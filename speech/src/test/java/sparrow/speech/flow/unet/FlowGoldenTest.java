package sparrow.speech.flow.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.schedule.FlowSchedule;

/** The flow decoder against the official modules on random weights. */
class FlowGoldenTest {
    /** Absolute; the golden README measures 1e-5 between f32 and f64 runs of the reference and suggests this. */
    private static final double TOLERANCE = 2e-4;

    private static FlowDecoder flow;
    private static Checkpoint golden;

    @BeforeAll
    static void open() {
        try (Checkpoint checkpoint = Goldens.randomPart("flow")) {
            flow = new FlowDecoder(Goldens.reader(checkpoint), Goldens.RANDOM_FLOW);
        }
        golden = Goldens.open("glm-4-voice/expected/flow.safetensors");
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @Test
    void encoderAndLengthRegulatorGiveTheRecordedActivations() {
        int[] codes = golden.tensor("token").toInts();
        int frames = (int) (codes.length * 22050 / (12.5 * 256));
        Map<String, float[]> seen = new HashMap<>();

        float[] mu = flow.conditions(codes, frames, (name, x) -> seen.put(name, Goldens.copy(x)))
                .data();

        assertThat(frames).isEqualTo(golden.tensor("feat_len").toInts()[0]).isEqualTo(158);
        for (String name : Set.of("input_embedding", "encoder_out", "encoder_proj")) check(seen, name, name);
        check(seen, "encoder.embed", "enc.embed_out");
        for (int i : List.of(0, 1)) check(seen, "encoder.encoders." + i, "enc.enc_layer_" + i);
        assertThatValues(mu).as("length_regulator").areWithin(TOLERANCE, values(golden, "length_regulator"));
    }

    @Test
    void speakerVectorIsTheProjectionOfTheScaledXVector() {
        assertThatValues(flow.speaker().of(new float[192])).as("spk_zero").areWithin(1e-5, values(golden, "spk_zero"));
        assertThatValues(flow.speaker().of(values(golden, "embedding_random")))
                .as("spk_random")
                .areWithin(1e-5, values(golden, "spk_random"));
    }

    /** Why every block makes all frames anew: only the encoder's finished blocks could be kept, a 250th of the work. */
    @Test
    void everyFrameSeesTheLastOneButCodesSeeNoLaterBlock() {
        Batch input = estimatorInput("est.odd.");
        float[] before = flow.estimator()
                .velocity(input, 0.3f, new Workspace(), (name, x) -> {})
                .data()
                .clone();
        input.data()[input.data().length - input.channels()] += 1;
        float[] after = flow.estimator()
                .velocity(input, 0.3f, new Workspace(), (name, x) -> {})
                .data();
        for (int bin = 0; bin < 80; bin++) assertThat(after[bin]).isNotEqualTo(before[bin]);

        int block = flow.config().encoder().blockCodes();
        int[] codes = new int[3 * block];
        float[] encoded = encoded(codes);
        codes[2 * block] = 1;
        float[] changed = encoded(codes);
        int width = encoded.length / codes.length;
        assertThat(Arrays.copyOf(changed, 2 * block * width)).isEqualTo(Arrays.copyOf(encoded, 2 * block * width));
        assertThat(changed).isNotEqualTo(encoded);
    }

    private static float[] encoded(int[] codes) {
        Map<String, float[]> seen = new HashMap<>();
        flow.conditions(codes, 10, (name, x) -> seen.put(name, Goldens.copy(x)));
        return seen.get("encoder_out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"est.odd.", "est.even."})
    void estimatorGivesTheRecordedVelocity(String prefix) {
        Map<String, float[]> seen = new HashMap<>();

        Batch velocity = flow.estimator()
                .velocity(
                        estimatorInput(prefix),
                        values(golden, prefix + "t")[0],
                        new Workspace(),
                        (name, x) -> seen.put(name, Goldens.copy(x)));

        assertThatValues(velocity.data()).as(prefix + "out").areWithin(TOLERANCE, timeFirst(golden, prefix + "out"));
        golden.names().stream()
                .filter(name -> name.startsWith(prefix))
                .filter(name -> !name.matches(".*\\.(x|mu|cond|spks|t|out)"))
                .forEach(name -> checkInner(seen, name.substring(prefix.length()), name));
    }

    @Test
    void generationWithoutPromptGivesTheRecordedMel() {
        int[] codes = golden.tensor("token").toInts();

        float[] mel =
                flow.mel(codes, new float[0], new float[192], timeFirst(golden, "full.noise"), FlowSchedule.PUBLISHED);

        assertThatValues(mel).as("full.mel").areWithin(TOLERANCE, timeFirst(golden, "full.mel"));
    }

    @Test
    void generationAfterAPromptWithASpeakerGivesTheRecordedNewFrames() {
        int[] prompt = golden.tensor("prompt.token").toInts();
        int[] codes = golden.tensor("token").toInts();
        int[] all = Arrays.copyOf(prompt, prompt.length + codes.length);
        System.arraycopy(codes, 0, all, prompt.length, codes.length);

        float[] mel = flow.mel(
                all,
                values(golden, "prompt.feat"),
                values(golden, "embedding_random"),
                timeFirst(golden, "prompt.noise"),
                FlowSchedule.PUBLISHED);

        assertThatValues(mel).as("prompt.mel").areWithin(TOLERANCE, timeFirst(golden, "prompt.mel"));
    }

    /** A batch of two where one time stood for the first row alone was a fault of a public server: the guidance was lost. */
    @Test
    void bothRowsOfAGuidedBatchAreAtTheTimeOfTheStep() {
        Batch conditional = estimatorInput("est.even.");
        Batch unconditional = estimatorInput("est.even.");
        for (int i = 0; i < unconditional.data().length; i++)
            if (i % 320 >= 80) unconditional.data()[i] = 0;
        float[] both = Arrays.copyOf(conditional.data(), 2 * conditional.data().length);
        System.arraycopy(unconditional.data(), 0, both, conditional.data().length, conditional.data().length);

        Batch guided = velocity(new Batch(both, 2, conditional.frames(), 320), 0.6f);

        assertThatValues(Goldens.copy(guided.sequence(0)))
                .areWithin(TOLERANCE, velocity(conditional, 0.6f).data());
        float[] second = Goldens.copy(guided.sequence(1));
        assertThatValues(second)
                .areWithin(TOLERANCE, velocity(unconditional, 0.6f).data());
        // The time matters by more than the tolerance, or the comparison would say nothing.
        float[] atZero = velocity(unconditional, 0).data();
        double apart = 0;
        for (int i = 0; i < second.length; i++) apart = Math.max(apart, Math.abs(second[i] - atZero[i]));
        assertThat(apart).isGreaterThan(100 * TOLERANCE);
    }

    private static Batch velocity(Batch input, float t) {
        return flow.estimator().velocity(input, t, new Workspace(), Probe.NONE);
    }

    /** Recorded channel first: x, mu and cond; the speaker's values are repeated at every frame. */
    private static Batch estimatorInput(String prefix) {
        int frames = golden.tensor(prefix + "x").shape().get(1);
        Batch input = Batch.zeros(1, frames, 320);
        float[][] parts = {
            timeFirst(golden, prefix + "x"),
            timeFirst(golden, prefix + "mu"),
            values(golden, prefix + "spks"),
            timeFirst(golden, prefix + "cond")
        };
        for (int t = 0; t < frames; t++) {
            for (int part = 0; part < 4; part++) {
                int from = part == 2 ? 0 : t * 80;
                System.arraycopy(parts[part], from, input.data(), t * 320 + part * 80, 80);
            }
        }
        return input;
    }

    private static void check(Map<String, float[]> seen, String name, String recorded) {
        assertThat(seen).containsKey(name);
        assertThatValues(seen.get(name)).as(recorded).areWithin(TOLERANCE, values(golden, recorded));
    }

    /** Convolutions' outputs are recorded channel first, transformers' and the time's are not. */
    private static void checkInner(Map<String, float[]> seen, String name, String recorded) {
        assertThat(seen).containsKey(name);
        boolean plain = name.startsWith("time") || name.contains("transformer");
        float[] expected = plain ? values(golden, recorded) : timeFirst(golden, recorded);
        assertThatValues(seen.get(name)).as(recorded).areWithin(TOLERANCE, expected);
    }
}
