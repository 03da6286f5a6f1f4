package sparrow.models.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.formats.text.Tokenizer;

/**
 * Writes a prompt fragment by fragment. Each text is tokenized separately, so that no token spans two fragments, and
 * without control tokens, which can be written by id only: a user cannot type one. Not thread-safe.
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

    /** Appends a text. */
    public PromptWriter text(String text) {
        return ids(tokenizer.encodeText(text));
    }

    /**
     * Appends an encoded sound.
     *
     * @param vectors vectors used instead of embeddings of ids, [positions, width]; may be empty
     * @param placeholder id to write at each of the positions
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
     * @param shared number of leading ids that all such conversations share
     */
    public PromptTokens finish(int shared) {
        return new PromptTokens(ids.build().toArray(), List.copyOf(embeddings), shared);
    }
}
