package sparrow.server.realtime;

/**
 * How the server finds out when the user speaks: {@code server_vad}.
 *
 * @param threshold probability from which a frame is speech, 0 to 1
 * @param prefixPaddingMs sound in front of the speech that belongs to it
 * @param silenceDurationMs silence that ends a turn
 * @param createResponse whether the end of a turn creates a response
 * @param interruptResponse whether the beginning of a turn cancels the response under way
 */
record TurnDetection(
        double threshold,
        int prefixPaddingMs,
        int silenceDurationMs,
        boolean createResponse,
        boolean interruptResponse) {
    /** The protocol's own. */
    static final TurnDetection DEFAULT = new TurnDetection(0.5, 300, 500, true, true);
}
