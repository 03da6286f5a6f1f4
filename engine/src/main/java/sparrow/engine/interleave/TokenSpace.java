package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Defines the meaning of the ids in a shared vocabulary.
 *
 * @param textTokens number of text ids; these are the smallest ids
 * @param speech speech ids, all larger than text ids
 * @param usable number of ids that have a token; larger ids are padding rows and are never chosen
 * @param endTokens ids that end a reply
 */
public record TokenSpace(int textTokens, SpeechTokens speech, int usable, Set<Integer> endTokens) {
    public TokenSpace {
        endTokens = Set.copyOf(endTokens);
        if (speech.end() > usable) {
            throw new IllegalArgumentException("speech tokens " + speech.offset() + " to " + (speech.end() - 1)
                    + " do not fit the " + usable + " usable ids");
        }
        if (textTokens < 0 || textTokens > speech.offset()) {
            throw new IllegalArgumentException(
                    "text tokens: expected 0 to the " + speech.offset() + " ids before speech, got " + textTokens);
        }
        speech.marks().ifPresent(marks -> marks.ids().forEach(id -> checkMark(id, textTokens, speech, usable)));
    }

    /** Creates a vocabulary of text ids followed by speech codes, without audio padding or marks (GLM-4-Voice). */
    public TokenSpace(int speechOffset, int codes, int usable, Set<Integer> endTokens) {
        this(speechOffset, new SpeechTokens(speechOffset, codes, codes, Optional.empty()), usable, endTokens);
    }

    /** Returns a vocabulary that contains only text, for models whose speech consists of frames (LFM2-Audio). */
    public static TokenSpace text(int usable, Set<Integer> endTokens) {
        return new TokenSpace(usable, new SpeechTokens(usable, 0, 0, Optional.empty()), usable, endTokens);
    }

    private static void checkMark(int id, int textTokens, SpeechTokens speech, int usable) {
        if (id < textTokens || id >= usable || speech.contains(id)) {
            throw new IllegalArgumentException("speech marks: expected ids from " + textTokens + " to " + (usable - 1)
                    + " that are not speech tokens, got " + id);
        }
    }

    /**
     * Returns a copy without marks, with which speech continues without padded text slots after the end of the text.
     */
    public TokenSpace withoutMarks() {
        SpeechTokens unmarked = new SpeechTokens(speech.offset(), speech.codes(), speech.count(), Optional.empty());
        return new TokenSpace(textTokens, unmarked, usable, endTokens);
    }

    /** Returns the id of speech code 0. */
    public int speechOffset() {
        return speech.offset();
    }

    /** Returns the number of speech tokens, including audio padding. */
    public int speechTokens() {
        return speech.count();
    }

    /** Returns the number of speech codes that have an id. */
    public int codes() {
        return speech.codes();
    }

    /** Returns whether an id is one of the {@link SpeechMarks}. */
    public boolean isMark(int token) {
        return speech.marks()
                .filter(marks -> marks.ids().anyMatch(id -> id == token))
                .isPresent();
    }

    /** Returns whether an id is a speech token. Speech tokens are codes and audio padding. */
    public boolean isSpeech(int token) {
        return speech.contains(token);
    }

    /** Returns whether an id belongs to a reply's text. Control tokens and end tokens do not. */
    public boolean isText(int token) {
        return token >= 0 && token < textTokens && !isEnd(token);
    }

    /** Returns whether an id ends the reply. */
    public boolean isEnd(int token) {
        return endTokens.contains(token);
    }

    /**
     * Returns the modality of the slot that an id occupies: speech for speech tokens, and text for all other ids,
     * including control tokens.
     */
    public Modality modality(int token) {
        return isSpeech(token) ? Modality.SPEECH : Modality.TEXT;
    }

    /** Returns the effect of an id on the alternation of text and speech. */
    TokenKind kind(int token) {
        if (isSpeech(token)) return TokenKind.SPEECH;
        return speech.marks().map(marks -> marks.kind(token)).orElse(TokenKind.TEXT);
    }

    /** Returns a speech token's codebook entry, or empty for audio padding and all other tokens. */
    public OptionalInt code(int token) {
        int code = token - speech.offset();
        return code >= 0 && code < speech.codes() ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** Returns a reply's text ids in order. */
    public int[] text(int[] reply) {
        return Arrays.stream(reply).filter(this::isText).toArray();
    }

    /** Returns a reply's speech codes, the vocoder's input, in order. */
    public int[] codes(int[] reply) {
        return Arrays.stream(reply)
                .mapToObj(this::code)
                .flatMapToInt(OptionalInt::stream)
                .toArray();
    }

    /**
     * Returns the ids that the interleave format allows at speech positions: speech ids and ids that end speech or the
     * reply. An unrestricted model may also choose text at these positions.
     */
    public BitSet allowedInSpeech() {
        BitSet allowed = new BitSet(usable);
        allowed.set(speech.offset(), (int) speech.end());
        speech.marks().ifPresent(marks -> allowed.set(marks.end()));
        for (int token : endTokens) {
            if (token >= 0 && token < usable) allowed.set(token);
        }
        return allowed;
    }
}
