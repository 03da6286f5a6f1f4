package sparrow.engine.decode;

/** Is told the steps of a reply, on the thread that decides them: what takes long belongs on another one. */
@FunctionalInterface
public interface StepListener {
    /** Ignores them. */
    StepListener NONE = step -> {};

    /** A token was decided. */
    void accept(Step step);
}
