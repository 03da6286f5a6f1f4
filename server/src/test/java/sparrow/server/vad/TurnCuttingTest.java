package sparrow.server.vad;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.server.vad.TurnDetector.Onset;
import sparrow.server.vad.TurnEvent.SpeechStarted;
import sparrow.server.vad.TurnEvent.SpeechStopped;

/** Properties over random probabilities, settings and cuttings of the sound. */
class TurnCuttingTest {
    static LongStream seeds() {
        return new SplittableRandom(20261).longs(40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyCuttingGivesTheSameEvents(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] sound = sound(random);
        TurnSettings settings = settings(random);
        Onset onset = random.nextBoolean() ? Onset.FIRST_FRAME : Onset.SUSTAINED;
        List<TurnEvent> whole = new TurnDetector(new ScriptedVad(), settings).append(sound, onset);

        TurnDetector detector = new TurnDetector(new ScriptedVad(), settings);
        List<TurnEvent> cut = new ArrayList<>();
        List<Integer> cuts = new ArrayList<>();
        for (int at = 0; at < sound.length; ) {
            int n = Math.min(length(random), sound.length - at);
            cut.addAll(detector.append(Arrays.copyOfRange(sound, at, at + n), onset));
            cuts.add(at += n);
        }

        assertThat(told(cut)).as("cut at %s", cuts).isEqualTo(told(whole));
        assertThat(detector.position()).isEqualTo(sound.length);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void turnsAreApartAndTheirAudioIsTheSoundAtTheirPlace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] sound = sound(random);
        float[] kept = ScriptedVad.kept(sound);
        TurnSettings settings = settings(random);

        List<TurnEvent> events = new TurnDetector(new ScriptedVad(), settings).append(sound);

        long free = 0;
        for (int i = 0; i + 1 < events.size(); i += 2) {
            SpeechStarted started = (SpeechStarted) events.get(i);
            Turn turn = ((SpeechStopped) events.get(i + 1)).turn();
            int start = (int) turn.startMs() * 16;
            int length = turn.audio().samples().length;
            assertThat(turn.startMs()).isEqualTo(started.startMs()).isGreaterThanOrEqualTo(free);
            assertThat(Arrays.mismatch(turn.audio().samples(), Arrays.copyOfRange(kept, start, start + length)))
                    .isEqualTo(-1);
            free = turn.startMs() + length / 16;
            assertThat(turn.endMs()).isGreaterThanOrEqualTo(free);
            assertThat(free).isEqualTo(endOfAudioMs(turn, sound, settings));
        }
    }

    /** The last frame of speech in the turn ends, then comes silence: at most 200 ms of it are audio. */
    private static long endOfAudioMs(Turn turn, float[] sound, TurnSettings settings) {
        int end = (int) turn.endMs() / 32;
        int silent = end;
        for (int f = end - 1; f >= 0 && !settings.isSpeech(sound[f * 512]); f--) {
            if (settings.isSilence(sound[f * 512])) silent = f;
        }
        return Math.min(turn.endMs(), silent * 32L + TurnDetector.TRAILING_SILENCE_MS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsHeardOfARunningTurnIsHowItsAudioBegins(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] sound = sound(random);
        TurnDetector detector = new TurnDetector(new ScriptedVad(), settings(random));
        float[] heard = new float[0];
        int turns = 0;
        for (int at = 0; at < sound.length; ) {
            int n = Math.min(random.nextInt(1, 512), sound.length - at);
            for (TurnEvent event : detector.append(Arrays.copyOfRange(sound, at, at + n))) {
                switch (event) {
                    case SpeechStarted _ -> assertThat(heard).isEmpty();
                    case SpeechStopped(Turn turn) -> {
                        float[] audio = turn.audio().samples();
                        assertThat(Arrays.mismatch(heard, audio)).isIn(-1, heard.length);
                        assertThat(heard).isNotEmpty();
                        heard = new float[0];
                        turns++;
                    }
                }
            }
            float[] before = heard;
            heard = detector.heard().samples();
            assertThat(Arrays.mismatch(before, heard)).isIn(-1, before.length);
            at += n;
        }
        assertThat(turns).isGreaterThan(0);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyCallsInAnyOrderKeepTurnsApart(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        TurnDetector detector = new TurnDetector(new EnergyVad(), TurnSettings.DEFAULT);
        long free = 0;
        for (int call = 0; call < 300; call++) {
            switch (random.nextInt(12)) {
                case 0 -> free = after(detector.commit(), free);
                case 1 -> {
                    detector.clear();
                    free = detector.position() / 16;
                }
                case 2 -> detector.change(settings(random));
                default -> {
                    Onset onset = Onset.values()[random.nextInt(2)];
                    for (TurnEvent event : detector.append(wild(random), onset)) {
                        if (event instanceof SpeechStopped(Turn turn)) free = after(turn, free);
                    }
                }
            }
            assertThat(detector.bufferedMs()).isBetween(0L, detector.position() / 16 - free + 1);
        }
    }

    private static long after(Turn turn, long free) {
        assertThat(turn.startMs()).isGreaterThanOrEqualTo(free);
        long end = turn.startMs() + turn.audio().samples().length / 16;
        assertThat(end).isLessThanOrEqualTo(turn.endMs() + 1);
        boolean sound = true;
        for (float sample : turn.audio().samples()) sound &= sample >= -1 && sample <= 1;
        assertThat(sound).as("all samples are within full scale").isTrue();
        return end;
    }

    /** Loud and silent stretches, among them what is no number. */
    private static float[] wild(SplittableRandom random) {
        float[] samples = new float[random.nextInt(9000)];
        float loudness = random.nextBoolean() ? 0 : 0.3f;
        for (int i = 0; i < samples.length; i++) samples[i] = loudness * random.nextFloat(-1, 1);
        for (int i = 0; i < samples.length / 1000; i++) {
            samples[random.nextInt(samples.length)] = Float.intBitsToFloat(random.nextInt());
            samples[random.nextInt(samples.length)] = Float.NaN;
        }
        return samples;
    }

    /** Stretches of speech, silence and doubt, as long as syllables and pauses are. */
    private static float[] sound(SplittableRandom random) {
        double[] probabilities = new double[random.nextInt(300, 600)];
        for (int f = 0; f < probabilities.length; ) {
            double middle = random.nextInt(3) * 0.42 + 0.05;
            int end = Math.min(probabilities.length, f + random.nextInt(1, 30));
            for (; f < end; f++) probabilities[f] = Math.clamp(middle + random.nextDouble(-0.2, 0.2), 0, 1);
        }
        // At least one turn, whatever the settings are.
        Arrays.fill(probabilities, 0, 10, 1);
        Arrays.fill(probabilities, probabilities.length - 30, probabilities.length, 0);
        return ScriptedVad.sound(probabilities);
    }

    private static TurnSettings settings(SplittableRandom random) {
        return new TurnSettings(random.nextInt(30, 70) / 100f, random.nextInt(600), random.nextInt(700));
    }

    private static int length(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1, 4);
            case 1 -> 512 * random.nextInt(1, 4);
            case 2 -> random.nextInt(0, 600);
            default -> random.nextInt(1, 20_000);
        };
    }

    /** Events with their audio as something that can be compared. */
    private static List<List<Object>> told(List<TurnEvent> events) {
        return events.stream()
                .map(event -> switch (event) {
                    case SpeechStarted(long startMs) -> List.<Object>of(startMs);
                    case SpeechStopped(Turn turn) ->
                        List.<Object>of(
                                turn.startMs(),
                                turn.endMs(),
                                turn.audio().samples().length,
                                Arrays.hashCode(turn.audio().samples()));
                })
                .toList();
    }
}
