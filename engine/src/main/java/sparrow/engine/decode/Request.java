package sparrow.engine.decode;

/**
 * What one sequence of a batch asks for.
 *
 * @param sequence the conversation so far; holds prompt and reply afterwards
 * @param prompt token ids to append, at least one
 * @param listener hears every step as it is decided
 */
public record Request(Sequence sequence, int[] prompt, StepListener listener) {}
