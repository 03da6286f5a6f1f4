package sparrow.engine.exit;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notation of depth policies: NAME:LAYER, with an entropy threshold and perhaps further layers for a confidence rule, and
 * with a number and perhaps a threshold for drafts.
 */
final class PolicyNotation {
    private static final Pattern NOTATION = Pattern.compile(
            "(?<name>[A-Za-z]{1,80}):(?<layers>\\d{1,4}(?:,\\d{1,4})*)(?::(?<rest>[0-9.:eE+-]{1,64}))?");

    private PolicyNotation() {}

    static DepthPolicy parse(String text) {
        if (text.equals("none")) return new ExitPolicy.None();
        Matcher parts = NOTATION.matcher(text);
        if (!parts.matches()) throw notAPolicy(text);
        int[] layers = Arrays.stream(parts.group("layers").split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
        if (parts.group("name").equals("conf")) return confidence(text, layers, parts.group("rest"));
        if (parts.group("name").equals("draft")) return draft(text, layers, parts.group("rest"));
        if (parts.group("rest") != null || layers.length > 1) throw notAPolicy(text);
        return switch (parts.group("name")) {
            case "speculate" -> new Speculation.HeadDraft(layers[0]);
            case "fixed" -> new ExitPolicy.Fixed(layers[0]);
            case "even" -> new ExitPolicy.Periodic("FE", layers[0]);
            case "odd" -> new ExitPolicy.Periodic("EF", layers[0]);
            case "triple" -> new ExitPolicy.Periodic("FEE", layers[0]);
            case String pattern when pattern.matches("[FE]+") -> new ExitPolicy.Periodic(pattern, layers[0]);
            default -> throw notAPolicy(text);
        };
    }

    private static DepthPolicy confidence(String text, int[] layers, String nats) {
        SortedSet<Integer> ascending = new TreeSet<>();
        for (int layer : layers) {
            if (!ascending.isEmpty() && layer <= ascending.last()) {
                throw new IllegalArgumentException("exit policy: expected ascending layers, got \"" + text + "\"");
            }
            ascending.add(layer);
        }
        if (nats == null) throw notAPolicy(text);
        try {
            return new ExitPolicy.Confidence(ascending, Double.parseDouble(nats));
        } catch (NumberFormatException e) {
            throw notAPolicy(text);
        }
    }

    /** LAYER:N or LAYER:N:NATS. */
    private static DepthPolicy draft(String text, int[] layers, String rest) {
        if (layers.length > 1 || rest == null) throw notAPolicy(text);
        int colon = rest.indexOf(':');
        try {
            int most = Integer.parseInt(colon < 0 ? rest : rest.substring(0, colon));
            double nats = colon < 0 ? Double.POSITIVE_INFINITY : Double.parseDouble(rest.substring(colon + 1));
            return new Speculation.SelfDraft(layers[0], most, nats);
        } catch (NumberFormatException e) {
            throw notAPolicy(text);
        }
    }

    private static IllegalArgumentException notAPolicy(String text) {
        return new IllegalArgumentException("exit policy: expected none, fixed:LAYER, conf:LAYER[,LAYER...]:NATS,"
                + " even:LAYER, odd:LAYER, triple:LAYER, a pattern such as FEEF:LAYER, draft:LAYER:N[:NATS] or speculate:N, got \""
                + text + "\"");
    }
}
