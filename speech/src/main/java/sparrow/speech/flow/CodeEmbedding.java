package sparrow.speech.flow;

import sparrow.speech.layers.LayerReader;
import sparrow.tensor.kernel.Block;

/**
 * The embedding of speech codes.
 *
 * @param table embedding table, [vocabulary, width]
 */
public record CodeEmbedding(Block table) {
    /** Reads {@code input_embedding.weight}. */
    public static CodeEmbedding load(LayerReader reader, int vocabulary, int width) {
        float[] table = reader.values("input_embedding.weight", vocabulary, width);
        return new CodeEmbedding(Block.of(table, vocabulary, width));
    }

    /**
     * Checks that all codes are in the codebook.
     *
     * @throws IllegalArgumentException if a code is not in the codebook
     */
    public void check(int[] codes) {
        for (int code : codes) {
            if (code < 0 || code >= table.rows()) {
                throw new IllegalArgumentException("code " + code + ": expected 0 to " + (table.rows() - 1));
            }
        }
    }

    /**
     * Returns the embeddings of codes, [codes, width].
     *
     * @throws IllegalArgumentException if a code is not in the codebook
     */
    public Block of(int[] codes) {
        check(codes);
        int width = table.columns();
        Block rows = Block.of(new float[codes.length * width], codes.length, width);
        for (int i = 0; i < codes.length; i++) {
            System.arraycopy(table.data(), codes[i] * width, rows.data(), i * width, width);
        }
        return rows;
    }
}
