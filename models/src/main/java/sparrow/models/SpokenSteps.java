package sparrow.models;

import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Consumer;
import sparrow.engine.decode.Step;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.text.TextStream;

/** Makes text and speech of the steps of a reply, as they are decided. */
final class SpokenSteps implements Consumer<Step> {
    private final TokenSpace tokens;
    private final TextStream text;
    private final SpeechOutput output;
    private final AnswerListener listener;
    private final long start;
    private final StringBuilder words = new StringBuilder();
    private final Iterator<Integer> forced;
    private long firstToken;

    /**
     * @param forced tokens that the reply begins with
     * @param start {@link System#nanoTime} of the question
     */
    SpokenSteps(SpokenModel model, SpeechOutput output, int[] forced, AnswerListener listener, long start) {
        this.tokens = model.languageModel().tokens();
        this.text = model.textStream();
        this.output = output;
        this.forced = Arrays.stream(forced).iterator();
        this.listener = listener;
        this.start = start;
    }

    @Override
    public void accept(Step step) {
        if (firstToken == 0) firstToken = System.nanoTime() - start;
        int token = forced.hasNext() ? forced.next() : step.token();
        // What is neither a code nor text, such as an end token, is neither heard nor read.
        tokens.code(token).ifPresent(output::accept);
        if (tokens.isText(token)) say(text.accept(token));
        listener.step(step);
    }

    /** No more follow. */
    void finish() {
        say(text.finish());
    }

    private void say(String piece) {
        if (piece.isEmpty()) return;
        words.append(piece);
        listener.text(piece);
    }

    /** The text so far. */
    String words() {
        return words.toString();
    }

    /** Nanoseconds from the question to the first token; 0 before. */
    long firstToken() {
        return firstToken;
    }
}
