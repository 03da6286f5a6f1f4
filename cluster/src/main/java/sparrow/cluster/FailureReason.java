package sparrow.cluster;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extracts the relevant line from Spark's failure messages, which contain stack traces from two machines. */
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
     * Returns the reason for the loss of a task.
     *
     * @param failure failure of a Spark job that consists of the lost task only
     * @throws IllegalArgumentException if all executors would fail in the same way because their JDK is too old or they
     *     lack Sparrow's jars; the message is one line
     */
    static String ofLost(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher last = LAST.matcher(message);
        if (!last.find()) return line(message);
        String worker = "worker " + last.group(1);
        String reason =
                line(EXECUTOR_LOST.matcher(message.substring(last.end())).replaceFirst("its executor was lost: "));
        Matcher old = OLD_JAVA.matcher(reason);
        if (old.find()) {
            throw new IllegalArgumentException(worker + ": expected JDK "
                    + Runtime.version().feature() + " or newer, found JDK "
                    + (Integer.parseInt(old.group(1)) - CLASS_FILES_OF_JDK_0)
                    + "; set spark.executorEnv.JAVA_HOME to a newer one on its machine");
        }
        if (UNUSABLE.matcher(reason).lookingAt()) {
            throw new IllegalArgumentException(
                    worker + " does not have the jars of this build: expected those of sparrow jars --workers ("
                            + reason + ")");
        }
        return worker + ": " + reason;
    }

    /** Returns the first line of the text, without its full stop. */
    static String line(String text) {
        return text.strip()
                .lines()
                .findFirst()
                .orElse("no reason given")
                .strip()
                .replaceFirst("\\.$", "");
    }
}
