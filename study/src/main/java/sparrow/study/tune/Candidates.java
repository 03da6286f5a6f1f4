package sparrow.study.tune;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedSet;
import java.util.function.Function;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;

/** Creates the exit plans of a sweep. */
public final class Candidates {
    private static final String TEXT = "text=";

    private Candidates() {}

    /**
     * Returns each schedule at each layer, the confidence rule with each threshold, and drafts of each length. These
     * plans apply to speech positions. Drafts of a draft head also apply to text positions, and a schedule after
     * {@code text=} applies to text positions only.
     *
     * @param schedules {@code even}, {@code odd}, {@code triple}, {@code fixed}, {@code conf}, {@code draft},
     *     {@code speculate}, or patterns such as {@code FEEF}; also {@code text=conf} and similar
     * @param thresholds entropies in nats, for {@code conf}
     * @param drafts maximum numbers of consecutive drafts, for {@code draft} and {@code speculate}
     * @param steps number of steps for which the draft head was trained, which limits the drafts of {@code speculate}
     * @throws IllegalArgumentException if a schedule is not supported, or there is no candidate; the message is one
     *     line
     */
    public static List<ExitPlan> of(
            List<String> schedules,
            SortedSet<Integer> layers,
            List<Double> thresholds,
            List<Integer> drafts,
            int steps) {
        SequencedSet<ExitPlan> plans = new LinkedHashSet<>();
        for (String schedule : schedules) {
            if (schedule.equals("speculate")) {
                drafts.stream()
                        .filter(maxDrafts -> maxDrafts <= steps)
                        .map(Speculation.DraftHeadPolicy::new)
                        .forEach(ahead -> plans.addAll(List.of(ExitPlan.speech(ahead), new ExitPlan(ahead, ahead))));
                continue;
            }
            boolean text = schedule.startsWith(TEXT);
            String rule = text ? schedule.substring(TEXT.length()) : schedule;
            Function<DepthPolicy, ExitPlan> plan =
                    text ? policy -> new ExitPlan(policy, new ExitPolicy.None()) : ExitPlan::speech;
            for (int layer : layers) {
                switch (rule) {
                    case "conf" ->
                        thresholds.forEach(nats -> plans.add(plan.apply(new ExitPolicy.Confidence(layer, nats))));
                    case "draft" ->
                        drafts.forEach(maxDrafts -> plans.add(plan.apply(new Speculation.SelfDraft(layer, maxDrafts))));
                    default -> plans.add(plan.apply(pattern(rule, layer)));
                }
            }
        }
        if (plans.isEmpty()) {
            throw new IllegalArgumentException("--schedules: expected one or more candidates, got none of " + schedules
                    + " with layers " + layers + " and drafts " + drafts);
        }
        return new ArrayList<>(plans);
    }

    private static DepthPolicy pattern(String schedule, int layer) {
        if (!schedule.matches("even|odd|triple|fixed|[FE]+")) {
            throw new IllegalArgumentException(
                    "--schedules: expected even, odd, triple, fixed, conf, draft, speculate or a pattern such as FEEF, optionally after text=, got \""
                            + schedule + "\"");
        }
        return DepthPolicy.parse(schedule + ":" + layer);
    }
}
