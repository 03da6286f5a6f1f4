package sparrow.speech.detokenize;

import sparrow.speech.layers.Workspace;
import sparrow.tensor.kernel.Block;

/** The part of a layer that mixes positions. */
sealed interface Mixer permits ShortConvolution, WindowAttention {
    /** Begins a sequence. */
    Sequence start();

    /** A sequence to which positions are appended; it stores the rows that later positions need. */
    interface Sequence {
        /**
         * Appends the next positions.
         *
         * @param x [rows, width], normalised, without gaps
         * @return [rows, width], taken from the workspace
         */
        Block mix(Block x, Workspace workspace);
    }
}
