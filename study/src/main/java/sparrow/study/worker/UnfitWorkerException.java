package sparrow.study.worker;

/** This process cannot work for a run: it is of another build or arithmetic, or has another model, or none. In one line. */
public final class UnfitWorkerException extends Exception {
    private static final long serialVersionUID = 1;

    UnfitWorkerException(String message) {
        super(message);
    }
}
