package sparrow.app.sessionbench;

import java.util.Locale;
import sparrow.engine.decode.Alignment;
import sparrow.engine.exit.ExitPolicy;

/** Replies that are decoded together in one way. */
record Variant(int sessions, ExitPolicy policy, Alignment alignment) {
    @Override
    public String toString() {
        return sessions + " of " + policy + ", " + alignment.name().toLowerCase(Locale.ROOT);
    }
}
