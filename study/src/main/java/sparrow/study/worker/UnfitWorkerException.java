package sparrow.study.worker;

/**
 * Thrown if this process cannot perform a job because its build, arithmetic or model differs, or its model is missing.
 * The message is one line.
 */
public final class UnfitWorkerException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitWorkerException(String message) {
        super(message);
    }
}
