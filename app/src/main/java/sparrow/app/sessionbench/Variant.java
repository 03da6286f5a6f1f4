package sparrow.app.sessionbench;

import sparrow.engine.exit.ExitPolicy;

/** Replies that are decoded together in one way. */
record Variant(int sessions, ExitPolicy policy) {
    @Override
    public String toString() {
        return sessions + " of " + policy;
    }
}
