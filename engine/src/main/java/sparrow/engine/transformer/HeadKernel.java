package sparrow.engine.transformer;

import java.util.List;

/**
 * Computes logits from hidden states on the device that computes the layers ({@link LayerStack#newHeadKernel}). Reuses its working
 * memory. For one thread at a time; each thread makes its own.
 */
public interface HeadKernel {
    /**
     * Logits of several positions. The weights are read once for all of them.
     *
     * @return one for each state, valid until the kernel is used again
     */
    List<Logits> logits(HeadWeights weights, List<HiddenState> states);

    /** The inputs of the output matrix: the states after translator and norm, each [width]. For diagnostics. */
    List<float[]> inputs(HeadWeights weights, List<HiddenState> states);
}
