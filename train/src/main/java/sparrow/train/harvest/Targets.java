package sparrow.train.harvest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the last layer's distribution that a store contains and against which heads are trained.
 *
 * @param top number of likeliest tokens, stored together with the total probability of all other tokens; 0 for the last
 *     layer's hidden state, from which the model's own head computes the complete distribution
 */
public record Targets(int top) {
    /** The last layer's hidden state. */
    public static final Targets EXACT = new Targets(0);

    public Targets {
        if (top < 0) throw new IllegalArgumentException("targets: expected 1 token or more, got topk:" + top);
    }

    public boolean areExact() {
        return top == 0;
    }

    /**
     * Parses {@code exact} or {@code topk:K}.
     *
     * @throws IllegalArgumentException if the text is neither; the message is one line
     */
    public static Targets parse(String text) {
        if (text.equals("exact")) return EXACT;
        Matcher matcher = Pattern.compile("topk:(\\d{1,6})").matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("targets: expected exact or topk:K, got \"" + text + "\"");
        }
        int top = Integer.parseInt(matcher.group(1));
        if (top == 0) throw new IllegalArgumentException("targets: expected 1 token or more, got " + text);
        return new Targets(top);
    }

    @Override
    public String toString() {
        return areExact() ? "exact" : "topk:" + top;
    }
}
