package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The meaning of the ids of a shared vocabulary.
 *
 * @param textTokens ids below this one are text
 * @param speech ids that are speech, all larger than text ids
 * @param usable ids below this one have a token; the others are padding rows and are never chosen
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

    /** Creates a vocabulary of text ids followed by speech codes, without audio padding and marks (GLM-4-Voice). */
    public TokenSpace(int speechOffset, int codes, int usable, Set<Integer> endTokens) {
        this(speechOffset, new SpeechTokens(speechOffset, codes, codes, Optional.empty()), usable, endTokens);
    }

    /** Returns a vocabulary of text alone, for models whose speech consists of frames (LFM2-Audio). */
    public static TokenSpace text(int usable, Set<Integer> endTokens) {
        return new TokenSpace(usable, new SpeechTokens(usable, 0, 0, Optional.empty()), usable, endTokens);
    }

    private static void checkMark(int id, int textTokens, SpeechTokens speech, int usable) {
        if (id < textTokens || id >= usable || speech.contains(id)) {
            throw new IllegalArgumentException("speech marks: expected ids from " + textTokens + " to " + (usable - 1)
                    + " that are not speech tokens, got " + id);
        }
    }

    /** Returns a copy without marks: after the end of the text, speech continues without padded text slots. */
    public TokenSpace withoutMarks() {
        SpeechTokens unmarked = new SpeechTokens(speech.offset(), speech.codes(), speech.count(), Optional.empty());
        return new TokenSpace(textTokens, unmarked, usable, endTokens);
    }

    /** Id of speech code 0. */
    public int speechOffset() {
        return speech.offset();
    }

    /** Number of speech tokens, including audio padding. */
    public int speechTokens() {
        return speech.count();
    }

    /** Number of speech codes that have an id. */
    public int codes() {
        return speech.codes();
    }

    /** True if an id is one of the {@link SpeechMarks}. */
    public boolean isMark(int token) {
        return speech.marks()
                .filter(marks -> marks.ids().anyMatch(id -> id == token))
                .isPresent();
    }

    /** True if an id is a speech token: a code, or audio padding. */
    public boolean isSpeech(int token) {
        return speech.contains(token);
    }

    /** True if an id belongs to the text of a reply. Control tokens and end tokens do not. */
    public boolean isText(int token) {
        return token >= 0 && token < textTokens && !isEnd(token);
    }

    /** True if an id ends the reply. */
    public boolean isEnd(int token) {
        return endTokens.contains(token);
    }

    /**
     * The modality of the slot that an id takes: speech for speech tokens, text for all others, including control
     * tokens.
     */
    public Modality modality(int token) {
        return isSpeech(token) ? Modality.SPEECH : Modality.TEXT;
    }

    /** The effect of an id on the alternation of text and speech. */
    TokenKind kind(int token) {
        if (isSpeech(token)) return TokenKind.SPEECH;
        return speech.marks().map(marks -> marks.kind(token)).orElse(TokenKind.TEXT);
    }

    /** The codebook entry of a speech token; empty for audio padding and for all other tokens. */
    public OptionalInt code(int token) {
        int code = token - speech.offset();
        return code >= 0 && code < speech.codes() ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** The text ids of a reply, in order. */
    public int[] text(int[] reply) {
        return Arrays.stream(reply).filter(this::isText).toArray();
    }

    /** The speech codes of a reply, in order: the input of the vocoder. */
    public int[] codes(int[] reply) {
        return Arrays.stream(reply)
                .mapToObj(this::code)
                .flatMapToInt(OptionalInt::stream)
                .toArray();
    }

    /**
     * The ids that the interleave format allows at speech positions: speech, and ids that end speech or the reply. An
     * unrestricted model may choose text there.
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
