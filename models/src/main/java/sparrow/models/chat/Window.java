package sparrow.models.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.SkippedKv;
import sparrow.models.SpokenModel;

/**
 * The bounds of the retained part of a conversation. They are applied before each turn: the system turn and the newest turns stay.
 *
 * @param truncation which part is dropped first
 * @param seconds maximum seconds of sound, of questions and replies, that stay beside the last turn; {@link #UNBOUNDED} for as
 *     much as the context holds
 * @param turns maximum number of turns that stay, the question that is asked included; {@link #ALL_TURNS} likewise
 * @param share maximum share of the context that a prompt takes once something has to be dropped, 0 to 1. Below 1 there is room
 *     for several turns until it happens again, and keys that move seldom stay precise in formats of few bits, too
 */
public record Window(TruncationStrategy truncation, double seconds, int turns, double share) {
    /** No bound of sound but the context. */
    public static final double UNBOUNDED = Double.POSITIVE_INFINITY;

    /** Value that limits the number of turns only by the length of the context. */
    public static final int ALL_TURNS = Integer.MAX_VALUE;

    private static final double HALF = 0.5;

    /** If the context is full, the oldest turns are dropped until the prompt takes half of it. */
    public static final Window DEFAULT = new Window(TruncationStrategy.TURNS, UNBOUNDED);

    /** Nothing is dropped: a turn that does not fit is refused. */
    public static final Window OFF = new Window(TruncationStrategy.OFF, UNBOUNDED);

    /**
     * Divisor of the context length: earlier turns are dropped to leave at most this part of the context for the reply.
     * A reply may be longer if there is room.
     */
    private static final int REPLY_PART = 4;

    /** The retained part of a group of turns. */
    public enum Retention {
        /** All of it. */
        FULL,
        /** Questions, and the text of replies. */
        TEXT,
        /** Nothing. */
        DROP
    }

    /**
     * The part of a conversation that was dropped before a turn.
     *
     * @param turns dropped with question and reply
     * @param replies reduced to their text
     * @param positions that all of it took in the context
     * @param exact whether the rest is as if the dropped part had never been there; else its keys and values were made when the
     *     dropped part was visible
     */
    public record Truncation(int turns, int replies, int positions, boolean exact) {}

    /**
     * A chat that fits, as far as dropping turns helps.
     *
     * @param chat the retained part
     * @param length positions of its prompt
     * @param retentions the retained part of each group of older turns
     * @param truncation the dropped part
     */
    public record Fitting(ChatHistory chat, int length, List<Retention> retentions, Truncation truncation) {}

    public Window {
        if (!(seconds > 0)) throw new IllegalArgumentException("window: expected more than 0 seconds, got " + seconds);
        if (turns < 1) throw new IllegalArgumentException("window: expected 1 turn or more, got " + turns);
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("window: expected 0 to 1, got " + share);
        if (truncation == TruncationStrategy.OFF && seconds != UNBOUNDED) {
            throw new IllegalArgumentException(
                    "window: expected something to be forgotten after " + seconds + " s of sound, got truncation off");
        }
    }

    /** A window without a bound of turns. */
    public Window(TruncationStrategy truncation, double seconds) {
        this(truncation, seconds, ALL_TURNS, HALF);
    }

    /**
     * Returns the window that a model's checkpoint recommends: as many turns as the model was trained for, or as many
     * as the context holds if that number is unknown.
     */
    public static Window of(SpokenModel model) {
        return DEFAULT.ofTurns(model.trainedTurns().orElse(ALL_TURNS));
    }

    /** Returns this window with a bound of turns; unchanged if nothing is to be dropped. */
    public Window ofTurns(int most) {
        return truncation == TruncationStrategy.OFF ? this : new Window(truncation, seconds, most, share);
    }

    /** Returns this window with another share of the context. */
    public Window ofShare(double other) {
        return new Window(truncation, seconds, turns, other);
    }

    /**
     * Fits a chat into the context of a model: its oldest turns are dropped first.
     *
     * @param older turns that may be dropped, in groups that are retained or dropped together; a group may be empty
     * @param asked the question, with the turns that stay in any case
     * @param config configuration of the reply
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    public Fitting fit(ChatMeasure model, List<List<ChatTurn>> older, ChatHistory asked, GenerationConfig config) {
        int context = model.contextLength();
        List<Retention> all = Collections.nCopies(older.size(), Retention.FULL);
        ChatHistory whole = chat(model, older, asked, all);
        int length = model.length(whole);
        int most = length > maxPrompt(config.limits(), context) ? leftPrompt(config.limits(), context) : context;
        List<Retention> retentions = retain(
                older.size(),
                tried -> (tried.equals(all) ? length : model.length(chat(model, older, asked, tried))) <= most
                        && seconds(model, older, tried) <= seconds);
        if (retentions.equals(all)) return new Fitting(whole, length, all, new Truncation(0, 0, 0, true));
        ChatHistory left = chat(model, older, asked, retentions);
        int leftLength = model.length(left);
        // Keys and values that were copied or omitted cannot be cut: such a chat is prefilled anew, which is exact.
        boolean approximate = leftLength < length
                && truncation.isApproximate()
                && config.plan().skippedKv() == SkippedKv.FILL;
        int turns = 0;
        int silenced = 0;
        for (int i = 0; i < older.size(); i++) {
            if (retentions.get(i) == Retention.DROP) turns += older.get(i).size();
            if (retentions.get(i) == Retention.TEXT) {
                silenced += (int) older.get(i).stream()
                        .filter(turn -> model.seconds(turn.reply()) > 0)
                        .count();
            }
        }
        boolean exact = !approximate || left.earlier().isEmpty();
        return new Fitting(
                approximate ? left.truncatedFrom(whole.earlier()) : left,
                leftLength,
                retentions,
                new Truncation(turns, silenced, length - leftLength, exact));
    }

    /** The retained part of a chat. */
    private static ChatHistory chat(
            ChatMeasure model, List<List<ChatTurn>> older, ChatHistory asked, List<Retention> retentions) {
        List<ChatTurn> earlier = new ArrayList<>();
        for (int i = 0; i < older.size(); i++) {
            for (ChatTurn turn : older.get(i)) {
                switch (retentions.get(i)) {
                    case FULL -> earlier.add(turn);
                    case TEXT -> earlier.add(new ChatTurn(turn.question(), model.words(turn.reply())));
                    case DROP -> {}
                }
            }
        }
        earlier.addAll(asked.earlier());
        return new ChatHistory(asked.instructions(), asked.tools(), earlier, asked.question(), List.of());
    }

    /** Sound of the retained groups, but for the last of them. */
    private static double seconds(ChatMeasure model, List<List<ChatTurn>> older, List<Retention> retentions) {
        double seconds = 0;
        for (int i = 0; i < older.size() - 1; i++) {
            if (retentions.get(i) == Retention.DROP) continue;
            for (ChatTurn turn : older.get(i)) {
                seconds += turn.question().seconds();
                if (retentions.get(i) == Retention.FULL) seconds += model.seconds(turn.reply());
            }
        }
        return seconds;
    }

    /** Positions that a prompt may take: what is left beside the reply's limit, or beside a quarter of the context. */
    public static int maxPrompt(Limits limits, int contextLength) {
        return contextLength - Math.min(limits.newTokens(), contextLength / REPLY_PART);
    }

    /** Positions that a prompt takes at most once something has to be dropped. */
    public int leftPrompt(Limits limits, int contextLength) {
        return (int) Math.min(maxPrompt(limits, contextLength), share * contextLength);
    }

    /**
     * The retained part of each group of older turns: of the oldest ones no more is dropped than the bound of turns and the fit need.
     * If only dropping all of them helps, or not even that, all are dropped.
     *
     * @param older groups of turns before the question
     * @param fits whether the conversation fits with these retained parts
     */
    public List<Retention> retain(int older, Predicate<List<Retention>> fits) {
        List<Retention> retentions = new ArrayList<>(Collections.nCopies(older, Retention.FULL));
        if (truncation == TruncationStrategy.OFF) return retentions;
        for (int turn = 0; turn <= older - turns; turn++) retentions.set(turn, Retention.DROP);
        if (truncation == TruncationStrategy.SPEECH) {
            for (int turn = 0; turn < older - 1 && !fits.test(retentions); turn++) {
                if (retentions.get(turn) == Retention.FULL) retentions.set(turn, Retention.TEXT);
            }
        }
        for (int turn = 0; turn < older && !fits.test(retentions); turn++) retentions.set(turn, Retention.DROP);
        return retentions;
    }
}
