package sparrow.models.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.formats.text.Tokenizer;

/**
 * Writes a prompt in fragments. Each text is tokenized separately, so that no token spans two fragments. Text is never
 * converted to control tokens, which can only be written by id, so a user cannot type a control token. Not thread-safe.
 */
public final class PromptWriter {
    private final Tokenizer tokenizer;
    private final IntStream.Builder ids = IntStream.builder();
    private final List<PromptEmbeddings> embeddings = new ArrayList<>();
    private int length;

    /** Creates an empty prompt. */
    public PromptWriter(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Appends ids. */
    public PromptWriter ids(int... more) {
        for (int id : more) ids.add(id);
        length += more.length;
        return this;
    }

    /** Appends text. */
    public PromptWriter text(String text) {
        return ids(tokenizer.encodeText(text));
    }

    /**
     * Appends encoded audio.
     *
     * @param vectors the vectors that replace the ids' embeddings, [positions, width]; may be empty
     * @param placeholder the id to write at each of the positions
     */
    public PromptWriter sound(float[] vectors, int width, int placeholder) {
        if (vectors.length > 0) embeddings.add(new PromptEmbeddings(length, vectors));
        int[] positions = new int[vectors.length / width];
        Arrays.fill(positions, placeholder);
        return ids(positions);
    }

    /** Returns the number of ids written so far. */
    public int length() {
        return length;
    }

    /**
     * Returns the prompt.
     *
     * @param shared the number of leading ids that are the same in all conversations
     */
    public PromptTokens finish(int shared) {
        return new PromptTokens(ids.build().toArray(), List.copyOf(embeddings), shared);
    }
}
