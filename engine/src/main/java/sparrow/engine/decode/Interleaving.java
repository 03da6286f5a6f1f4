package sparrow.engine.decode;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Puts a spoken reply into the history of a conversation: its text and its speech codes become the ids that a model with
 * {@link SpeechMarks} would have decided (the tokenizer of StepFun's serving code). {@link TokenSpace#text} and
 * {@link TokenSpace#codes} take such ids apart again.
 */
public final class Interleaving {
    private final InterleaveFormat format;
    private final TokenSpace tokens;
    private final SpeechMarks marks;
    private final int audioPadding;

    /**
     * @throws IllegalArgumentException if the vocabulary has no marks of speech, or no audio padding
     */
    public Interleaving(InterleaveFormat format, TokenSpace tokens) {
        this.format = format;
        this.tokens = tokens;
        this.marks = tokens.speech()
                .marks()
                .orElseThrow(() -> new IllegalArgumentException("interleaving: the vocabulary has no speech marks"));
        if (tokens.speechTokens() == tokens.codes()) {
            throw new IllegalArgumentException("interleaving: the vocabulary has no audio padding");
        }
        this.audioPadding = tokens.speechOffset() + tokens.codes();
    }

    /**
     * A spoken reply: the start mark, then cycles of text and speech, then the end mark. Text that is shorter than its
     * speech is padded to the last cycle. Speech is padded only where it has fewer tokens than there are cycles, and then
     * to one for each: the last chunks may be short or missing.
     *
     * @param text ids
     * @param codes speech codes, from 0
     * @throws IllegalArgumentException if one of them is no text token or has no speech token
     */
    public int[] join(int[] text, int[] codes) {
        int cycles = Math.max(
                Math.ceilDiv(text.length, format.textTokens()), Math.ceilDiv(codes.length, format.speechTokens()));
        int[] read = padded(checkedText(text), cycles * format.textTokens(), marks.textPadding());
        int[] heard = padded(speech(codes), Math.max(codes.length, cycles), audioPadding);
        IntStream.Builder ids = IntStream.builder();
        ids.add(marks.start());
        for (int cycle = 0; cycle < cycles; cycle++) {
            run(read, cycle, format.textTokens()).forEach(ids::add);
            run(heard, cycle, format.speechTokens()).forEach(ids::add);
        }
        ids.add(marks.end());
        return ids.build().toArray();
    }

    private int[] checkedText(int[] text) {
        for (int id : text) {
            if (!tokens.isText(id)) {
                throw new IllegalArgumentException("interleaving: expected text tokens, got id " + id);
            }
        }
        return text;
    }

    private int[] speech(int[] codes) {
        for (int code : codes) {
            if (code < 0 || code >= tokens.codes()) {
                throw new IllegalArgumentException(
                        "interleaving: expected codes from 0 to " + (tokens.codes() - 1) + ", got " + code);
            }
        }
        return Arrays.stream(codes).map(code -> tokens.speechOffset() + code).toArray();
    }

    private static int[] padded(int[] ids, int length, int padding) {
        int[] padded = Arrays.copyOf(ids, length);
        Arrays.fill(padded, ids.length, length, padding);
        return padded;
    }

    /** What is left for the run of a cycle. */
    private static IntStream run(int[] ids, int cycle, int length) {
        int from = Math.min(cycle * length, ids.length);
        return Arrays.stream(ids, from, Math.min(from + length, ids.length));
    }
}
