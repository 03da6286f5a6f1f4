package sparrow.engine.decode;

/**
 * What one sequence of a batch asks for.
 *
 * @param sequence the conversation so far; holds prompt and reply afterwards
 * @param prompt token ids to append, at least one
 * @param forced teacher forcing: ids that the reply continues with whatever the heads choose, first the one after the
 *     prompt; where they end, the reply goes on with its own choices. Empty for a free reply
 * @param listener hears every step as it is decided
 */
public record Request(Sequence sequence, int[] prompt, int[] forced, StepListener listener) {
    /** A free reply. */
    public Request(Sequence sequence, int[] prompt, StepListener listener) {
        this(sequence, prompt, new int[0], listener);
    }
}
