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
import sparrow.formats.weights.AtomicFile;
import sparrow.formats.weights.BadFileException;

/**
 * RIFF WAVE files (Microsoft's Multimedia Programming Interface and Data Specifications 1.0, and its extensible
 * format).
 */
public final class WavFile {
    private static final int BLOCK_SAMPLES = 16_384;

    private WavFile() {}

    /**
     * Reads the first channel of a file: PCM of 8, 16, 24 or 32 bits, scaled by 2^-(bits-1), IEEE floats of 32 or 64
     * bits as they are, or {@link G711} of either law. The audio encoders of both model families keep the first channel
     * too, instead of a mean.
     *
     * @throws BadFileException if it is missing or no such file, holds no sample, is cut short, or holds a value that
     *     is not a number
     * @throws IOException if it cannot be read
     */
    public static Waveform read(Path file) throws IOException {
        return WavReader.read(file, 1).getFirst();
    }

    /**
     * Reads a file in memory, as {@link #read(Path)} does.
     *
     * @param source origin of the bytes, for messages
     * @throws BadFileException as {@link #read(Path)} does
     */
    public static Waveform read(byte[] bytes, Path source) {
        return WavReader.read(bytes, source, Double.POSITIVE_INFINITY);
    }

    /**
     * Reads a file in memory whose length has a limit. Samples take up to four times the room of their bytes, and far
     * more at another rate: the limit is checked before either is made.
     *
     * @throws BadFileException as {@link #read(Path)} does, or if the sound is longer
     */
    public static Waveform read(byte[] bytes, Path source, double longestSeconds) {
        return WavReader.read(bytes, source, longestSeconds);
    }

    /**
     * The length of a file in memory, by its header.
     *
     * @param samples of each channel
     */
    public record Length(long samples, int rateHz) {}

    /**
     * Looks how much sound {@link #read(byte[], Path, double)} would give, and reads no sample.
     *
     * @throws BadFileException as that does, but for values that are not numbers
     */
    public static Length length(byte[] bytes, Path source, double longestSeconds) {
        return WavReader.length(bytes, source, longestSeconds);
    }

    /**
     * Reads all channels of a file, in its order, as {@link #read(Path)} does the first: at least one, all of the same
     * length and rate.
     *
     * @throws BadFileException as {@link #read(Path)} does, or if all channels together exceed
     *     {@link Waveform#MAX_SAMPLES}
     * @throws IOException if it cannot be read
     */
    public static List<Waveform> readChannels(Path file) throws IOException {
        return WavReader.read(file, Integer.MAX_VALUE);
    }

    /**
     * Writes one channel. The file appears whole or not at all: the samples go to a file beside it, which then takes
     * its name. Values beyond full scale are clipped in 16 bits and kept in floats.
     *
     * @throws IllegalArgumentException if a sample is not a finite number
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Waveform waveform, SampleFormat format) throws IOException {
        checkFinite(waveform, file.toString());
        AtomicFile.write(file, whole -> writeTo(whole, waveform, format));
    }

    /**
     * The bytes that {@link #write} would write.
     *
     * @throws IllegalArgumentException if a sample is not a finite number
     */
    public static byte[] bytes(Waveform waveform, SampleFormat format) {
        checkFinite(waveform, "WAV");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(Channels.newChannel(bytes), waveform, format);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail
        }
        return bytes.toByteArray();
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
        drain(header(waveform, format), channel);
        ByteBuffer block = ByteBuffer.allocate(BLOCK_SAMPLES * format.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < samples.length; from += BLOCK_SAMPLES) {
            int to = Math.min(samples.length, from + BLOCK_SAMPLES);
            for (int i = from; i < to; i++) format.put(samples[i], block);
            drain(block, channel);
        }
    }

    /** The format's tag decides the length of its description: all but PCM carry an extension and a fact chunk. */
    private static ByteBuffer header(Waveform waveform, SampleFormat format) {
        boolean pcm = format == SampleFormat.PCM16;
        int bytes = format.bytes();
        long dataBytes = (long) waveform.samples().length * bytes;
        if (dataBytes > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("WAV: expected less than 2 GB of samples, got " + dataBytes + " bytes");
        }
        ByteBuffer header = ByteBuffer.allocate(pcm ? 44 : 58).order(ByteOrder.LITTLE_ENDIAN);
        header.put(ascii("RIFF")).putInt(header.capacity() - 8 + (int) dataBytes);
        header.put(ascii("WAVE")).put(ascii("fmt ")).putInt(pcm ? 16 : 18);
        header.putShort((short) (pcm ? WavReader.PCM : WavReader.IEEE_FLOAT)).putShort((short) 1);
        header.putInt(waveform.sampleRateHz()).putInt(waveform.sampleRateHz() * bytes);
        header.putShort((short) bytes).putShort((short) (8 * bytes));
        if (!pcm) {
            header.putShort((short) 0);
            header.put(ascii("fact")).putInt(4).putInt(waveform.samples().length);
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
