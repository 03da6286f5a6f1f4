package sparrow.study.tune;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedSet;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.exit.Speculation;

/** The policies of a sweep. */
public final class Candidates {
    private Candidates() {}

    /**
     * Every schedule at every layer, the confidence rule with every threshold, and drafts in rows of every length.
     *
     * @param schedules {@code even}, {@code odd}, {@code triple}, {@code fixed}, {@code conf}, {@code draft}, or patterns such as
     *     {@code FEEF}
     * @param thresholds entropies in nats, for {@code conf}
     * @param drafts in a row at most, for {@code draft}
     * @throws IllegalArgumentException in one line if a schedule is none of these
     */
    public static List<DepthPolicy> of(
            List<String> schedules, SortedSet<Integer> layers, List<Double> thresholds, List<Integer> drafts) {
        SequencedSet<DepthPolicy> policies = new LinkedHashSet<>();
        for (String schedule : schedules) {
            for (int layer : layers) {
                switch (schedule) {
                    case "conf" -> thresholds.forEach(nats -> policies.add(new ExitPolicy.Confidence(layer, nats)));
                    case "draft" -> drafts.forEach(most -> policies.add(new Speculation.SelfDraft(layer, most)));
                    default -> policies.add(pattern(schedule, layer));
                }
            }
        }
        return new ArrayList<>(policies);
    }

    private static DepthPolicy pattern(String schedule, int layer) {
        if (!schedule.matches("even|odd|triple|fixed|[FE]+")) {
            throw new IllegalArgumentException(
                    "--schedules: expected even, odd, triple, fixed, conf, draft or a pattern such as FEEF, got \""
                            + schedule + "\"");
        }
        return DepthPolicy.parse(schedule + ":" + layer);
    }
}
