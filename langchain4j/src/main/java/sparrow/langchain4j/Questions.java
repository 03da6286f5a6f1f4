package sparrow.langchain4j;

import dev.langchain4j.data.audio.Audio;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.family.SpeechInput;
import sparrow.speech.wave.WavFile;

/**
 * Converts user messages to questions. Recent recordings are cached, because LangChain4j sends the complete history
 * with every turn. Thread-safe.
 */
final class Questions {
    /**
     * Maximum number of cached recordings. Each recording is stored as a few codes or as at most several megabytes of
     * vectors.
     */
    private static final int CACHED = 64;

    /**
     * Maximum size of a recording: ten minutes of stereo floats at 48 kHz. No context is long enough for a longer
     * recording.
     */
    private static final int MAX_BYTES = 256 << 20;

    private static final Set<String> WAV = Set.of("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave");

    private final SpokenModel model;

    /** Encoded recordings by digest of the file. Guarded by itself. */
    private final Map<ByteBuffer, Question> encoded = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Question> eldest) {
            return size() > CACHED;
        }
    };

    Questions(SpokenModel model) {
        this.model = model;
    }

    /**
     * Returns the question in a message, which must contain either one recording or text.
     *
     * @throws UnsupportedFeatureException if the message contains other content
     * @throws IllegalArgumentException if the recording cannot be read
     */
    Question of(UserMessage message) {
        List<Content> contents = message.contents();
        if (contents.size() == 1 && contents.getFirst() instanceof AudioContent audio) return of(audio.audio());
        if (contents.stream().allMatch(content -> content instanceof TextContent)) {
            return new Question.Typed(contents.stream()
                    .map(content -> ((TextContent) content).text())
                    .collect(Collectors.joining("\n")));
        }
        throw new UnsupportedFeatureException("user message: expected one recording or text, got "
                + contents.stream().map(content -> content.type().name()).collect(Collectors.joining(" and ")));
    }

    /**
     * Returns a recording as an encoded question.
     *
     * @throws UnsupportedFeatureException if the recording is a URL or not a WAV file
     * @throws IllegalArgumentException if the recording cannot be read
     */
    Question of(Audio audio) {
        byte[] bytes = bytes(audio);
        ByteBuffer digest = digest(bytes);
        synchronized (encoded) {
            Question known = encoded.get(digest);
            if (known != null) return known;
        }
        Question question = model.encode(
                new Question.Spoken(SpeechInput.requireSpeech(WavFile.read(bytes, Path.of("user message")))));
        synchronized (encoded) {
            encoded.put(digest, question);
        }
        return question;
    }

    private static byte[] bytes(Audio audio) {
        if (audio.mimeType() != null && !WAV.contains(audio.mimeType().toLowerCase(Locale.ROOT))) {
            throw new UnsupportedFeatureException("audio: expected audio/wav, got " + audio.mimeType());
        }
        if (audio.binaryData() != null) return bounded(audio.binaryData().length, audio.binaryData());
        if (audio.base64Data() == null) {
            throw new UnsupportedFeatureException(
                    "audio: expected the recording itself, got the URL " + audio.url() + ", which is not fetched");
        }
        bounded(audio.base64Data().length() / 4 * 3, null);
        try {
            return Base64.getDecoder().decode(audio.base64Data());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("audio: expected base64, " + e.getMessage(), e);
        }
    }

    private static byte[] bounded(int length, byte[] bytes) {
        if (length <= MAX_BYTES) return bytes;
        throw new IllegalArgumentException("audio: expected at most " + MAX_BYTES + " bytes, got " + length);
    }

    private static ByteBuffer digest(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e); // every Java platform supports SHA-256
        }
    }
}
