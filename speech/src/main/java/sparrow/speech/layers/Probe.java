package sparrow.speech.layers;

import sparrow.tensor.kernel.Block;

/** Sees activations inside a network, by the names of the official modules; for tests. */
public interface Probe {
    /** Sees nothing. */
    Probe NONE = (name, x) -> {};

    /** An activation [rows, channels] of the (first) sequence; may not be kept or changed. */
    void see(String name, Block x);
}
