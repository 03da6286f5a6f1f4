package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.KvFormat;

/**
 * Runs the layers of one model: on this machine's threads, or on a device with its own memory. {@link Transformer}
 * decides which positions run in which layers, and calls the
 * stack once for each range of layers in which the same positions run.
 *
 * <p><b>Asynchronous execution.</b> {@link #run}, {@link #keysAndValues}, {@link HeadKernel#logits} and the methods
 * that change a {@link HiddenState} or a {@link KvMemory} may return before their work is complete. A stack executes
 * calls in order. Only a call that reads numbers waits: {@link HiddenState#read}, {@link HeadKernel#inputs}, every
 * method of {@link Logits} except {@link Logits#tokens}, {@link KvMemory#key} and {@link KvMemory#value}. A step of a
 * reply therefore waits once, when it chooses a token, however many layers it runs.
 *
 * <p>States, memories and kernels may be used only with the stack that created them. Safe for several threads, but
 * passes ({@link #run}, {@link #keysAndValues}) must not overlap.
 */
public interface LayerStack extends AutoCloseable {
    /** The name, in reports, of a stack that runs on this machine's threads. */
    String CPU = "cpu";

    /**
     * Creates a state.
     *
     * @param values its values, [width]; the state takes ownership of the array
     */
    HiddenState state(float[] values);

    /** Creates empty memory for the keys and values of a sequence. */
    KvMemory newMemory();

    /** Creates a kernel that computes logits of states; for one thread. */
    HeadKernel newHeadKernel();

    /**
     * Runs positions through layers: overwrites their states, and appends their keys and values, or inputs of
     * convolutions, to the next free slots. Within a layer, a position attends to the earlier slots of its sequence,
     * including those appended in this pass. If this method throws, the states are unchanged, and the caller removes
     * the appended slots.
     *
     * @param rows the positions; those of one sequence in order
     * @param first first layer, from 1
     * @param last last layer, at least {@code first}
     */
    void run(List<? extends PassPosition> rows, int first, int last);

    /**
     * Appends the keys and values, or inputs of convolutions, that a layer computes from the states. The states do not
     * change.
     *
     * @param rows the positions; those of one sequence in order
     * @param layer layer number, from 1
     */
    void keysAndValues(List<? extends PassPosition> rows, int layer);

    /**
     * Returns a copy that stores keys and values in another format.
     *
     * @throws IllegalArgumentException if this stack does not support the format
     */
    LayerStack withKvFormat(KvFormat format);

    /** The name of the device that runs the layers, for reports; {@value #CPU} for this machine's threads. */
    default String describe() {
        return CPU;
    }

    /** Releases the memory of a device. The stack must not be used afterwards. */
    @Override
    void close();
}
