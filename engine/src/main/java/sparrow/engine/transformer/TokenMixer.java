package sparrow.engine.transformer;

import java.util.List;

/**
 * The part of a layer that depends on the earlier positions of a sequence; all other parts process each position
 * independently. For later positions, a layer stores a row for each position in a {@link KvMemory}: the key and value
 * of attention, or the input of a convolution.
 */
public sealed interface TokenMixer permits SelfAttention, ShortConvolution {
    /** All linear layers. */
    List<Linear> linears();

    /** Number of parameters outside the linear layers. */
    long otherParameters();

    /** The linear layers that compute the stored row of a position. */
    List<Linear> cacheProjections();
}
