package sparrow.engine.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Runaway;

/**
 * Recognises an endless reply by its units:
 *
 * <ul>
 *   <li>Budget: after the text has ended, the reply has more speech than {@link LoopRule#perCharacter} units for each character
 *       of its text and {@link LoopRule#slack} more.
 *   <li>Cycle of speech: its last units of speech are four copies or more of one block of up to 64, and six seconds long or
 *       more; four seconds for a block of one or two, which is silence or a hum.
 *   <li>Cycle of text: its last text tokens are six copies or more of such a block, and 72 or more.
 * </ul>
 *
 * <p>For one reply and one thread at a time.
 */
final class LoopDetector {
    private static final int SPEECH_COPIES = 4;
    private static final double CYCLE_SECONDS = 6;
    private static final double HUM_SECONDS = 4;
    private static final int TEXT_COPIES = 6;
    private static final int TEXT_TOKENS = 72;

    private final LoopRule rule;
    private final TokenSpace tokens;
    private final IntUnaryOperator characters;
    private final Cycles speech;
    private final Cycles text = new Cycles(TEXT_COPIES, TEXT_TOKENS, TEXT_TOKENS);
    private int steps;
    private long spoken;
    private long written;

    /**
     * @param characters of an id's text
     */
    LoopDetector(LoopRule rule, TokenSpace tokens, IntUnaryOperator characters) {
        this.rule = rule;
        this.tokens = tokens;
        this.characters = characters;
        this.speech = new Cycles(
                SPEECH_COPIES,
                units(CYCLE_SECONDS * rule.unitsPerSecond()),
                units(HUM_SECONDS * rule.unitsPerSecond()));
    }

    private static int units(double exact) {
        return (int) Math.ceil(exact - 1e-9);
    }

    /**
     * Takes note of the next unit of the reply.
     *
     * @param textHasEnded whether only speech is expected
     * @return the loop or the excess that the reply shows with this unit
     */
    Optional<Runaway> accept(Unit unit, boolean textHasEnded) {
        int step = steps++;
        return switch (unit) {
            case Unit.Frame frame -> speech(unit, textHasEnded, step);
            case Unit.Token(int id) -> {
                if (tokens.isSpeech(id)) yield speech(unit, textHasEnded, step);
                if (!tokens.isText(id)) yield Optional.empty();
                written += characters.applyAsInt(id);
                yield text.accept(unit, step).map(cycle -> cycle.as(Runaway.Kind.TEXT_CYCLE));
            }
        };
    }

    private Optional<Runaway> speech(Unit unit, boolean textHasEnded, int step) {
        spoken++;
        Optional<Runaway> cycle = speech.accept(unit, step).map(found -> found.as(Runaway.Kind.SPEECH_CYCLE));
        boolean over = textHasEnded && spoken > rule.perCharacter() * written + rule.slack();
        return cycle.isEmpty() && over ? Optional.of(new Runaway(Runaway.Kind.BUDGET, step, step, 0)) : cycle;
    }

    /**
     * Copies of one block.
     *
     * @param first place in the reply of the first unit of the first copy
     * @param second that of the second copy
     * @param period units of a copy
     */
    private record Cycle(int first, int second, int period) {
        Runaway as(Runaway.Kind kind) {
            return new Runaway(kind, first, second, period);
        }
    }

    /**
     * Tells whether a stream of units ends in copies of one block. For each period p it counts how long every unit has been the one p
     * places before; a block that is itself made of copies is found at its shorter period first, which needs no more units. O(p) a
     * unit. The places of the units in the reply are kept, because other units may lie between them.
     */
    static final class Cycles {
        /** Units of the longest block. */
        static final int LONGEST = 64;

        /** Blocks up to this length are silence or a hum. */
        private static final int HUM = 2;

        private final int copies;
        private final int least;
        private final int leastHum;
        private final Map<Unit, Integer> ids = new HashMap<>();

        /** The units so far, by their ids, and the place of each in the reply. */
        private int[] units = new int[2 * LONGEST];

        private int[] places = new int[2 * LONGEST];
        private int count;

        /** By period: how many of the last units are those one period before. */
        private final int[] same = new int[LONGEST + 1];

        /**
         * @param copies least copies of the block
         * @param least units that all copies have together at least
         * @param leastHum the same for blocks of one or two units
         */
        Cycles(int copies, int least, int leastHum) {
            this.copies = copies;
            this.least = least;
            this.leastHum = leastHum;
        }

        Optional<Cycle> accept(Unit unit, int place) {
            if (count == units.length) {
                units = Arrays.copyOf(units, 2 * count);
                places = Arrays.copyOf(places, 2 * count);
            }
            int id = ids.computeIfAbsent(unit, any -> ids.size());
            units[count] = id;
            places[count] = place;
            count++;
            int found = 0;
            for (int period = 1; period <= LONGEST && period < count; period++) {
                same[period] = units[count - 1 - period] == id ? same[period] + 1 : 0;
                int needed = Math.max(copies * period, period <= HUM ? leastHum : least);
                if (found == 0 && same[period] + period >= needed) found = period;
            }
            if (found == 0) return Optional.empty();
            int second = count - same[found];
            return Optional.of(new Cycle(places[second - found], places[second], found));
        }
    }
}
