package sparrow.speech.layers;

import sparrow.engine.kernel.Block;

/** Sees activations on their way, by the names of the official modules: how tests look inside a network. */
public interface Probe {
    /** Looks at nothing. */
    Probe NONE = (name, x) -> {};

    /** An activation [rows, channels] of the (first) sequence; may not be kept or changed. */
    void see(String name, Block x);
}
