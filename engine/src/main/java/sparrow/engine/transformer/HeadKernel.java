package sparrow.engine.transformer;

import java.util.List;

/**
 * Computes logits from hidden states on the device that runs the layers ({@link LayerStack#newHeadKernel}). A kernel
 * reuses its working memory, so each thread requires its own kernel.
 */
public interface HeadKernel {
    /**
     * Computes the logits of several positions. The weights are read once for all positions.
     *
     * @return the logits for each state, valid until the kernel is used again
     */
    List<Logits> logits(HeadWeights weights, List<HiddenState> states);

    /**
     * Computes the states after the translator and the norm, each [width]. These states are the inputs of the output
     * matrix. This method is intended for diagnostics.
     */
    List<float[]> inputs(HeadWeights weights, List<HiddenState> states);
}
