package sparrow.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Span;

/**
 * Where the turns of a conversation lie in its token list, and which tokens are left of them when something is forgotten.
 */
final class PastTurns {
    private final TokenSpace tokens;
    private final double codesPerSecond;
    private final List<Past> turns = new ArrayList<>();

    /** Tokens of the system turn. */
    private int system;

    /**
     * A turn.
     *
     * @param lead tokens in front of it that end the turn before, and go where that goes
     * @param first token of the question, behind the lead
     * @param reply first token of the reply
     * @param end behind its last token
     * @param questionSeconds sound of the question
     */
    private record Past(int lead, int first, int reply, int end, double questionSeconds) {}

    PastTurns(TokenSpace tokens, double codesPerSecond) {
        this.tokens = tokens;
        this.codesPerSecond = codesPerSecond;
    }

    int count() {
        return turns.size();
    }

    /** Tokens of all turns. */
    int end() {
        return turns.isEmpty() ? 0 : turns.getLast().end();
    }

    /** Whether no turn is left. */
    boolean isForgotten(List<Window.Retention> retentions) {
        return retentions.stream().allMatch(Window.Retention.DROP::equals);
    }

    /**
     * A turn that was answered.
     *
     * @param prompt as it was appended
     * @param first the same question's prompt in front of a conversation
     * @param end tokens of the list with the reply
     */
    void add(Prompt prompt, Prompt first, int end) {
        int before = end();
        int reply = before + prompt.tokens().length;
        if (turns.isEmpty()) {
            system = prompt.shared();
            turns.add(new Past(0, system, reply, end, prompt.questionSeconds()));
        } else {
            // A system turn may end like any other: what is common ends behind it.
            int[] alone = Arrays.copyOfRange(first.tokens(), first.shared(), first.tokens().length);
            int lead = prompt.tokens().length - commonEnd(prompt.tokens(), alone);
            turns.add(new Past(lead, before + lead, reply, end, prompt.questionSeconds()));
        }
    }

    private static int commonEnd(int[] a, int[] b) {
        int common = 0;
        while (common < Math.min(a.length, b.length) && a[a.length - 1 - common] == b[b.length - 1 - common]) common++;
        return common;
    }

    /** What is left of a token list. */
    List<Span> spans(int[] list, List<Window.Retention> retentions) {
        List<Span> spans = new ArrayList<>();
        add(spans, 0, system);
        for (int i = 0; i < turns.size(); i++) {
            Past turn = turns.get(i);
            boolean follows = i > 0 && retentions.get(i - 1) != Window.Retention.DROP;
            int first = follows ? turn.first - turn.lead : turn.first;
            switch (retentions.get(i)) {
                case FULL -> add(spans, first, turn.end);
                case TEXT -> {
                    add(spans, first, turn.reply);
                    for (int at = turn.reply; at < turn.end; at++)
                        if (!tokens.isSpeech(list[at])) add(spans, at, at + 1);
                }
                case DROP -> {}
            }
        }
        return spans;
    }

    /** Neighbours become one. */
    private static void add(List<Span> spans, int first, int end) {
        if (first == end) return;
        boolean joins = !spans.isEmpty() && spans.getLast().end() == first;
        spans.add(joins ? new Span(spans.removeLast().first(), end) : new Span(first, end));
    }

    /** Seconds of sound in what is left of the earlier turns, but for the last one. */
    double seconds(int[] list, List<Window.Retention> retentions) {
        double seconds = 0;
        for (int i = 0; i < turns.size() - 1; i++) {
            Past turn = turns.get(i);
            if (retentions.get(i) == Window.Retention.DROP) continue;
            seconds += turn.questionSeconds;
            if (retentions.get(i) == Window.Retention.TEXT) continue;
            for (int at = turn.reply; at < turn.end; at++) {
                if (tokens.code(list[at]).isPresent()) seconds += 1 / codesPerSecond;
            }
        }
        return seconds;
    }

    /** Replies of which sound is still there, and would be gone. */
    int silenced(int[] list, List<Window.Retention> retentions) {
        return (int) IntStream.range(0, turns.size())
                .filter(i -> retentions.get(i) == Window.Retention.TEXT)
                .filter(i -> Arrays.stream(list, turns.get(i).reply, turns.get(i).end)
                        .anyMatch(tokens::isSpeech))
                .count();
    }

    /** The turns where they lie in what is left. */
    void keep(List<Window.Retention> retentions, List<Span> spans) {
        List<Past> before = List.copyOf(turns);
        turns.clear();
        for (int i = 0; i < before.size(); i++) {
            if (retentions.get(i) == Window.Retention.DROP) continue;
            Past turn = before.get(i);
            turns.add(new Past(
                    turns.isEmpty() ? 0 : turn.lead,
                    place(spans, turn.first),
                    place(spans, turn.reply),
                    place(spans, turn.end),
                    turn.questionSeconds));
        }
    }

    /** Kept tokens in front of one. */
    private static int place(List<Span> spans, int token) {
        return spans.stream()
                .mapToInt(span -> Math.clamp(token - span.first(), 0, span.length()))
                .sum();
    }
}
