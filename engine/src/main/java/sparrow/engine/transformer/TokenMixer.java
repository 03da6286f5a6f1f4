package sparrow.engine.transformer;

import java.util.List;

/**
 * The part of a layer in which a position sees earlier ones of its sequence; all other parts look at each position alone. A layer
 * keeps a row of each position for those to come, in the slots of a {@link KvMemory}: key and value of an attention, the input of a
 * convolution.
 */
public sealed interface TokenMixer permits SelfAttention, ShortConvolution {
    /** All linear layers. */
    List<Linear> linears();

    /** Numbers beside those of the linear layers. */
    long otherParameters();

    /** The linear layers that make the row that is kept of a position. */
    List<Linear> kept();
}
