package sparrow.engine.exit;

import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses and writes the notation of policies and plans. A policy is NAME:LAYER; a confidence policy also has an entropy
 * threshold, and may have several layers; a draft policy also has a number of drafts, and may have an entropy
 * threshold. A plan consists of one or two policies, followed by the options that differ from the defaults.
 */
final class PolicyNotation {
    private static final Pattern NOTATION = Pattern.compile(
            "(?<name>[A-Za-z]{1,80}):(?<layers>\\d{1,4}(?:,\\d{1,4})*+)(?::(?<rest>[0-9.:eE-]{1,64}))?");

    private static final Pattern PLAN = Pattern.compile("(?<policies>[^+]*)(?:\\+(?<kv>copy|omit))?"
            + "(?:\\+(?<verification>measure|verify))?(?<rows>\\+speech-rows)?");

    private static final Pattern POLICIES =
            Pattern.compile("text=(?<text>[^=]+?)(?:,speech=(?<speech>[^=]+))?|(?:speech=)?(?<alone>[^=]+)");

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
            case "speculate" -> new Speculation.DraftHeadPolicy(layers[0]);
            case "fixed" -> new ExitPolicy.Fixed(layers[0]);
            case "even" -> new ExitPolicy.Periodic("FE", layers[0]);
            case "odd" -> new ExitPolicy.Periodic("EF", layers[0]);
            case "triple" -> new ExitPolicy.Periodic("FEE", layers[0]);
            case String pattern when pattern.matches("[FE]+") -> new ExitPolicy.Periodic(pattern, layers[0]);
            default -> throw notAPolicy(text);
        };
    }

    static ExitPlan plan(String text) {
        Matcher parts = PLAN.matcher(text);
        if (!parts.matches()) throw notAPlan(text);
        Matcher policies = POLICIES.matcher(parts.group("policies"));
        if (!policies.matches()) throw notAPlan(text);
        String speech = policies.group("alone") != null ? policies.group("alone") : policies.group("speech");
        SkippedKv skippedKv = switch (parts.group("kv")) {
            case null -> SkippedKv.FILL;
            case "copy" -> SkippedKv.COPY;
            default -> SkippedKv.OMIT;
        };
        ExitPlan plan = new ExitPlan(policy(policies.group("text")), policy(speech), skippedKv);
        if (parts.group("verification") != null) {
            plan = plan.with(parts.group("verification").equals("verify") ? Verification.EXACT : Verification.MEASURE);
        }
        return parts.group("rows") == null ? plan : plan.with(SpeechLogits.SPEECH);
    }

    private static DepthPolicy policy(String notation) {
        return notation == null ? new ExitPolicy.None() : parse(notation);
    }

    static String text(ExitPlan plan) {
        boolean fullText = plan.text() instanceof ExitPolicy.None;
        boolean fullSpeech = plan.speech() instanceof ExitPolicy.None;
        StringBuilder text = new StringBuilder();
        if (!fullText) text.append("text=").append(plan.text());
        if (!fullText && !fullSpeech) text.append(",speech=");
        if (fullText || !fullSpeech) text.append(plan.speech());
        if (plan.skippedKv() != SkippedKv.FILL) text.append('+').append(plan.skippedKv());
        if (plan.verification() == Verification.MEASURE) text.append("+measure");
        // A plan that speculates always verifies, so the option is omitted.
        if (plan.verification() == Verification.EXACT && !plan.speculates()) text.append("+verify");
        if (plan.speechLogits() == SpeechLogits.SPEECH) text.append("+speech-rows");
        return text.toString();
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

    /** Parses {@code LAYER:N} or {@code LAYER:N:NATS}. */
    private static DepthPolicy draft(String text, int[] layers, String rest) {
        if (layers.length > 1 || rest == null) throw notAPolicy(text);
        int colon = rest.indexOf(':');
        try {
            int maxDrafts = Integer.parseInt(colon < 0 ? rest : rest.substring(0, colon));
            double nats = colon < 0 ? Double.POSITIVE_INFINITY : Double.parseDouble(rest.substring(colon + 1));
            return new Speculation.SelfDraft(layers[0], maxDrafts, nats);
        } catch (NumberFormatException e) {
            throw notAPolicy(text);
        }
    }

    private static IllegalArgumentException notAPolicy(String text) {
        return new IllegalArgumentException("exit policy: expected none, fixed:LAYER, conf:LAYER[,LAYER...]:NATS,"
                + " even:LAYER, odd:LAYER, triple:LAYER, a pattern such as FEEF:LAYER, draft:LAYER:N[:NATS] or speculate:N, got \""
                + text + "\"");
    }

    private static IllegalArgumentException notAPlan(String text) {
        return new IllegalArgumentException(
                "exit: expected POLICY (for speech), text=POLICY or text=POLICY,speech=POLICY, optionally"
                        + " followed by +copy or +omit, +measure or +verify, +speech-rows, in this order, got \"" + text
                        + "\"");
    }
}
