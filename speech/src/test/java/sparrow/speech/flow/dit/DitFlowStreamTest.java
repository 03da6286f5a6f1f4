package sparrow.speech.flow.dit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.transposed;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.layers.KeyValues;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Block;

/** Utterances in chunks: against the official streaming, and what must hold whatever the weights are. */
class DitFlowStreamTest {
    private static final int BINS = 80;

    /** Absolute; the golden README measures 1e-5 between f32 and f64 runs of the reference and suggests this. */
    private static final double TOLERANCE = 2e-4;

    private static DitFlow flow;

    @BeforeAll
    static void open() {
        try (Checkpoint checkpoint = Goldens.stepPart("flow")) {
            flow = new DitFlow(Goldens.reader(checkpoint), Goldens.STEP_FLOW);
        }
    }

    @Test
    void chunksGiveTheRecordedMel() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_stream.safetensors")) {
            DitFlowSession session = prompted(golden).start(DitFlowGoldenTest.noise(golden));

            for (int i = 0; i < 4; i++) {
                String chunk = "chunk" + i;
                float[] mel = session.accept(
                        golden.tensor(chunk + ".tokens").toInts(),
                        golden.tensor(chunk + ".last").toInts()[0] == 1);

                float[] recorded = values(golden, chunk + ".mel");
                float[] expected = transposed(recorded, BINS, recorded.length / BINS);
                assertThatValues(mel).as(chunk).areWithin(TOLERANCE, expected);
            }
        }
    }

    @Test
    void promptLeavesTheRecordedMemoryInTheEncoder() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_stream.safetensors")) {
            UpsamplingEncoder.Memory memory = prompted(golden).memory().encoder();

            // Recorded [layers, heads, frames, key beside value]; layers at the rate of the codes are there twice.
            float[] recorded = values(golden, "setup.conformer_att_cache");
            int layer = recorded.length / 4;
            for (int i = 0; i < 4; i++) {
                KeyValues kept = i < 2 ? memory.lower().get(i) : memory.upper().get(i - 2);
                float[] of = Arrays.copyOfRange(recorded, i * layer, (i + 1) * layer);
                assertThatValues(keysBesideValues(kept.keys(), kept.values(), 4, 22))
                        .as("layer %d", i)
                        .areWithin(TOLERANCE, of);
            }
            // Recorded [channels, frames]: two of the look-ahead, four of the upsampling.
            float[] frames = transposed(values(golden, "setup.conformer_cnn_cache"), 32, 6);
            assertThatValues(memory.lookAhead().frames().data()).areWithin(TOLERANCE, Arrays.copyOf(frames, 2 * 32));
            assertThatValues(memory.up().frames().data())
                    .areWithin(TOLERANCE, Arrays.copyOfRange(frames, 2 * 32, frames.length));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9})
    void promptLeavesTheRecordedKeysAndValuesInTheEstimator(int step) {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_stream.safetensors")) {
            List<BlockMemory> blocks =
                    prompted(golden).memory().steps().get(step).blocks();

            // Recorded [blocks, sequences, heads, frames, key beside value].
            float[] recorded = values(golden, "setup.estimator_att_cache_step" + step);
            int n = recorded.length / 6;
            for (int i = 0; i < 6; i++) {
                BlockMemory block = blocks.get(i / 2);
                float[] kept = keysBesideValues(
                        block.keys().get(i % 2).all(), block.values().get(i % 2).all(), 2, 22);
                assertThatValues(kept)
                        .as("block %d, sequence %d", i / 2, i % 2)
                        .areWithin(TOLERANCE, Arrays.copyOfRange(recorded, i * n, (i + 1) * n));
            }
        }
    }

    @Test
    void promptLeavesTheRecordedFramesOfTheEstimatorsConvolutions() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/flow_stream.safetensors")) {
            // Recorded [steps, blocks, sequences, channels of the first beside those of the second, frames].
            float[] recorded = values(golden, "setup.estimator_cnn_cache_steps0-9");
            int at = 0;
            for (FlowMemory.OfStep step : prompted(golden).memory().steps()) {
                for (BlockMemory block : step.blocks()) {
                    for (int s = 0; s < 2; s++) {
                        for (var tail : List.of(block.first(), block.second())) {
                            float[] frames = Goldens.copy(tail.frames().sequence(s));
                            float[] expected = transposed(Arrays.copyOfRange(recorded, at, at + 64), 32, 2);
                            assertThatValues(frames).areWithin(TOLERANCE, expected);
                            at += 64;
                        }
                    }
                }
            }
            assertThat(at).isEqualTo(recorded.length);
        }
    }

    /** Long enough that the estimator forgets frames. */
    @Test
    void streamInTheVoiceOfAWaveformGivesTheRecordedNewFrames() {
        try (Checkpoint golden = Goldens.open("step-audio-2-mini/cases/token2wav_end_to_end.safetensors")) {
            DitFlow.Noise noise = DitFlowGoldenTest.noise(golden);
            DitFlowSession session =
                    flow.prompted(DitFlowGoldenTest.stereo24k(), noise).start(noise);
            for (int i = 0; i < 4; i++) {
                String chunk = "stream" + i;

                float[] mel = session.accept(golden.tensor(chunk + ".tokens").toInts(), i == 3);

                // The vocoder takes the newest frames of the chunk before as well.
                float[] recorded = values(golden, chunk + ".hift_mel");
                float[] vocoded = transposed(recorded, BINS, recorded.length / BINS);
                float[] expected = Arrays.copyOfRange(vocoded, i == 0 ? 0 : 8 * BINS, vocoded.length);
                assertThatValues(mel).as(chunk).areWithin(TOLERANCE, expected);
                assertThat(session.memory().cachedFrames())
                        .isEqualTo(golden.tensor(chunk + ".att_cache_len_after").toInts()[0]);
            }
        }
    }

    @Test
    void utterancesAfterOnePromptDoNotDisturbEachOther() {
        PromptedFlow prompted = prompted(7);
        int[] codes = codes(20, new SplittableRandom(1));
        float[] alone = inChunks(prompted.start(noise(2)), codes, 6);
        DitFlowSession first = prompted.start(noise(2));
        DitFlowSession second = prompted.start(noise(3));

        float[] before = first.accept(Arrays.copyOf(codes, 9), false);
        float[] other = inChunks(second, codes, 5);
        float[] after = first.accept(Arrays.copyOfRange(codes, 6, 15), false);

        assertThat(before).isEqualTo(Arrays.copyOf(alone, before.length));
        assertThat(after).isEqualTo(Arrays.copyOfRange(alone, before.length, before.length + after.length));
        assertThat(other).hasSameSizeAs(alone).isNotEqualTo(alone);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 19, 20, 21})
    void everyCutGivesTwoFramesForEachCode(int chunk) {
        int[] codes = codes(20, new SplittableRandom(2));

        float[] mel = inChunks(prompted(5).start(noise(4)), codes, chunk);

        assertThat(mel).hasSize(2 * 20 * BINS);
        for (float value : mel) assertThat(value).isFinite();
    }

    /** Frames that chunks have given are final: later codes, or other cuts of them, change no earlier frame. */
    @Test
    void framesDoNotDependOnHowLaterCodesAreCut() {
        PromptedFlow prompted = prompted(5);
        int[] codes = codes(24, new SplittableRandom(3));
        int[] others = codes(24, new SplittableRandom(4));
        System.arraycopy(codes, 0, others, 0, 11);
        DitFlowSession session = prompted.start(noise(5));

        float[] first = session.accept(Arrays.copyOf(codes, 11), false);
        float[] second = inChunks(prompted.start(noise(5)), others, 8);

        assertThat(first).isEqualTo(Arrays.copyOf(second, first.length));
    }

    /** An empty last chunk says only that the codes given so far were all; the look-ahead of the last one is lost. */
    @Test
    void lastChunkMayBeEmpty() {
        DitFlowSession session = prompted(5).start(noise(6));
        session.accept(codes(9, new SplittableRandom(5)), false);

        assertThat(session.accept(new int[0], true)).isEmpty();
        assertThatThrownBy(() -> session.accept(new int[5], false)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wrongCodesAreRefusedAndChangeNothing() {
        PromptedFlow prompted = prompted(5);
        int[] codes = codes(9, new SplittableRandom(6));
        DitFlowSession session = prompted.start(noise(7));

        assertThatThrownBy(() -> session.accept(new int[] {1, 2, 3, 81, 5}, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code 81: expected 0 to 80");
        assertThatThrownBy(() -> session.accept(new int[] {1, 2, 3}, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("codes: expected more than the 3 look-ahead codes, got 3");

        assertThat(session.accept(codes, true))
                .isEqualTo(prompted.start(noise(7)).accept(codes, true));
    }

    @Test
    void contextBoundsWhatTheEncoderRemembers() {
        SplittableRandom random = new SplittableRandom(8);
        Voice voice = new Voice(codes(5, random), new float[24], noise(100).first(10));
        int[] codes = codes(60, random);
        DitFlow forgetful = flow.with(FlowSchedule.PUBLISHED, 25);
        DitFlow longer = flow.with(FlowSchedule.PUBLISHED, 250);
        float[] published = inChunks(flow.prompted(voice, noise(1)).start(noise(2)), codes, 10);

        DitFlowSession session = forgetful.prompted(voice, noise(1)).start(noise(2));
        float[] forgot = inChunks(session, codes, 10);

        assertThat(session.memory().encoder().lower().getFirst().length()).isEqualTo(25);
        assertThat(session.memory().encoder().upper().getFirst().length()).isEqualTo(50);
        assertThat(forgot).hasSameSizeAs(published).isNotEqualTo(published);
        // Two chunks of 10 codes after a voice of 5: nothing is longer ago than 25 codes.
        int untouched = 2 * flow.frames(10) * BINS;
        assertThat(Arrays.copyOf(forgot, untouched)).isEqualTo(Arrays.copyOf(published, untouched));
        assertThat(inChunks(longer.prompted(voice, noise(1)).start(noise(2)), codes, 10))
                .isEqualTo(published);
    }

    @Test
    void unguidedStepsRememberOneSequence() {
        SplittableRandom random = new SplittableRandom(9);
        Voice voice = new Voice(codes(5, random), new float[24], noise(100).first(10));
        int[] codes = codes(30, random);
        DitFlow early = flow.with(FlowSchedule.parse("published+guided:0.3"), Integer.MAX_VALUE);

        PromptedFlow prompted = early.prompted(voice, noise(1));
        float[] mel = inChunks(prompted.start(noise(2)), codes, 10);

        assertThat(prompted.memory().steps())
                .extracting(step -> step.blocks().getFirst().keys().size())
                .containsExactly(2, 2, 2, 2, 2, 2, 1, 1, 1, 1);
        float[] published = inChunks(flow.prompted(voice, noise(1)).start(noise(2)), codes, 10);
        assertThat(mel).hasSameSizeAs(published).isNotEqualTo(published);
    }

    @Test
    void voicesThatDoNotFitAreRefused() {
        int[] fiveCodes = {1, 2, 3, 4, 81};
        float[] mel = new float[10 * BINS];
        Voice unknownCode = new Voice(fiveCodes, new float[24], mel);
        Voice otherSpeaker = new Voice(new int[5], new float[23], mel);

        assertThatThrownBy(() -> flow.prompted(unknownCode, noise(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code 81: expected 0 to 80");
        assertThatThrownBy(() -> flow.prompted(otherSpeaker, noise(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speaker vector: expected 24 values, got 23");
        assertThatThrownBy(() -> flow.mel(new int[] {0}, unknownCode, noise(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("code 81: expected 0 to 80");
        assertThatThrownBy(() -> flow.mel(new int[] {0}, otherSpeaker, noise(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speaker vector: expected 24 values, got 23");
    }

    private static PromptedFlow prompted(Checkpoint golden) {
        Voice voice = DitFlowGoldenTest.voice(golden, "prompt_tokens", "spk", "prompt_feat");
        return flow.prompted(voice, DitFlowGoldenTest.noise(golden));
    }

    private static PromptedFlow prompted(int codes) {
        SplittableRandom random = new SplittableRandom(codes);
        float[] mel = noise(100).first(2 * codes);
        return flow.prompted(new Voice(codes(codes, random), new float[24], mel), noise(codes));
    }

    private static DitFlow.Noise noise(long seed) {
        return frames -> {
            SplittableRandom random = new SplittableRandom(seed);
            float[] values = new float[frames * BINS];
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
            return values;
        };
    }

    private static int[] codes(int n, SplittableRandom random) {
        return random.ints(n, 0, 81).toArray();
    }

    /** All codes, so many at a time, each chunk with its look-ahead. */
    private static float[] inChunks(DitFlowSession session, int[] codes, int chunk) {
        float[] all = {};
        for (int from = 0; from < codes.length; from += chunk) {
            int to = from + chunk + flow.lookahead();
            boolean last = to >= codes.length;
            float[] mel = session.accept(Arrays.copyOfRange(codes, from, Math.min(to, codes.length)), last);
            all = Arrays.copyOf(all, all.length + mel.length);
            System.arraycopy(mel, 0, all, all.length - mel.length, mel.length);
            if (last) break;
        }
        return all;
    }

    /** [heads, frames, key beside value], the frames repeated in turn until they are so many. */
    private static float[] keysBesideValues(Block keys, Block values, int heads, int frames) {
        int head = keys.columns() / heads;
        float[] beside = new float[heads * frames * 2 * head];
        for (int h = 0; h < heads; h++) {
            for (int t = 0; t < frames; t++) {
                int to = (h * frames + t) * 2 * head;
                Block key = keys.rows(t % keys.rows(), t % keys.rows() + 1).columns(h * head, (h + 1) * head);
                Block value = values.rows(t % keys.rows(), t % keys.rows() + 1).columns(h * head, (h + 1) * head);
                System.arraycopy(key.data(), key.offset(), beside, to, head);
                System.arraycopy(value.data(), value.offset(), beside, to + head, head);
            }
        }
        return beside;
    }
}
