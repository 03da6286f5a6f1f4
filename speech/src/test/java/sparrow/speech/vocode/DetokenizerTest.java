package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sparrow.formats.weights.Checkpoint;
import sparrow.speech.Goldens;
import sparrow.speech.schedule.FlowSchedule;

/** LFM2.5-Audio's synthesizer. */
class DetokenizerTest {
    private static final Noise NOISE = Noise.seeded(1);

    private static Detokenizer model;

    @BeforeAll
    static void load() {
        try (Checkpoint checkpoint = Goldens.open("lfm2-audio/a/audio_detokenizer/model.safetensors")) {
            model = Detokenizer.load(Goldens.LFM_DETOKENIZER, checkpoint, Goldens.KERNELS, false);
        }
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static int[] codes(int frames) {
        return new SplittableRandom(frames).ints(8L * frames, 0, 2048).toArray();
    }

    @Test
    void describesItsSpeech() {
        assertThat(model.sampleRateHz()).isEqualTo(24_000);
        assertThat(model.codebooks()).isEqualTo(8);
        assertThat(model.vocabulary()).isEqualTo(2048);
        assertThat(model.samples(24)).isEqualTo(3 * 1920);
    }

    @Test
    void anUtteranceInBlocksIsTheWholeOne() {
        int[] codes = codes(20);

        float[] whole = model.synthesize(codes, NOISE);

        assertThat(whole).hasSize(model.samples(codes.length));
        assertThat(model.synthesizeInBlocks(codes, NOISE)).containsExactly(whole);
    }

    @Test
    void theFirstFrameIsHeardFor60MillisecondsAndLaterBlocksAreLonger() {
        SpeechStream stream = model.stream(NOISE);
        CodeBlocks blocks = model.blocks();
        List<Integer> samples = new ArrayList<>();
        for (int code : codes(11)) {
            blocks.add(code).ifPresent(block -> samples.add(stream.accept(block, false).length));
        }
        samples.add(stream.accept(blocks.rest(), true).length);

        assertThat(samples).containsExactly(1440, 1920, 2 * 1920, 2 * 1920, 4 * 1920, 1920 + 480);
    }

    @Test
    void streamsDoNotDisturbEachOther() {
        int[] codes = codes(4);
        SpeechStream first = model.stream(NOISE);
        SpeechStream second = model.stream(NOISE);

        float[] begun = first.accept(codes, false);
        second.accept(codes(7), false);

        assertThat(Pieces.joined(begun, first.accept(new int[0], true)))
                .containsExactly(model.synthesize(codes, NOISE));
    }

    @Test
    void nothingIsSaidAfterTheEnd() {
        SpeechStream stream = model.stream(NOISE);
        stream.accept(new int[0], true);

        assertThatThrownBy(() -> stream.accept(codes(1), false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the utterance has ended: expected no more codes");
    }

    @Test
    void thereIsNoFlowToSet() {
        assertThat(model.with(FlowSettings.PUBLISHED)).isSameAs(model);
        assertThatThrownBy(() -> model.with(FlowSettings.PUBLISHED.with(FlowSchedule.cosine(6))))
                .hasMessage(
                        "flow: expected no settings, because this synthesizer has no flow, got steps:6, unlimited context");
    }

    @Test
    void refusesACodeBeyondTheEndCode() {
        int[] codes = codes(1);
        codes[3] = 2049;

        assertThatThrownBy(() -> model.synthesize(codes, NOISE)).hasMessage("code 2049: expected 0 to 2048");
    }
}
