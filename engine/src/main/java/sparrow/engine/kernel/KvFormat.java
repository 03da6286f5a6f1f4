package sparrow.engine.kernel;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How the keys and values of a sequence are kept. What attention computes with is f32 in every case; a position sees its own
 * key and value as they are kept, so that a list of positions gives the same in one pass and one by one.
 */
public enum KvFormat {
    /** As they were computed. */
    F32("f32", 4, 0),

    /** Rounded to IEEE half precision: 11 bits that count. Numbers beyond its range are refused. */
    F16("f16", 2, 0),

    /**
     * A byte for each channel, times one f32 for each head of a position: its largest magnitude divided by 127. What is lost is
     * half a step, 1/254 of the largest magnitude, at most.
     */
    Q8("q8", 1, Float.BYTES);

    private final String notation;
    private final int bytesPerChannel;
    private final int bytesPerHead;

    KvFormat(String notation, int bytesPerChannel, int bytesPerHead) {
        this.notation = notation;
        this.bytesPerChannel = bytesPerChannel;
        this.bytesPerHead = bytesPerHead;
    }

    /**
     * Reads the notation of the command line.
     *
     * @throws IllegalArgumentException in one line
     */
    public static KvFormat parse(String text) {
        for (KvFormat format : values()) if (format.notation.equals(text)) return format;
        String known = Arrays.stream(values()).map(KvFormat::toString).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("keys and values: expected one of " + known + ", got " + text);
    }

    /** Bytes of one head's key, or value, at one position. */
    public long bytes(int headWidth) {
        return (long) bytesPerChannel * headWidth + bytesPerHead;
    }

    int bytesPerChannel() {
        return bytesPerChannel;
    }

    /** What {@link Kernels#arithmetic()} says of it. */
    String arithmetic() {
        return this == F32 ? "" : "+kv-" + notation;
    }

    /** The notation of the command line. */
    @Override
    public String toString() {
        return notation;
    }
}
