package sparrow.server.realtime;

import java.util.Locale;

/** The reason for which a response was stopped. */
enum CancelReason {
    /** The user began to speak. */
    TURN_DETECTED,
    /** The client wants it. */
    CLIENT_CANCELLED,
    /** The client is gone, and never hears of it. */
    DISCONNECTED;

    /** The protocol's name of it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
