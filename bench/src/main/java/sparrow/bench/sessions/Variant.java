package sparrow.bench.sessions;

import sparrow.engine.exit.DepthPolicy;

/** Replies that are decoded together in one way. */
record Variant(int sessions, DepthPolicy policy) {
    @Override
    public String toString() {
        return sessions + " of " + policy;
    }
}
