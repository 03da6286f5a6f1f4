package sparrow.study.run;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.exit.Speculation;
import sparrow.engine.exit.Verification;

/**
 * One exit plan of a study, with the name that it has in the paper: a row of its table. It travels as its name and
 * {@link #policies()}.
 *
 * @param name in the paper, such as G4; empty where it has none
 * @param plan that its replies are decoded by
 */
public record PolicyCase(String name, @JsonIgnore ExitPlan plan) {
    /** The notation, for help texts and refusals. */
    public static final String NOTATION =
            "POLICY (of speech), text=POLICY, speech=POLICY," + " kv=TREATMENT or verify=MODE, joined by +";

    /** The unmodified model, with which the others are compared. */
    public static final PolicyCase NONE = new PolicyCase("", ExitPlan.NONE);

    private static final DepthPolicy FULL_DEPTH = new ExitPolicy.None();

    /**
     * Reads {@code even:36}, {@code text=even:36}, {@code text=conf:36:0.5+speech=even:36}, {@code fixed:38+kv=copy} or {@code
     * even:36+verify=exact}: a case without a name in the paper.
     *
     * @throws IllegalArgumentException in one line if it is none of them, or if its parts do not go together
     */
    public static PolicyCase parse(String notation) {
        Map<String, String> parts = new HashMap<>();
        for (String part : notation.split("\\+", -1)) {
            int equals = part.indexOf('=');
            String key = equals < 0 ? "speech" : part.substring(0, equals);
            if (!List.of("text", "speech", "kv", "verify").contains(key)
                    || parts.put(key, part.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("policies: expected " + NOTATION + ", got \"" + notation + "\"");
            }
        }
        DepthPolicy text = DepthPolicy.parse(parts.getOrDefault("text", "none"));
        DepthPolicy speech = DepthPolicy.parse(parts.getOrDefault("speech", "none"));
        SkippedKv treatment = SkippedKv.parse(parts.getOrDefault("kv", SkippedKv.FILL.toString()));
        ExitPlan plan = new ExitPlan(text, speech, treatment);
        return new PolicyCase(
                "", parts.containsKey("verify") ? plan.with(Verification.parse(parts.get("verify"))) : plan);
    }

    /**
     * A case that has a name.
     *
     * @param policies in the notation of {@link #parse}
     */
    @JsonCreator
    static PolicyCase of(@JsonProperty("name") String name, @JsonProperty("policies") String policies) {
        return new PolicyCase(name, parse(policies).plan());
    }

    /** True if a notation names a verification, and does not leave it to its policies. */
    public static boolean saysVerification(String notation) {
        return ("+" + notation).contains("+verify=");
    }

    /** The plan in the notation that {@link #parse} reads. */
    @JsonProperty("policies")
    public String policies() {
        String text = plan.text().equals(FULL_DEPTH) ? "" : "text=" + plan.text();
        String speech = plan.speech().equals(FULL_DEPTH) && !text.isEmpty()
                ? ""
                : plan.speech().toString();
        if (!text.isEmpty() && !speech.isEmpty()) text += "+speech=";
        String treatment = plan.skippedKv() == SkippedKv.FILL ? "" : "+kv=" + plan.skippedKv();
        boolean itsOwn = plan.equals(new ExitPlan(plan.text(), plan.speech(), plan.skippedKv()));
        return text + speech + treatment + (itsOwn ? "" : "+verify=" + plan.verification());
    }

    /**
     * The case under several treatments of the layers that it skips, if it is one of the baselines without a schedule (fixed,
     * confidence); else itself, because a schedule fills them by definition.
     */
    public List<PolicyCase> treated(List<SkippedKv> treatments) {
        boolean scheduled = Stream.of(plan.text(), plan.speech()).anyMatch(ExitPolicy.Periodic.class::isInstance);
        if (scheduled || plan.equals(ExitPlan.NONE)) return List.of(this);
        return treatments.stream()
                .map(treatment -> new PolicyCase(name, plan.with(treatment)))
                .toList();
    }

    /**
     * The case under several verifications of its early tokens, each once. It keeps its own in place of one that it cannot have: no
     * token is early at full depth, drafts are always verified, a confidence rule cannot be verified, and only filled layers can
     * be asked.
     */
    public List<PolicyCase> verified(List<Verification> verifications) {
        return verifications.stream()
                .map(verification -> suits(verification) ? new PolicyCase(name, plan.with(verification)) : this)
                .distinct()
                .toList();
    }

    private boolean suits(Verification verification) {
        List<DepthPolicy> policies = List.of(plan.text(), plan.speech());
        if (policies.stream().allMatch(FULL_DEPTH::equals)) return false;
        if (policies.stream().anyMatch(Speculation.class::isInstance)) return verification == Verification.EXACT;
        boolean decidesAtOnce = policies.stream().anyMatch(ExitPolicy.Confidence.class::isInstance);
        if (verification == Verification.EXACT && decidesAtOnce) return false;
        return verification == Verification.NONE || plan.skippedKv() == SkippedKv.FILL;
    }

    /** The name of its folder in a run. */
    public String folder() {
        return ItemFiles.name(policies());
    }

    /** For people: its name in the paper and its policies. */
    @Override
    public String toString() {
        return name.isEmpty() ? policies() : name + " " + policies();
    }
}
