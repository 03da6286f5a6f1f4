package sparrow.server.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Reads recordings from files and streams. The first bytes tell the format, not the name. */
public final class RecordingFile {
    private static final String OGG = "OggS";

    /** Maximum length of an Opus recording, at its rate of {@link OggOpusReader#RATE_HZ}. */
    private static final int MAX_SECONDS = Waveform.MAX_SAMPLES / OggOpusReader.RATE_HZ;

    /** Maximum length of a stream: 23 minutes of stereo with 16 bits at 48 kHz. */
    private static final int MAX_STREAM_BYTES = 256 << 20;

    private RecordingFile() {}

    /**
     * Reads a WAV file as {@link WavFile#read(Path)} does, or Opus in Ogg with one or two channels, which are mixed.
     *
     * @throws BadFileException if the file is missing, damaged, truncated, or in another format
     * @throws IOException if the file cannot be read
     */
    public static Waveform read(Path file) throws IOException {
        return Files.isRegularFile(file) && isOgg(file) ? opus(Files.readAllBytes(file), file) : WavFile.read(file);
    }

    /**
     * Reads a recording up to the end of a stream, as {@link #read(Path)} does.
     *
     * @param source origin of the stream, for messages
     * @throws BadFileException as in {@link #read(Path)}, or if the stream is longer than 256 MiB
     * @throws IOException if the stream cannot be read
     */
    public static Waveform read(InputStream in, Path source) throws IOException {
        byte[] bytes = in.readNBytes(MAX_STREAM_BYTES + 1);
        if (bytes.length > MAX_STREAM_BYTES) {
            throw new BadFileException(source, "expected at most " + (MAX_STREAM_BYTES >> 20) + " MiB, found more");
        }
        return isOgg(bytes) ? opus(bytes, source) : WavFile.read(bytes, source);
    }

    private static Waveform opus(byte[] bytes, Path source) {
        try {
            return new OggOpusReader(bytes, MAX_SECONDS).decode();
        } catch (IllegalArgumentException e) {
            throw new BadFileException(source, e.getMessage());
        }
    }

    private static boolean isOgg(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return isOgg(in.readNBytes(OGG.length()));
        }
    }

    private static boolean isOgg(byte[] bytes) {
        return new String(bytes, 0, Math.min(bytes.length, OGG.length()), StandardCharsets.ISO_8859_1).equals(OGG);
    }
}
