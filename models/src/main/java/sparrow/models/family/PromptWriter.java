package sparrow.models.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.decode.PromptEmbeddings;
import sparrow.formats.text.Tokenizer;

/**
 * Writes a prompt, fragment by fragment. Every text is tokenized by itself, so that no token reaches across a border, and as text only:
 * control tokens go in as ids, and nothing that a user types can pose as one. For one thread.
 */
public final class PromptWriter {
    private final Tokenizer tokenizer;
    private final IntStream.Builder ids = IntStream.builder();
    private final List<PromptEmbeddings> embeddings = new ArrayList<>();
    private int length;

    /** An empty prompt. */
    public PromptWriter(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** Ids as they are. */
    public PromptWriter ids(int... more) {
        for (int id : more) ids.add(id);
        length += more.length;
        return this;
    }

    /** A text. */
    public PromptWriter text(String text) {
        return ids(tokenizer.encodeText(text));
    }

    /**
     * An encoded sound.
     *
     * @param vectors that stand in place of the embeddings of ids, [positions, width]; may be none
     * @param placeholder id at each of their positions
     */
    public PromptWriter sound(float[] vectors, int width, int placeholder) {
        if (vectors.length > 0) embeddings.add(new PromptEmbeddings(length, vectors));
        int[] positions = new int[vectors.length / width];
        Arrays.fill(positions, placeholder);
        return ids(positions);
    }

    /** Ids so far. */
    public int length() {
        return length;
    }

    /**
     * The prompt.
     *
     * @param shared leading ids that every conversation of its kind begins with
     */
    public PromptTokens finish(int shared) {
        return new PromptTokens(ids.build().toArray(), List.copyOf(embeddings), shared);
    }
}
