package sparrow.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** What an executor answers to a task. On the wire: a byte that says which, then the result or the line. */
public sealed interface TaskAnswer {
    /** The task's result. */
    record Done(byte[] result) implements TaskAnswer {}

    /**
     * The executor cannot work for this run at all: another version, another arithmetic, no model. It would say so to
     * every task, which is why the task is not tried again.
     *
     * @param reason one line
     */
    record Refused(String reason) implements TaskAnswer {}

    /** As bytes. */
    default byte[] bytes() {
        return switch (this) {
            case Done(byte[] result) -> marked((byte) 0, result);
            case Refused(String reason) -> marked((byte) 1, reason.getBytes(UTF_8));
        };
    }

    /**
     * Reads what {@link #bytes} made.
     *
     * @throws IOException if they were made by nobody of ours
     */
    static TaskAnswer of(byte[] bytes) throws IOException {
        int mark = bytes.length == 0 ? -1 : bytes[0];
        return switch (mark) {
            case 0 -> new Done(rest(bytes));
            case 1 -> new Refused(new String(rest(bytes), UTF_8).replaceAll("\\s*\\R\\s*", " "));
            default ->
                throw new IOException("an executor answered with what is no answer (first byte " + mark
                        + "): expected Sparrow's jars of one build on all machines");
        };
    }

    private static byte[] marked(byte mark, byte[] rest) {
        byte[] bytes = new byte[rest.length + 1];
        bytes[0] = mark;
        System.arraycopy(rest, 0, bytes, 1, rest.length);
        return bytes;
    }

    private static byte[] rest(byte[] bytes) {
        byte[] rest = new byte[bytes.length - 1];
        System.arraycopy(bytes, 1, rest, 0, rest.length);
        return rest;
    }
}
