package sparrow.server.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.server.vad.TurnDetector.Onset;
import sparrow.server.vad.TurnEvent.SpeechStopped;
import sparrow.speech.wave.WavFile;

/** Real questions become turns, and nothing else does. */
class QuestionTurnsTest {
    /** Samples of which the truth takes one level: 10 ms. */
    private static final int TICK = 160;

    private static SileroNetwork network;

    @BeforeAll
    static void load() throws IOException {
        network = SileroNetwork.load();
    }

    @AfterAll
    static void close() {
        network.close();
    }

    enum Kind {
        SILERO,
        ENERGY;

        Vad vad() {
            return this == SILERO ? network.vad() : new EnergyVad();
        }
    }

    @ParameterizedTest
    @EnumSource
    void questionsWithSecondsOfSilenceBetweenThemAreOneTurnEach(Kind kind) {
        assertAreOneTurnEach(Examples.all(), kind.vad());
    }

    /** The 120 evaluation questions, where a folder with them is given. */
    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "sparrow.data", matches = ".+", disabledReason = "no folder with questions given")
    void soAreAllQuestionsOfTheEvaluation(Kind kind) throws IOException {
        List<float[]> questions = new ArrayList<>();
        for (int i = 1; i <= 120; i++) {
            Path wav = Path.of(System.getProperty("sparrow.data"), "demo-eval/wav/v%03d.wav".formatted(i));
            questions.add(WavFile.read(wav).at(Vad.RATE_HZ).samples());
        }

        assertAreOneTurnEach(questions, kind.vad());
    }

    private static void assertAreOneTurnEach(List<float[]> questions, Vad vad) {
        float[] sound = Examples.inARow(questions, 1000);
        List<long[]> truth = loudStretchesMs(sound, 700);

        List<Turn> turns = turns(sound, vad, Onset.FIRST_FRAME);

        assertThat(turns).hasSameSizeAs(truth).hasSameSizeAs(questions);
        for (int i = 0; i < truth.size(); i++) {
            long began = turns.get(i).startMs() + TurnSettings.DEFAULT.prefixPaddingMs();
            assertThat(began).as("start of turn %d", i + 1).isCloseTo(truth.get(i)[0], within(100L));
            assertThat(audioEndMs(turns.get(i)))
                    .as("end of turn %d", i + 1)
                    .isBetween(truth.get(i)[1], truth.get(i)[1] + 450);
        }
    }

    /** A soft beginning may be too short to count among the four frames: then the padding has it. */
    @ParameterizedTest
    @EnumSource
    void whileAnAnswerIsPlayedTheyAreHeardWholeToo(Kind kind) {
        float[] sound = Examples.inARow(Examples.all(), 1000);
        List<long[]> truth = loudStretchesMs(sound, 700);

        List<Turn> turns = turns(sound, kind.vad(), Onset.SUSTAINED);

        assertThat(turns).hasSameSizeAs(truth);
        for (int i = 0; i < truth.size(); i++) {
            assertThat(turns.get(i).startMs()).isBetween(truth.get(i)[0] - 400, truth.get(i)[0]);
            assertThat(audioEndMs(turns.get(i))).isBetween(truth.get(i)[1], truth.get(i)[1] + 450);
        }
    }

    /** A noise 46 dB below full scale: a room with a fan. */
    @ParameterizedTest
    @EnumSource
    void theyAreAlsoInANoisyRoom(Kind kind) {
        float[] noisy = Examples.inARow(Examples.all(), 1000);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < noisy.length; i++) noisy[i] += (float) (0.005 * random.nextGaussian());

        assertThat(turns(noisy, kind.vad(), Onset.FIRST_FRAME)).hasSize(12);
    }

    @Test
    void silenceClicksAndLoudNoiseAreNoTurns() {
        SplittableRandom random = new SplittableRandom(7);
        float[] noise = new float[10 * Vad.RATE_HZ];
        for (int i = 0; i < noise.length; i++) noise[i] = random.nextFloat(-1, 1);
        float[] clicks = new float[noise.length];
        for (int i = 3000; i < clicks.length; i += 7919) clicks[i] = i % 2 == 0 ? 1 : -1;

        for (float[] sound : List.of(noise, clicks, new float[noise.length])) {
            TurnDetector detector = new TurnDetector(network.vad(), TurnSettings.DEFAULT);
            assertThat(detector.append(sound)).isEmpty();
            assertThat(detector.bufferedMs()).isLessThan(500);
        }
    }

    /** What loudness alone makes of it: a click is not sustained, and a noise that stays is over after three seconds. */
    @Test
    void loudnessTakesNoiseForSpeechOnlyUntilItIsTheRoom() {
        SplittableRandom random = new SplittableRandom(7);
        float[] sound = new float[20 * Vad.RATE_HZ];
        for (int i = 5 * Vad.RATE_HZ; i < sound.length; i++) sound[i] = random.nextFloat(-1, 1);
        float[] clicks = new float[10 * Vad.RATE_HZ];
        for (int i = 3000; i < clicks.length; i += 7919) clicks[i] = 1;

        TurnDetector noisy = new TurnDetector(new EnergyVad(), TurnSettings.DEFAULT);
        List<TurnEvent> events = noisy.append(sound);
        TurnDetector clicking = new TurnDetector(new EnergyVad(), TurnSettings.DEFAULT);

        assertThat(events).hasSize(2);
        assertThat(((SpeechStopped) events.getLast()).turn().endMs()).isBetween(5000L, 9000L);
        assertThat(clicking.append(clicks, Onset.SUSTAINED)).isEmpty();
    }

    private static List<Turn> turns(float[] sound, Vad vad, Onset onset) {
        List<Turn> turns = new ArrayList<>();
        for (TurnEvent event : new TurnDetector(vad, TurnSettings.DEFAULT).append(sound, onset)) {
            if (event instanceof SpeechStopped(Turn turn)) turns.add(turn);
        }
        return turns;
    }

    private static long audioEndMs(Turn turn) {
        return turn.startMs() + Math.round(1000 * turn.audio().seconds());
    }

    /** Where the sound is above -50 dB of full scale, with gaps that are shorter than {@code gapMs} filled. */
    private static List<long[]> loudStretchesMs(float[] sound, int gapMs) {
        List<long[]> stretches = new ArrayList<>();
        for (int t = 0; t < sound.length / TICK; t++) {
            double squares = 0;
            for (int i = 0; i < TICK; i++) squares += sound[t * TICK + i] * sound[t * TICK + i];
            if (squares / TICK < 1e-5) continue;
            if (stretches.isEmpty() || t * 10L - stretches.getLast()[1] > gapMs) {
                stretches.add(new long[] {t * 10L, 0});
            }
            stretches.getLast()[1] = (t + 1) * 10L;
        }
        return stretches;
    }
}
