package sparrow.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Tasks of a few letters. */
final class Tasks {
    private Tasks() {}

    /** Texts, numbered from 0. */
    static SparkJobs.Tasks of(List<String> texts) {
        Iterator<String> rest = texts.iterator();
        int[] number = {0};
        return () -> rest.hasNext()
                ? Optional.of(new SparkJobs.Task(number[0]++, rest.next().getBytes(UTF_8)))
                : Optional.empty();
    }

    /** What becomes of them, in the order of their coming. */
    static List<TaskOutcome> outcomes(Cluster cluster, TaskFunction function, String... texts) throws Exception {
        List<TaskOutcome> outcomes = new ArrayList<>();
        new SparkJobs(cluster).each(function, of(List.of(texts)), outcomes::add);
        return outcomes;
    }

    static String result(TaskOutcome outcome) {
        return new String(((TaskOutcome.Done) outcome).result(), UTF_8);
    }
}
