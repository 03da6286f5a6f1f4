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
 * Detects an endless reply from its units, by three criteria:
 *
 * <ul>
 *   <li>Budget: after the end of the text, the number of speech units exceeds {@link LoopRule#perCharacter} times the
 *       number of characters plus {@link LoopRule#slack}.
 *   <li>Speech cycle: the last speech units consist of at least four copies of a block of up to 64 units and last at
 *       least six seconds. Four seconds suffice for a block of one or two units, because such a block is silence or a
 *       hum.
 *   <li>Text cycle: the last text tokens consist of at least six copies of a block of up to 64 tokens and number at
 *       least 72.
 * </ul>
 *
 * <p>Instances must be used for one reply and by one thread at a time.
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
     * @param characters function that returns the number of characters in a token's text, weighted by the time required
     *     to speak them
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
     * Records the reply's next unit and returns the loop or excess that it completes.
     *
     * @param textHasEnded whether only speech is expected
     * @return loop or excess speech, or empty if there is none
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
     * A cycle, which consists of repeated copies of a block.
     *
     * @param first index in the reply of the first copy's first unit
     * @param second index in the reply of the second copy's first unit
     * @param period number of units per copy
     */
    private record Cycle(int first, int second, int period) {
        Runaway as(Runaway.Kind kind) {
            return new Runaway(kind, first, second, period);
        }
    }

    /**
     * Detects that a stream of units ends in copies of one block. For each period p, it counts how many of the last
     * units equal the unit p positions earlier. If a block itself consists of copies, the shorter period is detected
     * first. The computation time per unit is proportional to {@link #MAX_PERIOD}. The units' positions in the reply are
     * stored because other units may occur between them.
     */
    static final class Cycles {
        /** Maximum number of units in a block. */
        static final int MAX_PERIOD = 64;

        /** Maximum number of units in a block that is silence or a hum. */
        private static final int HUM = 2;

        private final int copies;
        private final int minUnits;
        private final int minHumUnits;
        private final Map<Unit, Integer> ids = new HashMap<>();

        /** Ids of all units received so far. */
        private int[] units = new int[2 * MAX_PERIOD];

        private int[] places = new int[2 * MAX_PERIOD];
        private int count;

        /** For each period, the number of newest units in a row that are equal to the unit one period earlier. */
        private final int[] same = new int[MAX_PERIOD + 1];

        /**
         * @param copies minimum number of copies of a block
         * @param minUnits minimum total number of units in all copies
         * @param minHumUnits minimum total number of units in all copies of a block of one or two units
         */
        Cycles(int copies, int minUnits, int minHumUnits) {
            this.copies = copies;
            this.minUnits = minUnits;
            this.minHumUnits = minHumUnits;
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
            for (int period = 1; period <= MAX_PERIOD && period < count; period++) {
                same[period] = units[count - 1 - period] == id ? same[period] + 1 : 0;
                int needed = Math.max(copies * period, period <= HUM ? minHumUnits : minUnits);
                if (found == 0 && same[period] + period >= needed) found = period;
            }
            if (found == 0) return Optional.empty();
            int second = count - same[found];
            return Optional.of(new Cycle(places[second - found], places[second], found));
        }
    }
}
