package sparrow.train.harvest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The part of the last layer's distribution that a store keeps: the target that heads are trained towards. */
public sealed interface Targets {
    /** The last layer's hidden state, of which the model's own head makes the whole distribution again. */
    record Exact() implements Targets {
        @Override
        public String toString() {
            return "exact";
        }
    }

    /**
     * The likeliest tokens, and what all others have together.
     *
     * @param k tokens that are kept
     */
    record Top(int k) implements Targets {
        public Top {
            if (k < 1) throw new IllegalArgumentException("targets: expected 1 token or more, got topk:" + k);
        }

        @Override
        public String toString() {
            return "topk:" + k;
        }
    }

    /**
     * Reads {@code exact} or {@code topk:K}.
     *
     * @throws IllegalArgumentException in one line if it is neither
     */
    static Targets parse(String text) {
        if (text.equals("exact")) return new Exact();
        Matcher top = Pattern.compile("topk:(\\d{1,6})").matcher(text);
        if (top.matches()) return new Top(Integer.parseInt(top.group(1)));
        throw new IllegalArgumentException("targets: expected exact or topk:K, got \"" + text + "\"");
    }
}
