package sparrow.speech.wave;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;

/**
 * Reads and writes RIFF WAVE files (Microsoft's Multimedia Programming Interface and Data Specifications 1.0, and the
 * extensible format).
 */
public final class WavFile {
    private static final int BLOCK_SAMPLES = 16_384;

    private WavFile() {}

    /**
     * Reads the first channel of a file. Samples may be PCM with 8, 16, 24 or 32 bits, which are scaled by 2^-(bits-1),
     * IEEE floats with 32 or 64 bits, or either law of {@link G711}. The official audio encoders also use the first
     * channel instead of the mean of all channels.
     *
     * @throws BadFileException if the file is missing, is not a WAV file, contains no samples, is truncated, or
     *     contains NaN or infinity
     * @throws IOException if the file cannot be read
     */
    public static Waveform read(Path file) throws IOException {
        return WavReader.read(file, 1).getFirst();
    }

    /**
     * Reads a file in memory, as {@link #read(Path)} does.
     *
     * @param source origin of the bytes, for messages
     * @throws BadFileException as in {@link #read(Path)}
     */
    public static Waveform read(byte[] bytes, Path source) {
        return WavReader.read(bytes, source, Double.POSITIVE_INFINITY);
    }

    /**
     * Reads a file in memory with a length limit. The limit is checked before samples are decoded or resampled, because
     * these operations can require many times the memory of the file.
     *
     * @throws BadFileException as in {@link #read(Path)}, or if the audio exceeds the limit
     */
    public static Waveform read(byte[] bytes, Path source, double maxSeconds) {
        return WavReader.read(bytes, source, maxSeconds);
    }

    /**
     * The length of a file according to its header.
     *
     * @param samples number of samples per channel
     */
    public record Length(long samples, int rateHz) {}

    /**
     * Returns the length of the audio that {@link #read(byte[], Path, double)} would return, without reading samples.
     *
     * @throws BadFileException as in {@link #read(byte[], Path, double)}, except for the values of samples
     */
    public static Length length(byte[] bytes, Path source, double maxSeconds) {
        return WavReader.length(bytes, source, maxSeconds);
    }

    /**
     * Reads all channels of a file in order; see {@link #read(Path)}. There is at least one channel, and all channels
     * have the same length and rate.
     *
     * @throws BadFileException as in {@link #read(Path)}, or if all channels together exceed
     *     {@link Waveform#MAX_SAMPLES}
     * @throws IOException if the file cannot be read
     */
    public static List<Waveform> readChannels(Path file) throws IOException {
        return WavReader.read(file, Integer.MAX_VALUE);
    }

    /**
     * Writes one channel. The file is replaced atomically: samples are written to a temporary file, and this file is
     * then renamed. Values beyond full scale are clipped in 16 bits and unchanged in floats.
     *
     * @throws IllegalArgumentException if a sample is not a finite number
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Waveform waveform, SampleFormat format) throws IOException {
        checkFinite(waveform, file.toString());
        AtomicFile.write(file, whole -> writeTo(whole, waveform, format));
    }

    /**
     * Returns the bytes that {@link #write} would write.
     *
     * @throws IllegalArgumentException if a sample is not a finite number
     */
    public static byte[] bytes(Waveform waveform, SampleFormat format) {
        checkFinite(waveform, "WAV");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(Channels.newChannel(bytes), waveform, format);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writes to memory do not fail
        }
        return bytes.toByteArray();
    }

    /**
     * Returns the bytes of a file with 16-bit samples that precede the samples.
     *
     * @throws IllegalArgumentException if the file would be longer than 2 GB
     */
    public static byte[] header(int sampleRateHz, long samples) {
        return header(sampleRateHz, samples, SampleFormat.PCM16).array();
    }

    private static void checkFinite(Waveform waveform, String place) {
        for (float sample : waveform.samples()) {
            if (!Float.isFinite(sample)) {
                throw new IllegalArgumentException(place + ": expected finite samples, got " + sample);
            }
        }
    }

    private static void writeTo(WritableByteChannel channel, Waveform waveform, SampleFormat format)
            throws IOException {
        float[] samples = waveform.samples();
        drain(header(waveform.sampleRateHz(), samples.length, format), channel);
        ByteBuffer block = ByteBuffer.allocate(BLOCK_SAMPLES * format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < samples.length; from += BLOCK_SAMPLES) {
            int to = Math.min(samples.length, from + BLOCK_SAMPLES);
            for (int i = from; i < to; i++) format.put(samples[i], block);
            drain(block, channel);
        }
    }

    /** Creates the header. All formats except PCM have an extension and a {@code fact} chunk. */
    private static ByteBuffer header(int sampleRateHz, long samples, SampleFormat format) {
        boolean pcm = format == SampleFormat.PCM16;
        int bytes = format.bytes();
        long dataBytes = samples * bytes;
        if (dataBytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("WAV: expected less than 2 GB of samples, got " + dataBytes + " bytes");
        }
        ByteBuffer header = ByteBuffer.allocate(pcm ? 44 : 58).order(ByteOrder.LITTLE_ENDIAN);
        header.put(ascii("RIFF")).putInt(header.capacity() - 8 + (int) dataBytes);
        header.put(ascii("WAVE")).put(ascii("fmt ")).putInt(pcm ? 16 : 18);
        header.putShort((short) (pcm ? WavReader.PCM : WavReader.IEEE_FLOAT)).putShort((short) 1);
        header.putInt(sampleRateHz).putInt(sampleRateHz * bytes);
        header.putShort((short) bytes).putShort((short) (8 * bytes));
        if (!pcm) {
            header.putShort((short) 0);
            header.put(ascii("fact")).putInt(4).putInt((int) samples);
        }
        return header.put(ascii("data")).putInt((int) dataBytes);
    }

    private static void drain(ByteBuffer filled, WritableByteChannel channel) throws IOException {
        filled.flip();
        while (filled.hasRemaining()) channel.write(filled);
        filled.clear();
    }

    private static byte[] ascii(String id) {
        return id.getBytes(StandardCharsets.US_ASCII);
    }
}
