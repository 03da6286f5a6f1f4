package sparrow.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Runaway;

/** Loops and excess of speech are found, at the unit at which they are complete; other replies are let alone. */
class LoopDetectorTest {
    private static final int TEXT = 1000;
    private static final int CODES = 600;
    private static final int END = 0;

    /** Text from 1 to 999, codes from 1000 on. */
    private static final TokenSpace TOKENS = new TokenSpace(TEXT, CODES, TEXT + CODES, Set.of(END));

    private static final double RATE = 12.5;

    /** No budget that could be in the way. */
    private static final LoopRule RULE = new LoopRule(2.5, 1_000_000, RATE);

    static IntStream periods() {
        return IntStream.rangeClosed(1, LoopDetector.Cycles.MAX_PERIOD);
    }

    @ParameterizedTest(name = "a block of {0}")
    @MethodSource("periods")
    void aLoopOfSpeechIsFoundWhenItHasFourCopiesAndSixSecondsAndNotBefore(int period) {
        SplittableRandom random = new SplittableRandom(period);
        int[] before = random.ints(40, TEXT, TEXT + 200).toArray();
        int[] block = block(random, period);
        int needed = Math.max(4 * period, period <= 2 ? 50 : 75);
        LoopDetector watch = watch(RULE);

        for (int token : before) assertThat(accept(watch, token, false)).isEmpty();
        for (int i = 0; i < needed - 1; i++) {
            assertThat(accept(watch, block[i % period], false))
                    .as("id %d of the loop", i)
                    .isEmpty();
        }

        assertThat(accept(watch, block[(needed - 1) % period], false))
                .contains(new Runaway(Runaway.Kind.SPEECH_CYCLE, 40, 40 + period, period));
    }

    @ParameterizedTest(name = "a block of {0}")
    @MethodSource("periods")
    void textBetweenTheCodesOfALoopDoesNotHideIt(int period) {
        SplittableRandom random = new SplittableRandom(period);
        int[] block = block(random, period);
        LoopDetector watch = watch(RULE);

        Optional<Runaway> found = Optional.empty();
        int[] placeOfCode = new int[400];
        int codes = 0;
        for (int step = 0; found.isEmpty(); step++) {
            boolean text = step % 5 == 0;
            if (!text) placeOfCode[codes++] = step;
            found = accept(watch, text ? random.nextInt(1, TEXT) : block[(codes - 1) % period], false);
        }

        assertThat(found).contains(new Runaway(Runaway.Kind.SPEECH_CYCLE, placeOfCode[0], placeOfCode[period], period));
        assertThat(codes).isEqualTo(Math.max(4 * period, period <= 2 ? 50 : 75));
    }

    @ParameterizedTest(name = "a block of {0}")
    @MethodSource("periods")
    void aLoopOfTextIsFoundWhenItHasSixCopiesAnd72TokensAndNotBefore(int period) {
        int[] block = IntStream.range(0, period).map(i -> 1 + i).toArray();
        int needed = Math.max(6 * period, 72);
        LoopDetector watch = watch(RULE);

        for (int i = 0; i < needed - 1; i++) {
            assertThat(accept(watch, block[i % period], false)).isEmpty();
            // What is spoken between the words is never twice the same.
            assertThat(accept(watch, TEXT + i % CODES, false)).isEmpty();
        }

        assertThat(accept(watch, block[(needed - 1) % period], false))
                .contains(new Runaway(Runaway.Kind.TEXT_CYCLE, 0, 2 * period, period));
    }

    @ParameterizedTest(name = "a block of {0}")
    @MethodSource("periods")
    void whatChangesALittleWithEveryCopyIsNoLoop(int period) {
        SplittableRandom random = new SplittableRandom(period);
        int[] block = block(random, period);
        LoopDetector watch = watch(RULE);

        // One code of every second copy is another one: so much drift that no four copies are alike.
        for (int i = 0; i < 6000; i++) {
            if (i % (2 * period) == 0) {
                int at = random.nextInt(period);
                block[at] = TEXT + (block[at] - TEXT + 1 + random.nextInt(CODES - 1)) % CODES;
            }
            assertThat(accept(watch, block[i % period], false)).as("id %d", i).isEmpty();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void speechOfFewSoundsIsNoLoop(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LoopDetector watch = watch(RULE);

        for (int i = 0; i < 5000; i++) {
            // Pauses of up to 3.9 seconds lie between words of two sounds.
            int[] pause = new int[random.nextInt(49)];
            Arrays.fill(pause, TEXT);
            int[] word = random.ints(random.nextInt(8, 20), TEXT + 1, TEXT + 3).toArray();
            for (int code : pause) assertThat(accept(watch, code, false)).isEmpty();
            for (int code : word) assertThat(accept(watch, code, false)).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0} codes a second: a block of {1} is found at code {2}")
    @CsvSource({"12.5, 1, 50", "12.5, 2, 50", "12.5, 3, 75", "25, 1, 100", "25, 2, 100", "25, 3, 150", "25, 40, 160"})
    void secondsAreCodesOfTheModelsRate(double rate, int period, int needed) {
        LoopDetector watch = watch(new LoopRule(2.5, 1_000_000, rate));

        int codes = 1;
        while (accept(watch, TEXT + codes % period, false).isEmpty()) codes++;

        assertThat(codes).isEqualTo(needed);
    }

    @Test
    void speechBeyondTheBudgetIsFoundOnceTheTextHasEnded() {
        LoopDetector watch = watch(new LoopRule(2, 10, RATE));

        // Seven characters of text: 24 codes.
        for (int i = 0; i < 7; i++) assertThat(accept(watch, 1 + i, false)).isEmpty();
        for (int i = 0; i < 30; i++) assertThat(accept(watch, TEXT + i, false)).isEmpty();
        assertThat(accept(watch, 8, false)).isEmpty();

        assertThat(accept(watch, TEXT + 30, true)).contains(new Runaway(Runaway.Kind.BUDGET, 38, 38, 0));
    }

    @Test
    void theLastCodeOfTheBudgetIsStillSpoken() {
        LoopDetector watch = watch(new LoopRule(2, 10, RATE));

        for (int i = 0; i < 7; i++) assertThat(accept(watch, 1 + i, false)).isEmpty();
        for (int i = 0; i < 24; i++) assertThat(accept(watch, TEXT + i, true)).isEmpty();

        assertThat(accept(watch, TEXT + 24, true)).contains(new Runaway(Runaway.Kind.BUDGET, 31, 31, 0));
    }

    @Test
    void paddingOfTheTextIsNoTextAndPaddingOfTheSpeechIsSpeech() {
        SpeechMarks marks = new SpeechMarks(100, 101, 102);
        TokenSpace marked = new TokenSpace(100, new SpeechTokens(103, 50, 60, Optional.of(marks)), 163, Set.of(END));
        LoopDetector watch = new LoopDetector(RULE, marked, token -> 1);

        Optional<Runaway> found = Optional.empty();
        int step = 0;
        for (; found.isEmpty(); step++) found = accept(watch, step % 5 == 0 ? marks.textPadding() : 155, true);

        // Fifty ids of padded speech are four seconds; twelve of text padding lie between them.
        assertThat(step).isEqualTo(63);
        assertThat(found).map(Runaway::kind).contains(Runaway.Kind.SPEECH_CYCLE);
    }

    private static int[] block(SplittableRandom random, int period) {
        int[] shuffled = IntStream.range(TEXT + 200, TEXT + CODES).toArray();
        for (int i = 0; i < period; i++) {
            int j = random.nextInt(i, shuffled.length);
            int kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }
        return Arrays.copyOf(shuffled, period);
    }

    private static Optional<Runaway> accept(LoopDetector detector, int token, boolean textHasEnded) {
        return detector.accept(new Unit.Token(token), textHasEnded);
    }

    /** A loop of frames is one of equal codes. */
    @Test
    void framesThatRepeatAreALoop() {
        LoopDetector watch = watch(RULE);
        Optional<Runaway> found = Optional.empty();
        int frames = 0;
        for (; found.isEmpty(); frames++) {
            found = watch.accept(new Unit.Frame(List.of(1, 2, 3 + frames % 3)), false);
        }

        assertThat(frames).isEqualTo(75);
        assertThat(found).contains(new Runaway(Runaway.Kind.SPEECH_CYCLE, 0, 3, 3));
    }

    private static LoopDetector watch(LoopRule rule) {
        return new LoopDetector(rule, TOKENS, token -> 1);
    }
}
