package sparrow.study.speak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import sparrow.formats.BadFileException;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.command.CommandTemplate;

/**
 * A program that writes speech to a WAV file: {@code espeak-ng -v en-us -w {wav} -- {text}}. If the command has no
 * placeholder for the text, the program receives the text on standard input, as in
 * {@code piper --model en.onnx --output_file {wav}}. Speech is cached in a folder under a name derived from the command
 * and the text. Several threads may request the same text, so the program writes to a file with a random name, which is
 * renamed when it is complete. AtomicFile is not used, because it would use one name for all threads.
 */
public final class CommandTextToSpeech implements TextToSpeech {
    private static final String WAV = "wav";
    private static final String TEXT = "text";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final CommandTemplate command;
    private final Path cache;
    private final Duration timeout;

    private CommandTextToSpeech(CommandTemplate command, Path cache, Duration timeout) {
        this.command = command;
        this.cache = cache;
        this.timeout = timeout;
    }

    /**
     * Creates a synthesiser without starting the program.
     *
     * @param command command with a placeholder {wav} for the output file, and {text} if the text is an argument
     * @param cache cache folder, created on first use
     * @throws IllegalArgumentException if the command does not contain {wav}, or contains an unsupported placeholder
     */
    public static CommandTextToSpeech of(String command, Path cache) {
        return of(command, cache, TIMEOUT);
    }

    static CommandTextToSpeech of(String command, Path cache, Duration timeout) {
        CommandTemplate template = CommandTemplate.parse(command, Set.of(WAV, TEXT));
        if (!template.takes(WAV)) {
            throw new IllegalArgumentException(
                    "speech command: expected a placeholder {wav} for its file, got " + command);
        }
        return new CommandTextToSpeech(template, cache, timeout);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the program cannot be started
     * @throws IOException if the program fails, takes too long, or does not write a WAV file
     */
    @Override
    public Waveform speak(String text) throws IOException {
        String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        Path cached = cache.resolve(name(line) + ".wav");
        if (Files.isRegularFile(cached)) return WavFile.read(cached);
        Files.createDirectories(cache);
        long random = ThreadLocalRandom.current().nextLong();
        Path part = cache.resolve("." + name(line) + "." + Long.toHexString(random) + ".part.wav");
        try {
            Waveform spoken = run(line, part.toAbsolutePath());
            Files.move(part, cached, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return spoken;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Waveform run(String text, Path wav) throws IOException {
        command.run(Map.of(WAV, wav.toString(), TEXT, text), command.takes(TEXT) ? "" : text + "\n", timeout);
        if (!Files.isRegularFile(wav)) throw new IOException(command.program() + ": expected a WAV file, found none");
        try {
            return WavFile.read(wav);
        } catch (BadFileException e) {
            throw new IOException(command.program() + ": expected a WAV file, found " + e.getMessage(), e);
        }
    }

    private String name(String text) {
        byte[] key = (command + "\n" + text).getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java platform provides the algorithm.
        }
    }
}
