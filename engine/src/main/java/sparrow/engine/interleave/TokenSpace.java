package sparrow.engine.interleave;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The meaning of the ids of a shared vocabulary.
 *
 * @param textTokens ids below this one are text, named tokens among it: what a reply's text is made of
 * @param speech which ids are speech; all of them are larger than text ids
 * @param usable ids below this one have a token; the rest are padding rows and are never chosen
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

    /** The plain kind: text up to the speech codes, every speech token a code, no marks (GLM-4-Voice). */
    public TokenSpace(int speechOffset, int codes, int usable, Set<Integer> endTokens) {
        this(speechOffset, new SpeechTokens(speechOffset, codes, codes, Optional.empty()), usable, endTokens);
    }

    /** Text alone: speech is frames, not tokens (LFM2-Audio). */
    public static TokenSpace text(int usable, Set<Integer> endTokens) {
        return new TokenSpace(usable, new SpeechTokens(usable, 0, 0, Optional.empty()), usable, endTokens);
    }

    private static void checkMark(int id, int textTokens, SpeechTokens speech, int usable) {
        if (id < textTokens || id >= usable || speech.contains(id)) {
            throw new IllegalArgumentException("speech marks: expected ids from " + textTokens + " to " + (usable - 1)
                    + " that are no speech tokens, got " + id);
        }
    }

    /** A copy without marks: speech continues where a text slot would be padded. */
    public TokenSpace withoutMarks() {
        SpeechTokens unmarked = new SpeechTokens(speech.offset(), speech.codes(), speech.count(), Optional.empty());
        return new TokenSpace(textTokens, unmarked, usable, endTokens);
    }

    /** Id of speech code 0. */
    public int speechOffset() {
        return speech.offset();
    }

    /** Speech tokens, including those that are not codes. */
    public int speechTokens() {
        return speech.count();
    }

    /** Speech codes that have an id. */
    public int codes() {
        return speech.codes();
    }

    /** True if an id marks the start or the end of speech, or the end of the text. */
    public boolean isMark(int token) {
        return speech.marks()
                .filter(marks -> marks.ids().anyMatch(id -> id == token))
                .isPresent();
    }

    /** True if an id takes a speech slot: a code or audio padding. */
    public boolean isSpeech(int token) {
        return speech.contains(token);
    }

    /** True if an id belongs to the text that a reply is read as. Control tokens and end tokens do not. */
    public boolean isText(int token) {
        return token >= 0 && token < textTokens && !isEnd(token);
    }

    /** True if an id ends the reply. */
    public boolean isEnd(int token) {
        return endTokens.contains(token);
    }

    /** The modality of the slot that an id takes: speech, or text for all others, control tokens too. */
    public Modality modality(int token) {
        return isSpeech(token) ? Modality.SPEECH : Modality.TEXT;
    }

    /** The effect of an id on the alternation of text and speech. */
    TokenKind kind(int token) {
        if (isSpeech(token)) return TokenKind.SPEECH;
        return speech.marks().map(marks -> marks.kind(token)).orElse(TokenKind.TEXT);
    }

    /** Codebook entry of a speech token; empty for audio padding, which is not heard, and for all other tokens. */
    public OptionalInt code(int token) {
        int code = token - speech.offset();
        return code >= 0 && code < speech.codes() ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** The text of a reply: its ids that are text, in order. */
    public int[] text(int[] reply) {
        return Arrays.stream(reply).filter(this::isText).toArray();
    }

    /** The speech codes of a reply, in order: what the vocoder gets. */
    public int[] codes(int[] reply) {
        return Arrays.stream(reply)
                .mapToObj(this::code)
                .flatMapToInt(OptionalInt::stream)
                .toArray();
    }

    /**
     * The ids that the interleave format allows where speech is expected: speech, and ids that end speech or the reply.
     * Text is not part of the format there, though a model may choose it.
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
