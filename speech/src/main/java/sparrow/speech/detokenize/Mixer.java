package sparrow.speech.detokenize;

import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;

/** The part of a layer that moves values between positions. */
sealed interface Mixer permits ShortConvolution, WindowAttention {
    /** A sequence without positions. */
    Sequence start();

    /** A sequence that positions are appended to; it keeps what later ones see. */
    interface Sequence {
        /**
         * The next positions.
         *
         * @param x [rows, width], already normed, without gaps
         * @return [rows, width], taken from the workspace
         */
        Block mix(Block x, Workspace workspace);
    }
}
