package sparrow.engine.transformer;

import java.util.List;

/**
 * The part of a layer that depends on earlier positions in a sequence. All other parts process each position
 * independently. For use by later positions, a layer stores a row for each position in a {@link KvMemory}. The row
 * consists of a key and a value, or of a convolution input.
 */
public sealed interface TokenMixer permits SelfAttention, ShortConvolution {
    /** Returns all linear layers of this mixer. */
    List<Linear> linears();

    /** Returns the number of parameters outside the linear layers. */
    long otherParameters();

    /** Returns the linear layers that compute a position's stored row. */
    List<Linear> cacheProjections();
}
