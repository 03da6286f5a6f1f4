package sparrow.models.gguf;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import sparrow.engine.interleave.InterleaveFormat;
import sparrow.engine.interleave.SpeechMarks;
import sparrow.engine.interleave.SpeechTokens;
import sparrow.engine.interleave.TokenSpace;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufMetadata;
import sparrow.formats.weights.GgufValue;

/**
 * Metadata in a GGUF file that only Sparrow reads: the ids of text and speech, the ids that enclose speech or end a
 * reply, and the interleave format.
 */
final class VoiceKeys {
    private static final String SPEECH_OFFSET = "sparrow.speech_offset";
    private static final String SPEECH_TOKENS = "sparrow.speech_tokens";
    private static final String SPEECH_CODES = "sparrow.speech_codes";
    private static final String SPEECH_MARKS = "sparrow.speech_marks";
    private static final String TEXT_TOKENS = "sparrow.text_tokens";
    private static final String USABLE = "sparrow.usable_tokens";
    private static final String END = "sparrow.end_tokens";
    private static final String INTERLEAVE = "sparrow.interleave";

    private VoiceKeys() {}

    static Map<String, GgufValue> of(TokenSpace tokens, InterleaveFormat interleave) {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        keys.put(SPEECH_OFFSET, new GgufValue.Whole(tokens.speechOffset()));
        keys.put(SPEECH_TOKENS, new GgufValue.Whole(tokens.speechTokens()));
        keys.put(USABLE, new GgufValue.Whole(tokens.usable()));
        keys.put(END, new GgufValue.Integers(List.copyOf(new TreeSet<>(tokens.endTokens()))));
        keys.put(INTERLEAVE, new GgufValue.Integers(List.of(interleave.textTokens(), interleave.speechTokens())));
        keys.putAll(nonDefault(tokens));
        return keys;
    }

    /** Returns the keys whose values differ from their defaults. */
    private static Map<String, GgufValue> nonDefault(TokenSpace tokens) {
        Map<String, GgufValue> keys = new LinkedHashMap<>();
        if (tokens.textTokens() != tokens.speechOffset()) {
            keys.put(TEXT_TOKENS, new GgufValue.Whole(tokens.textTokens()));
        }
        if (tokens.codes() != tokens.speechTokens()) {
            keys.put(SPEECH_CODES, new GgufValue.Whole(tokens.codes()));
        }
        tokens.speech().marks().ifPresent(marks -> keys.put(SPEECH_MARKS, integers(marks)));
        return keys;
    }

    private static GgufValue integers(SpeechMarks marks) {
        return new GgufValue.Integers(List.of(marks.start(), marks.end(), marks.textPadding()));
    }

    static boolean in(Gguf gguf) {
        return gguf.values().has(SPEECH_OFFSET);
    }

    /** Reads the meaning of the ids, and checks that the ids are within the vocabulary. */
    static TokenSpace tokens(Gguf gguf, int vocabulary) {
        GgufMetadata values = gguf.values();
        int usable = values.positive(USABLE);
        if (usable > vocabulary) throw values.wrong(USABLE, "at most the " + vocabulary + " ids of the model", usable);
        Set<Integer> end = Arrays.stream(values.integers(END)).boxed().collect(Collectors.toSet());
        try {
            SpeechTokens speech = speech(values);
            int text = values.has(TEXT_TOKENS) ? values.positive(TEXT_TOKENS) : speech.offset();
            return new TokenSpace(text, speech, usable, end);
        } catch (BadFileException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new BadFileException(gguf.source(), "key " + SPEECH_OFFSET, e.getMessage());
        }
    }

    private static SpeechTokens speech(GgufMetadata values) {
        int count = values.positive(SPEECH_TOKENS);
        int codes = values.has(SPEECH_CODES) ? values.positive(SPEECH_CODES) : count;
        return new SpeechTokens(values.positive(SPEECH_OFFSET), codes, count, marks(values));
    }

    private static Optional<SpeechMarks> marks(GgufMetadata values) {
        if (!values.has(SPEECH_MARKS)) return Optional.empty();
        int[] ids = values.integers(SPEECH_MARKS);
        if (ids.length != 3) {
            throw values.wrong(SPEECH_MARKS, "three ids: start, end and text padding", Arrays.toString(ids));
        }
        return Optional.of(new SpeechMarks(ids[0], ids[1], ids[2]));
    }

    /** Reads the interleave format, which consists of two counts of 1 or more. */
    static InterleaveFormat interleave(Gguf gguf) {
        int[] counts = gguf.values().integers(INTERLEAVE);
        if (counts.length != 2 || counts[0] < 1 || counts[1] < 1) {
            throw gguf.values().wrong(INTERLEAVE, "two counts of 1 or more", Arrays.toString(counts));
        }
        return new InterleaveFormat(counts[0], counts[1]);
    }
}
