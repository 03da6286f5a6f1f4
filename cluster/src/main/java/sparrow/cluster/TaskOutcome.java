package sparrow.cluster;

/** What became of a task. */
public sealed interface TaskOutcome {
    /** Which task; what {@link SparkJobs.Task} was given. */
    int number();

    /** Its result is there. */
    record Done(int number, byte[] result) implements TaskOutcome {}

    /**
     * An executor refused to work for this run; others would, too.
     *
     * @param reason one line, that of {@link TaskAnswer.Refused} or one about jars and JDK
     */
    record Refused(int number, String reason) implements TaskOutcome {}

    /**
     * It failed, or its JVM died, three times.
     *
     * @param reason of the last time, one line
     */
    record Lost(int number, String reason) implements TaskOutcome {}
}
