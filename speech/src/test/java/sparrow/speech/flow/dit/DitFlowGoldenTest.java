package sparrow.speech.flow.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.transposed;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.Batch;
import sparrow.speech.layers.Probe;
import sparrow.speech.layers.Workspace;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;

/** Encoder, estimator and generation of whole utterances against the official modules on random weights. */
class DitFlowGoldenTest {
    private static final int BINS = 80;

    /** Absolute; the golden README measures 2e-5 between f32 and f64 runs of the reference and suggests this. */
    private static final double ACTIVATION = 1e-4;

    /** Absolute; 1e-5 between f32 and f64 runs of the reference. */
    private static final double MEL = 2e-4;

    private static DitFlow flow;

    @BeforeAll
    static void open() {
        try (Checkpoint checkpoint = Goldens.stepPart("flow")) {
            flow = new DitFlow(Goldens.reader(checkpoint), Goldens.STEP_FLOW);
        }
    }

    @Test
    void encoderGivesTheRecordedActivations() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_encoder.safetensors")) {
            int[] codes = golden.tensor("tokens").toInts();
            Map<String, float[]> seen = new HashMap<>();

            float[] mu = flow.conditions(codes, (name, x) -> seen.put(name, Goldens.copy(x)))
                    .data();

            Map<String, float[]> expected = new HashMap<>(Map.of(
                    "encoder.embed", values(golden, "embed_scaled"),
                    "encoder.pre_lookahead_layer", values(golden, "pre_lookahead"),
                    "encoder.up_layer", transposed(values(golden, "up_layer_bct"), 32, 56),
                    "encoder.up_embed", values(golden, "up_embed_scaled"),
                    "encoder", values(golden, "encoder_out")));
            for (int i = 0; i < 2; i++) {
                expected.put("encoder.encoders." + i, values(golden, "encoders" + i));
                expected.put("encoder.up_encoders." + i, values(golden, "up_encoders" + i));
            }
            assertThat(seen).containsOnlyKeys(expected.keySet());
            expected.forEach(
                    (name, values) -> assertThatValues(seen.get(name)).as(name).areWithin(ACTIVATION, values));
            assertThatValues(mu).as("mu").areWithin(ACTIVATION, values(golden, "mu"));
        }
    }

    @Test
    void speakerVectorIsTheRecordedProjection() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_encoder.safetensors")) {
            float[] row = flow.speaker().of(values(golden, "spk_in"));

            assertThatValues(row).as("spk_proj").areWithin(1e-5, values(golden, "spk_proj"));
        }
    }

    /** The recorded batch has items of different times, which ours never has: one at a time. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void estimatorGivesTheRecordedVelocity(int item) {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/dit.safetensors")) {
            Map<String, float[]> seen = new HashMap<>();

            Batch velocity = velocity(golden, item, 26, seen);

            assertThatValues(seen.get("t_embedder"))
                    .as("t_emb")
                    .areWithin(ACTIVATION, item(values(golden, "t_emb"), item));
            for (int i = 0; i < 3; i++) {
                assertThatValues(seen.get("blocks." + i))
                        .as("block%d", i)
                        .areWithin(ACTIVATION, item(values(golden, "full.block" + i), item));
            }
            float[] expected = transposed(item(values(golden, "full.out"), item), BINS, 26);
            assertThatValues(velocity.data()).as("full.out").areWithin(ACTIVATION, expected);
        }
    }

    /** A mask hides the padding of shorter items. Our sequences are equally long: without the padding no mask is needed. */
    @ParameterizedTest
    @CsvSource({"0, 26", "1, 20"})
    void maskedFramesAreNotMissed(int item, int valid) {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/dit.safetensors")) {
            Batch velocity = velocity(golden, item, valid, new HashMap<>());

            float[] all = transposed(item(values(golden, "masked.out"), item), BINS, 26);
            assertThatValues(velocity.data()).as("masked.out").areWithin(ACTIVATION, Arrays.copyOf(all, valid * BINS));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 4})
    void generationGivesTheRecordedMel(int steps) {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_inference.safetensors")) {
            float[] mel = flow.with(FlowSchedule.cosine(steps), Integer.MAX_VALUE)
                    .mel(
                            golden.tensor("tokens").toInts(),
                            voice(golden, "prompt_tokens", "spk", "prompt_feat"),
                            noise(golden));

            float[] expected = transposed(values(golden, "mel_" + steps + "steps"), BINS, 34);
            assertThatValues(mel).as("mel_%dsteps", steps).areWithin(MEL, expected);
        }
    }

    @Test
    void generationInTheVoiceOfAWaveformGivesTheRecordedMel() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/token2wav_end_to_end.safetensors")) {
            float[] mel = flow.mel(golden.tensor("codes").toInts(), stereo24k(), noise(golden));

            float[] expected = transposed(values(golden, "nonstream_mel"), BINS, 42);
            assertThatValues(mel).as("nonstream_mel").areWithin(MEL, expected);
        }
    }

    /** A batch of two where one time stood for the first row alone was a fault of a public server: the guidance was lost. */
    @Test
    void bothRowsOfAGuidedBatchAreAtTheTimeOfTheStep() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/dit.safetensors")) {
            Batch first = estimatorInput(golden, 0, 26);
            Batch second = estimatorInput(golden, 1, 26);
            float[] both = Arrays.copyOf(first.data(), 2 * first.data().length);
            System.arraycopy(second.data(), 0, both, first.data().length, second.data().length);

            Batch guided = velocityAt(0.6f, new Batch(both, 2, 26, 4 * BINS));

            assertThatValues(Goldens.copy(guided.sequence(0)))
                    .areWithin(ACTIVATION, velocityAt(0.6f, first).data());
            float[] row = Goldens.copy(guided.sequence(1));
            assertThatValues(row).areWithin(ACTIVATION, velocityAt(0.6f, second).data());
            // The time matters by more than the tolerance, or the comparison would say nothing.
            float[] atZero = velocityAt(0, second).data();
            double apart = 0;
            for (int i = 0; i < row.length; i++) apart = Math.max(apart, Math.abs(row[i] - atZero[i]));
            assertThat(apart).isGreaterThan(100 * ACTIVATION);
        }
    }

    private static Batch velocityAt(float t, Batch input) {
        Modulation modulation = flow.estimator().modulation(t, Probe.NONE);
        return flow.estimator().velocity(input, modulation, new Workspace(), Probe.NONE);
    }

    /** The voice that the whole path was recorded with. */
    static Voice stereo24k() {
        try (Checkpoint recorded = Goldens.open("step-audio-2-mini/cases/prompt_dsp.safetensors")) {
            return voice(recorded, "stereo24k.prompt_tokens", "stereo24k.spk_emb", "stereo24k.prompt_mels_padded");
        }
    }

    static Voice voice(Checkpoint recorded, String codes, String speaker, String mel) {
        return new Voice(recorded.tensor(codes).toInts(), values(recorded, speaker), values(recorded, mel));
    }

    /** The first frames of the recorded noise, which lies channel first. */
    static DitFlow.Noise noise(Checkpoint golden) {
        float[] noise = transposed(values(golden, "noise"), BINS, 400);
        return frames -> Arrays.copyOf(noise, frames * BINS);
    }

    private static Batch velocity(Checkpoint golden, int item, int frames, Map<String, float[]> seen) {
        Modulation modulation =
                flow.estimator().modulation(values(golden, "t")[item], (name, x) -> seen.put(name, Goldens.copy(x)));
        return flow.estimator()
                .velocity(
                        estimatorInput(golden, item, frames),
                        modulation,
                        new Workspace(),
                        (name, x) -> seen.put(name, Goldens.copy(x)));
    }

    /** Recorded channel first: x, mu and cond; the speaker's values are repeated at every frame. */
    private static Batch estimatorInput(Checkpoint golden, int item, int frames) {
        Batch input = Batch.zeros(1, frames, 4 * BINS);
        float[][] parts = {
            transposed(item(values(golden, "x"), item), BINS, 26),
            transposed(item(values(golden, "mu"), item), BINS, 26),
            item(values(golden, "spks"), item),
            transposed(item(values(golden, "cond"), item), BINS, 26)
        };
        for (int t = 0; t < frames; t++) {
            for (int part = 0; part < parts.length; part++) {
                int from = part == 2 ? 0 : t * BINS;
                System.arraycopy(parts[part], from, input.data(), (t * parts.length + part) * BINS, BINS);
            }
        }
        return input;
    }

    /** One half of what was recorded for a batch of two. */
    private static float[] item(float[] batch, int item) {
        int n = batch.length / 2;
        return Arrays.copyOfRange(batch, item * n, (item + 1) * n);
    }
}
