package sparrow.server.metrics;

import java.util.Locale;

/** By which wire a reply was asked for. */
public enum Api {
    /** {@code POST /v1/chat/completions}. */
    CHAT,
    /** {@code GET /v1/realtime}. */
    REALTIME,
    /** {@code POST /v1/audio/transcriptions}. */
    TRANSCRIPTIONS,
    /** {@code POST /v1/audio/speech}. */
    SPEECH;

    /** Its name in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
