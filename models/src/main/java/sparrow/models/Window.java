package sparrow.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import sparrow.engine.decode.Limits;

/**
 * The bounds of the retained part of a conversation. They are applied before each turn: the system turn and the newest turns stay.
 *
 * @param truncation which part goes first
 * @param seconds of sound, of questions and replies, that stay at most beside the last turn; {@link #UNBOUNDED} for as much
 *     as the context holds
 * @param turns that stay at most, the question that is asked included; {@link #ALL_TURNS} likewise
 */
public record Window(TruncationStrategy truncation, double seconds, int turns) {
    /** No bound of sound but the context. */
    public static final double UNBOUNDED = Double.POSITIVE_INFINITY;

    /** No bound of turns but the context. */
    public static final int ALL_TURNS = Integer.MAX_VALUE;

    /** The oldest turns are dropped where the context is full. */
    public static final Window DEFAULT = new Window(TruncationStrategy.TURNS, UNBOUNDED);

    /** A long reply may take a part of the context for which earlier turns go; more only if it is free. */
    private static final int REPLY_PART = 4;

    /** The retained part of an earlier turn. */
    public enum Retention {
        /** All of it. */
        FULL,
        /** The question, and the text of the reply. */
        TEXT,
        /** Nothing. */
        DROP
    }

    public Window {
        if (!(seconds > 0)) throw new IllegalArgumentException("window: expected more than 0 seconds, got " + seconds);
        if (turns < 1) throw new IllegalArgumentException("window: expected 1 turn or more, got " + turns);
        if (truncation == TruncationStrategy.OFF && seconds != UNBOUNDED) {
            throw new IllegalArgumentException(
                    "window: expected something to be forgotten after " + seconds + " s of sound, got truncation off");
        }
    }

    /** A window without a bound of turns. */
    public Window(TruncationStrategy truncation, double seconds) {
        this(truncation, seconds, ALL_TURNS);
    }

    /** The same of so many turns at most; of all if nothing is to be truncated. */
    public Window ofTurns(int most) {
        return truncation == TruncationStrategy.OFF ? this : new Window(truncation, seconds, most);
    }

    /** Positions that a prompt may take: what is left beside the reply's limit, or beside a quarter of the context. */
    public static int mostPrompt(Limits limits, int contextLength) {
        return contextLength - Math.min(limits.newTokens(), contextLength / REPLY_PART);
    }

    /**
     * Positions that a prompt takes at most once something has to go: half of the context, so that there is room for several
     * turns until it happens again. Keys that move seldom stay precise in formats of few bits, too.
     */
    public static int leftPrompt(Limits limits, int contextLength) {
        return Math.min(mostPrompt(limits, contextLength), contextLength / 2);
    }

    /**
     * The retained part of each earlier turn: of the oldest ones no more is dropped than the bound of turns and the fit need.
     * If only dropping all of them helps, or not even that, all are dropped.
     *
     * @param earlier turns before the question
     * @param fits tells for the retained parts if the conversation fits with them
     */
    public List<Retention> retain(int earlier, Predicate<List<Retention>> fits) {
        List<Retention> retentions = new ArrayList<>(Collections.nCopies(earlier, Retention.FULL));
        if (truncation == TruncationStrategy.OFF) return retentions;
        for (int turn = 0; turn <= earlier - turns; turn++) retentions.set(turn, Retention.DROP);
        if (truncation == TruncationStrategy.SPEECH) {
            for (int turn = 0; turn < earlier - 1 && !fits.test(retentions); turn++) {
                if (retentions.get(turn) == Retention.FULL) retentions.set(turn, Retention.TEXT);
            }
        }
        for (int turn = 0; turn < earlier && !fits.test(retentions); turn++) retentions.set(turn, Retention.DROP);
        return retentions;
    }
}
