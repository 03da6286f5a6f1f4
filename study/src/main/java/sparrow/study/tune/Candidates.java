package sparrow.study.tune;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedSet;
import sparrow.engine.exit.ExitPolicy;

/** The policies of a sweep. */
public final class Candidates {
    private Candidates() {}

    /**
     * Every schedule at every layer, and the confidence rule with every threshold.
     *
     * @param schedules {@code even}, {@code odd}, {@code triple}, {@code fixed}, {@code conf}, or patterns such as
     *     {@code FEEF}
     * @param thresholds entropies in nats, for {@code conf}
     * @throws IllegalArgumentException in one line if a schedule is none of these
     */
    public static List<ExitPolicy> of(List<String> schedules, SortedSet<Integer> layers, List<Double> thresholds) {
        SequencedSet<ExitPolicy> policies = new LinkedHashSet<>();
        for (String schedule : schedules) {
            for (int layer : layers) policies.addAll(at(layer, schedule, thresholds));
        }
        return new ArrayList<>(policies);
    }

    private static List<ExitPolicy> at(int layer, String schedule, List<Double> thresholds) {
        if (schedule.equals("conf")) {
            return thresholds.stream()
                    .<ExitPolicy>map(threshold -> new ExitPolicy.Confidence(layer, threshold))
                    .toList();
        }
        if (!schedule.matches("even|odd|triple|fixed|[FE]+")) {
            throw new IllegalArgumentException(
                    "--schedules: expected even, odd, triple, fixed, conf or a pattern such as" + " FEEF, got \""
                            + schedule + "\"");
        }
        return List.of(ExitPolicy.parse(schedule + ":" + layer));
    }
}
