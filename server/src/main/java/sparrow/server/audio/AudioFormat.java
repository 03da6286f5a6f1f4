package sparrow.server.audio;

/** An audio wire format, with the name by which clients request it. */
public sealed interface AudioFormat permits RealtimeFormat, ChatFormat {
    /** Returns the name of the format in requests. */
    String wireName();

    /**
     * Creates an encoder for one reply.
     *
     * @param rateHz the sample rate of the input, which is the model's output rate
     * @throws IllegalArgumentException if the sample rate is invalid
     */
    AudioEncoder encoder(int rateHz);
}
