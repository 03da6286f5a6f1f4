package sparrow.speech.wave;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sparrow.formats.BadFileException;

/**
 * Reads the chunks of a RIFF WAVE file. Every length in the file is checked against the size of the file.
 *
 * <p>javax.sound.sampled is not used, because it belongs to the desktop module and its messages are less precise about
 * damaged files.
 */
final class WavReader {
    static final int PCM = 1;
    static final int IEEE_FLOAT = 3;
    static final int A_LAW = 6;
    static final int MU_LAW = 7;
    private static final int EXTENSIBLE = 0xfffe;

    /** The last part of the GUID of every extensible sub-format that represents a plain format tag. */
    private static final String TAG_GUID_TAIL = "000000001000800000aa00389b71";

    /**
     * Minimum length that may mean "until the end of the file". Programs that write to a pipe cannot set the length
     * afterwards. Such programs write 0, the maximum, or (sox) a few bytes less than 2^31. A length of at least this
     * value may exceed the file.
     */
    private static final long STREAMING_BYTES = 0x7fff_f000L;

    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final MemorySegment bytes;
    private final double maxSeconds;

    private WavReader(Path file, MemorySegment bytes, double maxSeconds) {
        this.file = file;
        this.bytes = bytes;
        this.maxSeconds = maxSeconds;
    }

    /** The sample layout of the data chunk. */
    private record Format(int tag, int channels, int rateHz, int bits) {
        int frameBytes() {
            return channels * (bits / 8);
        }
    }

    /**
     * The data chunk.
     *
     * @param at index of the first byte
     */
    private record Data(Format format, long at, long frames) {}

    /** Reads the first channels of a file, at most {@code maxChannels} and at least one. */
    static List<Waveform> read(Path file, int maxChannels) throws IOException {
        if (Files.isDirectory(file)) throw new BadFileException(file, "is a folder, expected a WAV file");
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
            return new WavReader(file, bytes, Double.POSITIVE_INFINITY).read(maxChannels);
        }
    }

    /** Reads the first channel of a file in memory. */
    static Waveform read(byte[] bytes, Path source, double maxSeconds) {
        return new WavReader(source, MemorySegment.ofArray(bytes), maxSeconds)
                .read(1)
                .getFirst();
    }

    /** Reads the length of a file in memory, without reading samples. */
    static WavFile.Length length(byte[] bytes, Path source, double maxSeconds) {
        Data data = new WavReader(source, MemorySegment.ofArray(bytes), maxSeconds).data();
        return new WavFile.Length(data.frames(), data.format().rateHz());
    }

    /** Finds the data chunk and the sample format that precedes it. */
    private Data data() {
        if (bytes.byteSize() == 0) throw new BadFileException(file, "empty file, expected a WAV file");
        if (bytes.byteSize() < 12 || !id(0).equals("RIFF") || !id(8).equals("WAVE")) {
            throw new BadFileException(file, "not a WAV file: expected RIFF … WAVE at its start");
        }
        Format format = null;
        long at = 12;
        while (at + 8 <= bytes.byteSize()) {
            long size = Integer.toUnsignedLong(bytes.get(I32, at + 4));
            switch (id(at)) {
                case "fmt " -> format = format(at + 8, size);
                case "data" -> {
                    if (format == null) throw new BadFileException(file, "data", "expected after fmt, found before");
                    return new Data(format, at + 8, frames(format, dataBytes(at + 8, size)));
                }
                default -> {} // LIST, fact, bext and many other chunks do not describe the samples
            }
            at += 8 + size + (size & 1); // chunks start at even offsets
        }
        throw new BadFileException(file, format == null ? "no fmt chunk (cut short?)" : "no data chunk (cut short?)");
    }

    private Format format(long at, long size) {
        if (size < 16 || at + size > bytes.byteSize()) {
            long found = Math.min(size, bytes.byteSize() - at);
            throw new BadFileException(
                    file, "fmt", "expected " + Math.max(16, size) + " bytes, found " + found + " (cut short?)");
        }
        int tag = unsigned16(at);
        int channels = unsigned16(at + 2);
        long rate = Integer.toUnsignedLong(bytes.get(I32, at + 4));
        int frameBytes = unsigned16(at + 12);
        int bits = unsigned16(at + 14);
        if (tag == EXTENSIBLE) tag = subFormat(at, size);
        boolean known = switch (tag) {
            case PCM -> bits == 8 || bits == 16 || bits == 24 || bits == 32;
            case IEEE_FLOAT -> bits == 32 || bits == 64;
            case A_LAW, MU_LAW -> bits == 8;
            default -> false;
        };
        if (!known) {
            throw new BadFileException(
                    file,
                    "fmt",
                    "expected PCM of 8, 16, 24 or 32 bits, floats of 32 or 64, or G.711 of 8, found format " + tag
                            + " of " + bits + " bits");
        }
        if (channels == 0) throw new BadFileException(file, "fmt", "channels: expected 1 or more, found 0");
        if (!Waveform.isRate(rate)) {
            throw new BadFileException(
                    file,
                    "fmt",
                    "sample rate: expected " + Waveform.MIN_RATE_HZ + " to " + Waveform.MAX_RATE_HZ + " Hz, found "
                            + rate);
        }
        Format format = new Format(tag, channels, (int) rate, bits);
        if (frameBytes != format.frameBytes()) {
            throw new BadFileException(
                    file, "fmt", "bytes per frame: expected " + format.frameBytes() + ", found " + frameBytes);
        }
        return format;
    }

    /**
     * Reads the format tag of an extensible format from the first two bytes of a GUID. The other fourteen bytes of the
     * GUID are fixed.
     */
    private int subFormat(long at, long size) {
        if (size < 40) {
            throw new BadFileException(file, "fmt", "extensible format: expected 40 bytes, found " + size);
        }
        StringBuilder tail = new StringBuilder();
        for (long i = at + 26; i < at + 40; i++) {
            tail.append("%02x".formatted(bytes.get(ValueLayout.JAVA_BYTE, i)));
        }
        if (!tail.toString().equals(TAG_GUID_TAIL)) {
            throw new BadFileException(
                    file, "fmt", "extensible format: expected PCM, floats or G.711, found GUID …" + tail);
        }
        return unsigned16(at + 24);
    }

    private long dataBytes(long at, long size) {
        long left = bytes.byteSize() - at;
        long riffEnd = 8 + Integer.toUnsignedLong(bytes.get(I32, 4));
        // A chunk of length 0 is empty if other chunks follow; otherwise, its length was never set.
        boolean neverFilledIn = size == 0 && (riffEnd <= at || riffEnd > bytes.byteSize());
        if (neverFilledIn || size >= STREAMING_BYTES && size > left) return left;
        if (size > left) {
            throw new BadFileException(file, "data", "expected " + size + " bytes, found " + left + " (cut short?)");
        }
        return size;
    }

    private long frames(Format format, long size) {
        long count = size / format.frameBytes(); // an incomplete last frame is dropped
        if (count == 0) throw new BadFileException(file, "data", "expected samples, found none");
        double seconds = (double) count / format.rateHz();
        if (seconds > maxSeconds) {
            throw new BadFileException(
                    file,
                    "data",
                    String.format(Locale.ROOT, "expected at most %.1f s of audio, found %.1f s", maxSeconds, seconds));
        }
        return count;
    }

    private List<Waveform> read(int maxChannels) {
        Data data = data();
        Format format = data.format();
        int wanted = Math.min(format.channels(), maxChannels);
        long samples = data.frames() * wanted;
        if (samples > Waveform.MAX_SAMPLES) {
            throw new BadFileException(
                    file, "data", "expected at most " + Waveform.MAX_SAMPLES + " samples, found " + samples);
        }
        List<Waveform> channels = new ArrayList<>();
        long sampleBytes = format.bits() / 8;
        for (int c = 0; c < wanted; c++) {
            float[] channel = samples(format, data.at() + c * sampleBytes, (int) data.frames());
            channels.add(new Waveform(channel, format.rateHz()));
        }
        return List.copyOf(channels);
    }

    /** Reads the samples of the channel whose first sample is at {@code at}. */
    private float[] samples(Format format, long at, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = sample(format, at + (long) i * format.frameBytes());
            if (!Float.isFinite(samples[i])) {
                throw new BadFileException(file, "sample " + i, "expected a finite number, found " + samples[i]);
            }
        }
        return samples;
    }

    private float sample(Format format, long at) {
        return switch (format.tag()) {
            case A_LAW -> G711.A_LAW.decode(bytes.get(ValueLayout.JAVA_BYTE, at));
            case MU_LAW -> G711.MU_LAW.decode(bytes.get(ValueLayout.JAVA_BYTE, at));
            case IEEE_FLOAT ->
                format.bits() == 32
                        ? Float.intBitsToFloat(bytes.get(I32, at))
                        : (float) Double.longBitsToDouble(bytes.get(I64, at));
            default -> pcm(format.bits(), at);
        };
    }

    private float pcm(int bits, long at) {
        return switch (bits) {
            case 8 ->
                (Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at)) - 128)
                        * 0x1p-7f; // 8-bit samples are unsigned
            case 16 -> bytes.get(I16, at) * 0x1p-15f;
            case 24 ->
                (bytes.get(I16, at + 1) << 8 | Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at))) * 0x1p-23f;
            default -> bytes.get(I32, at) * 0x1p-31f;
        };
    }

    private int unsigned16(long at) {
        return Short.toUnsignedInt(bytes.get(I16, at));
    }

    private String id(long at) {
        byte[] id = bytes.asSlice(at, 4).toArray(ValueLayout.JAVA_BYTE);
        return new String(id, StandardCharsets.ISO_8859_1);
    }
}
