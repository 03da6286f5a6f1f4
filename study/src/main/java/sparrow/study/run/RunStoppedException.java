package sparrow.study.run;

import java.io.InterruptedIOException;

/** The thread of a run was interrupted. What was found until then is kept. */
public final class RunStoppedException extends InterruptedIOException {
    private static final long serialVersionUID = 1;

    /** With what a person is told. */
    public RunStoppedException() {
        super("stopped by you; the same command goes on from here");
    }
}
