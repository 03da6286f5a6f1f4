package sparrow.models.pool;

import sparrow.engine.decode.Alignment;

/** What replies that are decoded together do with their exits. */
public enum PoolAlignment {
    /** Each follows its own schedule: its tokens do not depend on its neighbours. */
    STRICT,
    /** A pass has one depth ({@link Alignment#PASS}): replies depend on their neighbours. */
    PASS,
    /**
     * The same, and a reply that is far enough ahead of its playback waits until its interleave cycle meets the others', so
     * that their text, which is always full, falls together.
     */
    COHORT;

    Alignment ofPass() {
        return switch (this) {
            case STRICT -> Alignment.STRICT;
            case PASS, COHORT -> Alignment.PASS;
        };
    }
}
