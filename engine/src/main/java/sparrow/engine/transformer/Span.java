package sparrow.engine.transformer;

import java.util.List;

/**
 * A range of consecutive positions of a sequence.
 *
 * @param first first position, counted from 0
 * @param end position after the range
 */
public record Span(int first, int end) {
    public Span {
        if (first < 0 || end <= first) {
            throw new IllegalArgumentException(
                    "span: expected a first position of 0 or more and a later end, got " + first + " and " + end);
        }
    }

    /** Returns the number of positions. */
    public int length() {
        return end - first;
    }

    /** Returns the total number of positions in the given spans. */
    public static int length(List<Span> spans) {
        return spans.stream().mapToInt(Span::length).sum();
    }

    /** Returns the parts of the given spans that precede a position. */
    public static List<Span> within(List<Span> spans, int position) {
        return spans.stream()
                .filter(span -> span.first < position)
                .map(span -> new Span(span.first, Math.min(span.end, position)))
                .toList();
    }

    /**
     * Checks that the given spans are ascending, do not overlap and end at or before {@code positions}.
     *
     * @throws IllegalArgumentException if the spans do not meet these conditions
     */
    public static void check(List<Span> spans, int positions) {
        int from = 0;
        for (Span span : spans) {
            if (span.first < from || span.end > positions) {
                throw new IllegalArgumentException("span: expected a range from position " + from
                        + " or later to at most " + positions + ", got " + span.first + " to " + span.end);
            }
            from = span.end;
        }
    }
}
