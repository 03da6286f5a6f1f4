package sparrow.engine.decode;

import java.util.Optional;
import java.util.function.IntUnaryOperator;
import sparrow.engine.interleave.TokenSpace;

/**
 * Recognises a reply that would go on for ever, by its ids alone:
 *
 * <ul>
 *   <li>Budget: after the text has ended, the reply has more speech than {@link Guard#perCharacter} codes for each character
 *       of its text and {@link Guard#slack} more.
 *   <li>Cycle of speech: its last tokens of speech are four copies or more of one block of up to 64, and six seconds long or
 *       more; four seconds for a block of one or two, which is silence or a hum.
 *   <li>Cycle of text: its last text tokens are six copies or more of such a block, and 72 or more.
 * </ul>
 *
 * <p>For one thread at a time.
 */
final class RunawayWatch {
    private static final int SPEECH_COPIES = 4;
    private static final double CYCLE_SECONDS = 6;
    private static final double HUM_SECONDS = 4;
    private static final int TEXT_COPIES = 6;
    private static final int TEXT_TOKENS = 72;

    private final Guard guard;
    private final TokenSpace tokens;
    private final IntUnaryOperator characters;
    private final CycleWatch speech;
    private final CycleWatch text = new CycleWatch(TEXT_COPIES, TEXT_TOKENS, TEXT_TOKENS);
    private int steps;
    private long codes;
    private long written;

    /**
     * @param guard one that is not off
     * @param characters of text that an id stands for
     */
    RunawayWatch(Guard guard, TokenSpace tokens, IntUnaryOperator characters) {
        this.guard = guard;
        this.tokens = tokens;
        this.characters = characters;
        this.speech = new CycleWatch(
                SPEECH_COPIES,
                codes(CYCLE_SECONDS * guard.codesPerSecond()),
                codes(HUM_SECONDS * guard.codesPerSecond()));
    }

    private static int codes(double exact) {
        return (int) Math.ceil(exact - 1e-9);
    }

    /**
     * Takes note of the next token of the reply.
     *
     * @param textHasEnded whether only speech is expected
     * @return what this token makes of the reply, if it has run away
     */
    Optional<Runaway> accept(int token, boolean textHasEnded) {
        int step = steps++;
        if (tokens.isText(token)) {
            written += characters.applyAsInt(token);
            return cycle(Runaway.Kind.TEXT_CYCLE, text, token, step);
        }
        if (!tokens.isSpeech(token)) return Optional.empty();
        codes++;
        Optional<Runaway> cycle = cycle(Runaway.Kind.SPEECH_CYCLE, speech, token, step);
        boolean over = textHasEnded && codes > guard.perCharacter() * written + guard.slack();
        return cycle.isEmpty() && over ? Optional.of(new Runaway(Runaway.Kind.BUDGET, step, step, 0)) : cycle;
    }

    private static Optional<Runaway> cycle(Runaway.Kind kind, CycleWatch watch, int token, int step) {
        int period = watch.accept(token, step);
        if (period == 0) return Optional.empty();
        return Optional.of(new Runaway(kind, watch.firstCopy(period), watch.secondCopy(period), period));
    }
}
