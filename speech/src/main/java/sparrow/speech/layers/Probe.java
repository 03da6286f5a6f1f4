package sparrow.speech.layers;

import sparrow.tensor.kernel.Block;

/**
 * Receives activations inside a network, identified by the names of the official modules. Probes are intended for
 * tests.
 */
public interface Probe {
    /** A probe that does nothing. */
    Probe NONE = (name, x) -> {};

    /**
     * Receives an activation of the first sequence, [rows, channels]. The activation must not be stored or modified.
     */
    void see(String name, Block x);
}
