package sparrow.engine.decode;

/** Is told the steps of a reply, on the thread that decides them: what takes long belongs on another one. */
@FunctionalInterface
public interface StepListener {
    /** Ignores them. */
    StepListener NONE = new StepListener() {
        @Override
        public void accept(Step step) {}

        @Override
        public boolean takeBack(int[] latest) {
            return true;
        }
    };

    /** A token was decided. */
    void accept(Step step);

    /**
     * Whether the latest steps can be taken back, so that a runaway reply is tried again from before them
     * ({@link Guard.Reaction#RETRY}). A listener that has given nothing of them away forgets them and says yes.
     *
     * @param latest tokens of these steps, as the sequence holds them
     */
    default boolean takeBack(int[] latest) {
        return false;
    }
}
