package sparrow.server.audio;

/** A wire format of sound, with the name that clients use for it. */
public sealed interface AudioFormat permits RealtimeFormat, ChatFormat {
    /** Returns the format's name in requests. */
    String wireName();

    /**
     * Creates an encoder for one reply.
     *
     * @param rateHz the sample rate of its input: the model's own
     * @throws IllegalArgumentException if the sample rate is invalid
     */
    AudioEncoder encoder(int rateHz);
}
