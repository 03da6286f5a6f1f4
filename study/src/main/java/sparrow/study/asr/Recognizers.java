package sparrow.study.asr;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.speech.asr.SpeechRecognizer;
import sparrow.study.http.Endpoint;
import sparrow.study.http.OpenAiService;

/** Opens the recognisers that the command line supports. */
public final class Recognizers {
    /** The notation for help texts and error messages. */
    public static final String NOTATION = "sphinx[:SENTENCES.txt], whisper:GGML.bin or openai:MODEL[@URL]";

    private Recognizers() {}

    /** Provides these recognisers as a service to modules that cannot depend on this module. */
    public static final class Opener implements SpeechRecognizer.Opener {
        /** Creates the opener; called by {@link java.util.ServiceLoader}. */
        public Opener() {}

        @Override
        public SpeechRecognizer open(String notation) throws IOException {
            return Recognizers.open(notation);
        }
    }

    /**
     * Opens the recogniser that a notation specifies:
     *
     * <ul>
     *   <li>{@code sphinx}: Sphinx4 for general English; {@code sphinx:FILE}: Sphinx4 for the sentences in a UTF-8 text
     *       file, one per line
     *   <li>{@code whisper:FILE}: whisper.cpp with a ggml model
     *   <li>{@code openai:MODEL}: OpenAI's transcription service, or another service if {@code @URL} is added; the key
     *       is read from the environment
     * </ul>
     *
     * @throws IllegalArgumentException if the notation is invalid, a file is invalid, or a key is missing; the message
     *     is one line
     * @throws IOException if a file cannot be read
     */
    public static SpeechRecognizer open(String notation) throws IOException {
        if (notation.equals("sphinx")) return SphinxRecognizer.general();
        String[] parts = notation.split(":", 2);
        if (parts.length < 2 || parts[1].isBlank()) throw notARecognizer(notation);
        return switch (parts[0]) {
            case "sphinx" -> sphinx(Path.of(parts[1]));
            case "whisper" -> WhisperRecognizer.open(Path.of(parts[1]));
            case "openai" -> openAi(notation, parts[1]);
            default -> throw notARecognizer(notation);
        };
    }

    /** Returns whether a notation specifies a service, which may require a key. */
    public static boolean isService(String notation) {
        return notation.startsWith("openai:");
    }

    /**
     * Returns the notation with absolute paths, for a process that runs in another folder or on another machine. The
     * recogniser's files need not exist on this machine.
     *
     * @throws IllegalArgumentException if the notation is invalid
     */
    public static String absolute(String notation) {
        if (notation.equals("sphinx")) return notation;
        String[] parts = notation.split(":", 2);
        if (parts.length < 2 || parts[1].isBlank()) throw notARecognizer(notation);
        return switch (parts[0]) {
            case "sphinx", "whisper" ->
                parts[0] + ":" + Path.of(parts[1]).toAbsolutePath().normalize();
            case "openai" -> notation;
            default -> throw notARecognizer(notation);
        };
    }

    private static SpeechRecognizer sphinx(Path file) throws IOException {
        List<String> sentences = lines(file);
        if (sentences.isEmpty()) throw new BadFileException(file, "expected sentences, one per line, found none");
        return SphinxRecognizer.expecting(sentences);
    }

    private static List<String> lines(Path file) throws IOException {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (NoSuchFileException e) {
            throw new BadFileException(file, "expected a file of sentences, found none");
        } catch (CharacterCodingException e) {
            throw new BadFileException(file, "expected text in UTF-8");
        }
    }

    /**
     * Opens a service. The service's address starts after the last @, because a model name may also contain an @
     * ("org/model@revision").
     */
    private static SpeechRecognizer openAi(String notation, String modelAtUrl) {
        int at = modelAtUrl.lastIndexOf("@http");
        String model = at < 0 ? modelAtUrl : modelAtUrl.substring(0, at);
        if (model.isBlank()) throw notARecognizer(notation);
        Endpoint endpoint = at < 0 ? Endpoint.at(Endpoint.OPENAI) : Endpoint.at(modelAtUrl.substring(at + 1));
        return new OpenAiRecognizer(OpenAiService.open(endpoint), model);
    }

    private static IllegalArgumentException notARecognizer(String notation) {
        return new IllegalArgumentException("recogniser: expected " + NOTATION + ", got " + notation);
    }
}
