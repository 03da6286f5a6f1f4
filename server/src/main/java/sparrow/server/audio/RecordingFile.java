package sparrow.server.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Reads recordings from files. The first bytes of a file tell its format, not its name. */
public final class RecordingFile {
    private static final String OGG = "OggS";

    /** Maximum length of an Opus recording, at its rate of {@link OggOpusReader#RATE_HZ}. */
    private static final int MAX_SECONDS = Waveform.MAX_SAMPLES / OggOpusReader.RATE_HZ;

    private RecordingFile() {}

    /**
     * Reads a WAV file as {@link WavFile#read(Path)} does, or Opus in Ogg with one or two channels, which are mixed.
     *
     * @throws BadFileException if the file is missing, damaged, truncated, or in another format
     * @throws IOException if the file cannot be read
     */
    public static Waveform read(Path file) throws IOException {
        if (!Files.isRegularFile(file) || !begins(file)) return WavFile.read(file);
        try {
            return new OggOpusReader(Files.readAllBytes(file), MAX_SECONDS).decode();
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    private static boolean begins(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(OGG.length()), StandardCharsets.ISO_8859_1).equals(OGG);
        }
    }
}
