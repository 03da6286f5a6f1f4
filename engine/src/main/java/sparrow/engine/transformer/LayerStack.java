package sparrow.engine.transformer;

import java.util.List;
import sparrow.tensor.kernel.KvFormat;

/**
 * Runs one model's layers on this machine's threads or on a device with its own memory. {@link Transformer} decides
 * which positions run in which layers and calls the stack once for each range of layers in which the same positions
 * run.
 *
 * <p><b>Asynchronous execution.</b> {@link #run}, {@link #keysAndValues}, {@link HeadKernel#logits} and the methods
 * that change a {@link HiddenState} or a {@link KvMemory} may return before their work is complete. A stack executes
 * calls in order. Only calls that read results wait: {@link HiddenState#read}, {@link HeadKernel#inputs}, every method
 * of {@link Logits} except {@link Logits#tokens}, {@link KvMemory#key} and {@link KvMemory#value}. A decoding step
 * therefore waits only once, when it chooses a token, regardless of how many layers it runs.
 *
 * <p>States, memories and kernels may be used only with the stack that created them. All of these objects are safe for
 * use by multiple threads, but passes ({@link #run}, {@link #keysAndValues}) must not overlap.
 */
public interface LayerStack extends AutoCloseable {
    /** Name used in reports for a stack that runs on this machine's threads. */
    String CPU = "cpu";

    /**
     * Creates a state.
     *
     * @param values values of the state, [width]; the state takes ownership of the array
     */
    HiddenState state(float[] values);

    /** Creates empty memory for a sequence's keys and values. */
    KvMemory newMemory();

    /**
     * Returns a stack for decoding, which shares the weights of this stack and runs the same positions and memories. If
     * possible, its results for a position do not depend on the other positions in a pass. A stack on this machine's
     * threads guarantees this.
     */
    default LayerStack decoding() {
        return this;
    }

    /** Creates a kernel that computes logits, for use by one thread. */
    HeadKernel newHeadKernel();

    /**
     * Runs positions through layers. The pass overwrites the positions' states and appends their keys and values or
     * convolution inputs to the next free slots. Within a layer, a position attends to the earlier slots of its
     * sequence, including slots appended in this pass. If this method throws an exception, the states are unchanged,
     * and the caller removes the appended slots.
     *
     * @param rows positions to run; the positions of each sequence must be in order
     * @param first first layer, counted from 1
     * @param last last layer, at least {@code first}
     */
    void run(List<? extends PassPosition> rows, int first, int last);

    /**
     * Appends the keys and values or convolution inputs that a layer computes from the states. The states do not
     * change.
     *
     * @param rows positions to run; the positions of each sequence must be in order
     * @param layer layer number, counted from 1
     */
    void keysAndValues(List<? extends PassPosition> rows, int layer);

    /**
     * Returns a copy that stores keys and values in a different format.
     *
     * @throws IllegalArgumentException if this stack does not support the format
     */
    LayerStack withKvFormat(KvFormat format);

    /**
     * Returns the name used in reports for the device that runs the layers, or {@value #CPU} for this machine's
     * threads.
     */
    default String describe() {
        return CPU;
    }

    /** Releases the device memory. The stack must not be used afterwards. */
    @Override
    void close();
}
