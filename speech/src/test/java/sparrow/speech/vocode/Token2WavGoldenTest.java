package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.speech.Closeness.assertThatValues;
import static sparrow.speech.Goldens.timeFirst;
import static sparrow.speech.Goldens.values;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.flow.dit.DitFlowSession;
import sparrow.speech.voice.Voice;

/** From codes to samples against the official Token2wav, whole and streamed, on random weights. */
class Token2WavGoldenTest {
    /** The golden README's. */
    private static final double MEL_TOLERANCE = 2e-4;

    private static Token2Wav model;
    private static Checkpoint golden;

    /** The recorded start of the flow; the source's noise was not recorded. */
    private static final class Recorded implements Noise {
        private final float[] flow = timeFirst(golden, "noise");
        private final Noise source = Noise.seeded(1);

        @Override
        public float[] flow(int frames, int melBins) {
            return Arrays.copyOf(flow, frames * melBins);
        }

        @Override
        public float[] phases(int harmonics) {
            return source.phases(harmonics);
        }

        @Override
        public float[] source(int samples, int harmonics) {
            return source.source(samples, harmonics);
        }
    }

    @BeforeAll
    static void open() {
        golden = Goldens.open("step-audio-2-mini/cases/token2wav_end_to_end.safetensors");
        try (Checkpoint flow = Goldens.stepPart("flow");
                Checkpoint hift = Goldens.stepPart("hift")) {
            model = Token2Wav.load(Goldens.STEP_FLOW, flow, hift, voice(), Goldens.KERNELS);
        }
    }

    private static Voice voice() {
        try (Checkpoint prompt = Goldens.open("step-audio-2-mini/cases/prompt_dsp.safetensors")) {
            return new Voice(
                    prompt.tensor("stereo24k.prompt_tokens").toInts(),
                    values(prompt, "stereo24k.spk_emb"),
                    values(prompt, "stereo24k.prompt_mels_padded"));
        }
    }

    @AfterAll
    static void close() {
        model.close();
        golden.close();
    }

    @Test
    void wholeSpeechOfTheRecordedCodesIsTheRecordedOne() {
        float[] mel = model.mel(golden.tensor("codes").toInts(), new Recorded());

        assertThatValues(mel).as("nonstream_mel").areWithin(MEL_TOLERANCE, timeFirst(golden, "nonstream_mel"));
        // By ratio, since the mel is not the recorded one to the last bit; f32 rounding leaves 125 dB.
        assertThatValues(model.vocode(mel, values(golden, "nonstream_source")))
                .as("nonstream_wav")
                .areWithDecibels(100, values(golden, "nonstream_wav"));
    }

    @Test
    void streamedSpeechOfTheRecordedCodesIsTheRecordedOne() {
        DitFlowSession flow = model.startedFlow(new Recorded());
        StreamingVocoder vocoder = new StreamingVocoder(model.vocoder(), new Recorded());
        float[] before = {};

        for (int i = 0; i < 4; i++) {
            String name = "stream" + i;
            float[] mel = flow.accept(golden.tensor(name + ".tokens").toInts(), i == 3);
            float[] frames = Pieces.joined(before, mel);
            float[] speech = vocoder.accept(frames, values(golden, name + ".hift_source"), i == 3);
            before = Pieces.tail(frames, StreamingVocoder.OVERLAP_FRAMES * 80);

            assertThatValues(frames)
                    .as(name + ".hift_mel")
                    .areWithin(MEL_TOLERANCE, timeFirst(golden, name + ".hift_mel"));
            int[] pcm = golden.tensor(name + ".pcm_int16").toInts();
            float[] recorded = new float[pcm.length];
            for (int s = 0; s < pcm.length; s++) recorded[s] = pcm[s] / 32767f;
            // 16 bits that are cut, not rounded, leave 78 dB of these samples.
            assertThatValues(speech).as(name + ".pcm").areWithDecibels(70, recorded);
        }
    }

    @Test
    void theStreamCutsTheRecordedCodesAsRecorded() {
        int[] codes = golden.tensor("stream_codes").toInts();
        Noise noise = new Recorded();
        DitFlowSession flow = model.startedFlow(noise);
        StreamingVocoder vocoder = new StreamingVocoder(model.vocoder(), noise);
        float[] byRecordedChunks = {};
        for (int i = 0; i < 4; i++) {
            int[] chunk = golden.tensor("stream" + i + ".tokens").toInts();
            byRecordedChunks = Pieces.joined(byRecordedChunks, vocoder.accept(flow.accept(chunk, i == 3), i == 3));
        }

        float[] speech = model.stream(new Recorded()).accept(codes, true);

        assertThat(speech).hasSize(83 * 960).containsExactly(byRecordedChunks);
    }
}
