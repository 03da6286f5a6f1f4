package sparrow.server.audio;

import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.formats.Printable;
import sparrow.speech.wave.G711;

/**
 * The audio formats of the Realtime protocol. All have one channel and no header, and may be sent in pieces of any
 * length that contain complete samples.
 */
public enum RealtimeFormat implements AudioFormat {
    /** 16-bit little-endian PCM at 24 kHz. */
    PCM("audio/pcm", 24_000, Pcm16.BYTES, Pcm16::encode, Pcm16::decode),

    /** 16-bit little-endian PCM at 16 kHz. */
    PCM_16K("audio/pcm", 16_000, Pcm16.BYTES, Pcm16::encode, Pcm16::decode),

    /** G.711 µ-law at 8 kHz. */
    PCMU("audio/pcmu", 8_000, 1, G711.MU_LAW::encode, G711.MU_LAW::decode),

    /** G.711 A-law at 8 kHz. */
    PCMA("audio/pcma", 8_000, 1, G711.A_LAW::encode, G711.A_LAW::decode);

    /** Maximum number of characters of an unknown name in a message. */
    private static final int SHOWN = 40;

    private final String wireName;
    private final int rateHz;
    private final int sampleBytes;
    private final Function<float[], byte[]> encode;
    private final Function<byte[], float[]> decode;

    RealtimeFormat(
            String wireName,
            int rateHz,
            int sampleBytes,
            Function<float[], byte[]> encode,
            Function<byte[], float[]> decode) {
        this.wireName = wireName;
        this.rateHz = rateHz;
        this.sampleBytes = sampleBytes;
        this.encode = encode;
        this.decode = decode;
    }

    /**
     * Returns the format with the given name.
     *
     * @throws IllegalArgumentException if there is no such format
     */
    public static RealtimeFormat named(String wireName) {
        for (RealtimeFormat format : values()) if (format.wireName.equals(wireName)) return format;
        String known =
                Stream.of(values()).map(RealtimeFormat::wireName).distinct().collect(Collectors.joining(", "));
        String found = wireName.length() <= SHOWN ? wireName : wireName.substring(0, SHOWN) + "…";
        throw new IllegalArgumentException(
                "audio format: expected one of " + known + ", found " + Printable.line(found));
    }

    @Override
    public String wireName() {
        return wireName;
    }

    /** Returns the sample rate on the wire in Hz. */
    public int rateHz() {
        return rateHz;
    }

    /** Returns the number of complete samples in a number of bytes. */
    public long samples(long bytes) {
        return bytes / sampleBytes;
    }

    /** Returns the duration of a number of bytes in seconds. */
    public double seconds(long bytes) {
        return (double) samples(bytes) / rateHz;
    }

    /** Returns the maximum number of bytes in one event: about 100 ms, a multiple of 6. */
    public int pieceBytes() {
        int bytes = rateHz / 10 * sampleBytes;
        return bytes - bytes % 6;
    }

    @Override
    public AudioEncoder encoder(int fromHz) {
        return new AudioEncoder(fromHz, rateHz, encode, () -> new byte[0]);
    }

    /** Creates a decoder for one audio stream. */
    public AudioDecoder decoder() {
        return new AudioDecoder(decode, sampleBytes, rateHz);
    }
}
