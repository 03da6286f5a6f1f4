package sparrow.study.run;

import java.io.InterruptedIOException;

/** The thread of a run was interrupted. Results until then are kept. */
public final class RunStoppedException extends InterruptedIOException {
    private static final long serialVersionUID = 1;

    /** With the message for the user. */
    public RunStoppedException() {
        super("stopped by you; the same command resumes it");
    }
}
