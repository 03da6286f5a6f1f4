package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.KvFormat;

/**
 * The layers of one model, where they are computed: on the threads of this machine, or on a device that has memory of its
 * own. {@link Transformer} decides which rows run in which layers, and hands over the pass as a whole.
 *
 * <p><b>Waiting.</b> {@link #run}, {@link #keysAndValues}, {@link HeadKernel#scores} and the methods that change a {@link HiddenState} or a
 * {@link KvMemory} may return before they are done. A stack keeps to the order of the calls. Only a call that reads numbers
 * waits: {@link HiddenState#read}, {@link HeadKernel#inputs}, every method of {@link Scores} but
 * {@link Scores#tokens}, {@link KvMemory#key} and {@link KvMemory#value}. A step of a reply is one wait, that of its choice,
 * however many layers it runs.
 *
 * <p>States, memories and scorers are good for the stack that made them. Safe for several threads, but passes ({@link #run},
 * {@link #keysAndValues}) come one at a time.
 */
public interface LayerStack extends AutoCloseable {
    /** The name in reports of layers that this machine's threads compute. */
    String CPU = "cpu";

    /**
     * A state with these values.
     *
     * @param values [width]; they belong to the state from now on
     */
    HiddenState state(float[] values);

    /** Empty memory for keys and values of a sequence. */
    KvMemory newMemory();

    /** A kernel that computes logits of states; for one thread. */
    HeadKernel newHeadKernel();

    /**
     * Carries rows through layers: writes over their states, and appends their keys and values, or inputs of convolutions, which
     * lie in the next free slots. Within a layer a row sees the slots of its sequence before its own, rows of this pass included.
     * If it throws, the states are as they were; the caller removes the rows that it appended.
     *
     * @param rows those of one sequence in their order
     * @param first layer, from 1
     * @param last layer, {@code first} or later
     */
    void run(List<? extends Row> rows, int first, int last);

    /**
     * Appends the rows that a layer would keep of states for later positions, and nothing else: the states stay.
     *
     * @param rows those of one sequence in their order
     * @param layer from 1
     */
    void keysAndValues(List<? extends Row> rows, int layer);

    /**
     * A copy that stores keys and values in another format.
     *
     * @throws IllegalArgumentException if they cannot
     */
    LayerStack withKvFormat(KvFormat format);

    /** The place where the layers are computed, for reports: {@value #CPU}, or the name of a device. */
    default String describe() {
        return CPU;
    }

    /** Gives back the memory of a device; nothing may be asked of the stack afterwards. */
    @Override
    void close();
}
