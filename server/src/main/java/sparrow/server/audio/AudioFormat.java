package sparrow.server.audio;

/** A format of sound on the wire, by the name that clients use for it. */
public sealed interface AudioFormat permits RealtimeFormat, ChatFormat {
    /** Its name in requests. */
    String wireName();

    /**
     * An encoder at the beginning of a reply.
     *
     * @param rateHz the rate of the samples that it will take: the model's own
     * @throws IllegalArgumentException if that is no sample rate
     */
    AudioEncoder encoder(int rateHz);
}
