package sparrow.server.audio;

/** The facts in the first bytes of an Opus packet (RFC 6716, section 3). */
final class OpusPacket {
    /** The longest packet lasts 120 ms. */
    static final int MAX_SAMPLES_48K = 5_760;

    private OpusPacket() {}

    /**
     * The length of a packet, in samples at 48 kHz.
     *
     * @throws IllegalArgumentException if it is empty, without a frame or longer than 120 ms
     */
    static int samples48k(byte[] packet) {
        if (packet.length == 0) throw new IllegalArgumentException("opus: expected packets, found an empty one");
        int frames = frames(packet);
        int samples = frames * frameSamples48k(packet[0] >> 3 & 0x1f);
        if (frames == 0 || samples > MAX_SAMPLES_48K) {
            throw new IllegalArgumentException(
                    "opus: expected packets of 2.5 to 120 ms, found one of " + samples / 48.0 + " ms");
        }
        return samples;
    }

    private static int frames(byte[] packet) {
        return switch (packet[0] & 3) {
            case 0 -> 1;
            case 1, 2 -> 2;
            default -> packet.length > 1 ? packet[1] & 0x3f : 0;
        };
    }

    /** Table 2: twelve configurations of the linear predictor, four hybrid ones, sixteen of the transform. */
    private static int frameSamples48k(int configuration) {
        int place = configuration & 3;
        if (configuration < 12) return place == 3 ? 2_880 : 480 << place; // 10, 20, 40, 60 ms
        if (configuration < 16) return 480 << (configuration & 1); // 10, 20 ms
        return 120 << place; // 2.5, 5, 10, 20 ms
    }
}
