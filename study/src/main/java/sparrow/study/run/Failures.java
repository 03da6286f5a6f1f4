package sparrow.study.run;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import sparrow.formats.Printable;

/** Unwraps exceptions thrown by other threads, and formats the reasons of failures as one line. */
public final class Failures {
    private Failures() {}

    /** Returns the cause if it is an {@link IOException}, and throws it if it is unchecked. */
    public static IOException of(ExecutionException failure) {
        return switch (failure.getCause()) {
            case IOException cause -> cause;
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            default -> new IOException(failure.getCause());
        };
    }

    /** Returns the reason for a failure as one line. */
    public static String reason(Exception failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return Printable.line(message.replaceAll("\\s+", " "));
    }
}
