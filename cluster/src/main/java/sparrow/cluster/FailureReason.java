package sparrow.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the one line that matters in what Spark says of a failure, which has stack traces of two machines in it. */
final class FailureReason {
    private static final Pattern LAST = Pattern.compile(
            "most recent failure: Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\((\\S+) executor \\S+\\): ");
    private static final Pattern EXECUTOR_LOST =
            Pattern.compile("ExecutorLostFailure \\(executor \\S+ exited .*?\\) Reason: ");
    private static final Pattern OLD_JAVA =
            Pattern.compile("^java\\.lang\\.UnsupportedClassVersionError.* up to ([0-9]{2,3})\\.");
    private static final int CLASS_FILES_OF_JDK_0 = 44;
    private static final Pattern UNUSABLE = Pattern.compile(
            "java\\.lang\\.(ClassNotFoundException|NoClassDefFoundError)|java\\.io\\.InvalidClassException");

    private FailureReason() {}

    /**
     * What became of a task whose job failed.
     *
     * @param failure Spark's, about a job of one task
     */
    static TaskOutcome outcome(int number, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher last = LAST.matcher(message);
        if (!last.find()) return new TaskOutcome.Lost(number, line(message));
        String host = last.group(1);
        String reason =
                line(EXECUTOR_LOST.matcher(message.substring(last.end())).replaceFirst("its executor was lost: "));
        Matcher old = OLD_JAVA.matcher(reason);
        if (old.find()) {
            return new TaskOutcome.Refused(
                    number,
                    "worker " + host + ": expected JDK " + Runtime.version().feature()
                            + " or newer, found JDK " + (Integer.parseInt(old.group(1)) - CLASS_FILES_OF_JDK_0)
                            + "; spark.executorEnv.JAVA_HOME says where a newer one is on its machine");
        }
        if (UNUSABLE.matcher(reason).lookingAt()) {
            return new TaskOutcome.Refused(
                    number,
                    "worker " + host + " has not the jars of this build: expected those of sparrow jars --workers ("
                            + reason + ")");
        }
        return new TaskOutcome.Lost(number, "worker " + host + ": " + reason);
    }

    /** The first line of a text, without a full stop. */
    static String line(String text) {
        return text.strip()
                .lines()
                .findFirst()
                .orElse("no reason given")
                .strip()
                .replaceFirst("\\.$", "");
    }
}
