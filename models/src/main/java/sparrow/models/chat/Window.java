package sparrow.models.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.decode.Limits;
import sparrow.engine.exit.SkippedKv;
import sparrow.models.SpokenModel;

/**
 * The limits of the retained part of a conversation. They are applied before each turn. The system turn and the newest
 * turns are retained.
 *
 * @param truncation the strategy that determines which part is dropped first
 * @param seconds the maximum seconds of audio in questions and replies other than the last turn, or {@link #UNBOUNDED}
 *     if only the context limits them
 * @param turns the maximum number of retained turns, including the current question, or {@link #ALL_TURNS} if only the
 *     context limits it
 * @param share the maximum share of the context, from 0 to 1, that a prompt takes after a truncation; below 1, there is
 *     room for several turns before the next truncation, and keys remain more precise in low-bit formats because they
 *     are moved less often
 */
public record Window(TruncationStrategy truncation, double seconds, int turns, double share) {
    /** No limit on audio other than the context. */
    public static final double UNBOUNDED = Double.POSITIVE_INFINITY;

    /** No limit on turns other than the context. */
    public static final int ALL_TURNS = Integer.MAX_VALUE;

    private static final double HALF = 0.5;

    /** The default window. If the context is full, the oldest turns are dropped until the prompt takes half of it. */
    public static final Window DEFAULT = new Window(TruncationStrategy.TURNS, UNBOUNDED);

    /** A window that drops nothing, so that a turn that does not fit is rejected. */
    public static final Window OFF = new Window(TruncationStrategy.OFF, UNBOUNDED);

    /**
     * Divisor of the context length. Earlier turns are dropped so that up to 1/{@code REPLY_PART} of the context is
     * free for the reply. A reply may be longer if there is room.
     */
    private static final int REPLY_PART = 4;

    /** The retained part of a group of turns. */
    public enum Retention {
        /** Questions and complete replies. */
        FULL,
        /** Questions and the text of replies. */
        TEXT,
        /** Nothing. */
        DROP
    }

    /**
     * The part of a conversation that was dropped before a turn.
     *
     * @param turns the number of turns that were dropped completely
     * @param replies the number of replies that were reduced to their text
     * @param positions the number of context positions that the dropped part had taken
     * @param exact whether the retained part is the same as if the dropped part had never existed; otherwise, its keys
     *     and values depend on the dropped part
     */
    public record Truncation(int turns, int replies, int positions, boolean exact) {}

    /**
     * A chat history from which turns were dropped to fit it into the context, as far as possible, and its prompt.
     *
     * @param chat the retained part
     * @param prompt the retained part's prompt
     * @param whole the prompt without the truncation, if its keys and values may be reused, which is an approximation;
     *     empty if no turn was truncated or the reply must be exact
     * @param retentions the retained part of each group of older turns
     * @param truncation the dropped part
     */
    public record Fitting(
            ChatHistory chat,
            ChatPrompt prompt,
            Optional<ChatPrompt> whole,
            List<Retention> retentions,
            Truncation truncation) {
        /**
         * Returns a complete chat history with its prompt.
         *
         * @throws IllegalArgumentException if the model cannot encode a question
         */
        public static Fitting complete(SpokenModel model, ChatHistory chat) {
            ChatHistory encoded = chat.encodedBy(model);
            return complete(encoded, ChatPrompt.of(model, encoded), List.of());
        }

        private static Fitting complete(ChatHistory chat, ChatPrompt prompt, List<Retention> retentions) {
            return new Fitting(chat, prompt, Optional.empty(), retentions, new Truncation(0, 0, 0, true));
        }

        /** Returns the number of positions in the prompt. */
        public int length() {
            return prompt.ids().length;
        }
    }

    public Window {
        if (!(seconds > 0)) throw new IllegalArgumentException("window: expected more than 0 seconds, got " + seconds);
        if (turns < 1) throw new IllegalArgumentException("window: expected 1 turn or more, got " + turns);
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("window: expected 0 to 1, got " + share);
        if (truncation == TruncationStrategy.OFF && seconds != UNBOUNDED) {
            throw new IllegalArgumentException(
                    "window: expected a truncation after " + seconds + " s of sound, got truncation off");
        }
    }

    /** Creates a window without a limit on turns. */
    public Window(TruncationStrategy truncation, double seconds) {
        this(truncation, seconds, ALL_TURNS, HALF);
    }

    /**
     * Returns the window that a model's checkpoint recommends. The maximum number of turns is the number for which the
     * model was trained, or is limited only by the context if that number is unknown.
     */
    public static Window of(SpokenModel model) {
        return DEFAULT.ofTurns(model.trainedTurns().orElse(ALL_TURNS));
    }

    /** Returns a copy with a maximum number of turns, or this window if it drops nothing. */
    public Window ofTurns(int max) {
        return truncation == TruncationStrategy.OFF ? this : new Window(truncation, seconds, max, share);
    }

    /** Returns a copy with another share of the context. */
    public Window ofShare(double other) {
        return new Window(truncation, seconds, turns, other);
    }

    /**
     * Fits a chat history into a model's context by dropping its oldest turns first.
     *
     * @param older turns that may be dropped, in groups that are retained or dropped together; a group may be empty
     * @param latest the question with the turns that are always retained
     * @param config the configuration of the reply
     * @throws IllegalArgumentException if the model cannot encode a question
     */
    public Fitting fit(ChatMeasure model, List<List<ChatTurn>> older, ChatHistory latest, GenerationConfig config) {
        int context = model.contextLength();
        List<Retention> all = Collections.nCopies(older.size(), Retention.FULL);
        ChatHistory whole = chat(model, older, latest, all);
        ChatPrompt prompt = model.prompt(whole);
        int length = prompt.ids().length;
        int max = length > maxPrompt(config.limits(), context) ? leftPrompt(config.limits(), context) : context;
        List<Retention> retentions = retain(
                older.size(),
                tried -> (tried.equals(all)
                                        ? length
                                        : model.prompt(chat(model, older, latest, tried))
                                                .ids()
                                                .length)
                                <= max
                        && seconds(model, older, tried) <= seconds);
        if (retentions.equals(all)) return Fitting.complete(whole, prompt, all);
        ChatHistory left = chat(model, older, latest, retentions);
        ChatPrompt leftPrompt = model.prompt(left);
        int leftLength = leftPrompt.ids().length;
        // Keys and values that were copied or omitted cannot be cut, so such a chat is prefilled again. Its keys and
        // values are then exact.
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
                left,
                leftPrompt,
                approximate ? Optional.of(prompt) : Optional.empty(),
                retentions,
                new Truncation(turns, silenced, length - leftLength, exact));
    }

    /** Returns the retained part of a chat history. */
    private static ChatHistory chat(
            ChatMeasure model, List<List<ChatTurn>> older, ChatHistory latest, List<Retention> retentions) {
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
        earlier.addAll(latest.earlier());
        return new ChatHistory(latest.instructions(), latest.tools(), earlier, latest.question());
    }

    /** Returns the duration of the audio in the retained groups, except the last group. */
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

    /**
     * Returns the maximum number of positions in a prompt that leaves room for the reply's limit or for a quarter of
     * the context.
     */
    public static int maxPrompt(Limits limits, int contextLength) {
        return contextLength - Math.min(limits.newTokens(), contextLength / REPLY_PART);
    }

    /** Returns the maximum number of positions in a prompt after a truncation. */
    public int leftPrompt(Limits limits, int contextLength) {
        return (int) Math.min(maxPrompt(limits, contextLength), share * contextLength);
    }

    /**
     * Returns the retained part of each group of older turns. The number of dropped groups is the minimum required by
     * the maximum number of turns and the context. All groups are dropped if the conversation does not fit even then.
     *
     * @param older the number of groups before the question
     * @param fits a predicate that tests whether the conversation fits with the given retained parts
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
