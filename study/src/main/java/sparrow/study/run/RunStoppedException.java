package sparrow.study.run;

import java.io.InterruptedIOException;

/** Thrown if the thread of a run is interrupted. Earlier results are stored. */
public final class RunStoppedException extends InterruptedIOException {
    private static final long serialVersionUID = 1;

    /** Creates an exception with the message for the user. */
    public RunStoppedException() {
        super("stopped by the user; the same command resumes it");
    }
}
