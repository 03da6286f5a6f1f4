package sparrow.engine.transformer;

import java.util.List;

/**
 * Positions of a sequence that lie side by side.
 *
 * @param first position, from 0
 * @param end the position after the last one
 */
public record Span(int first, int end) {
    public Span {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException(
                    "span: expected a first position of 0 or more and a later end, got " + first + " and " + end);
        }
    }

    /** Positions of it. */
    public int length() {
        return end - first;
    }

    /** Positions of all of them. */
    public static int length(List<Span> spans) {
        return spans.stream().mapToInt(Span::length).sum();
    }

    /** The parts of spans before a position. */
    public static List<Span> within(List<Span> spans, int position) {
        return spans.stream()
                .filter(span -> span.first < position)
                .map(span -> new Span(span.first, Math.min(span.end, position)))
                .toList();
    }

    /**
     * Checks that spans are ascending and within a number of positions.
     *
     * @throws IllegalArgumentException if they do not
     */
    public static void check(List<Span> spans, int positions) {
        int from = 0;
        for (Span span : spans) {
            if (span.first < from || span.end > positions) {
                throw new IllegalArgumentException("span: expected one behind position " + from + " and within the "
                        + positions + " of the sequence, got " + span.first + " to " + span.end);
            }
            from = span.end;
        }
    }
}
