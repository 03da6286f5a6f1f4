package sparrow.engine.decode;

/** Hears the steps of a reply, on the deciding thread: what takes long belongs on another one. */
@FunctionalInterface
public interface StepListener {
    /** Ignores them. */
    StepListener NONE = step -> {};

    /** A token was decided. */
    void accept(Step step);
}
