package sparrow.models.family;

import java.util.List;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * The heads of a model whose speech positions predict frames of several codes. A head computes the input of the depth
 * decoder from the backbone's hidden state after the head's layer. All heads share the depth decoder, which predicts
 * the codes of a frame one by one.
 */
public interface FrameHeads {
    /** Returns the number of codes per frame. */
    int codebooks();

    /** Returns the number of codes per codebook, including the end code. */
    int codes();

    /** Returns the code of the first codebook that ends speech; the frame's other codes are then ignored. */
    int endCode();

    /** Returns the head of the last layer, applied after the final norm, [codebooks * depth width, width]. */
    Linear front();

    /**
     * Computes inputs of the depth decoder, each [codebooks * depth width].
     *
     * @param layer layer of the head
     * @param states residual streams, after this layer or another one
     * @throws IllegalArgumentException if the layer has no head
     */
    List<float[]> inputs(int layer, List<HiddenState> states);

    /**
     * Computes the logits of each codebook given the frame's codes of the codebooks before it (teacher forcing).
     *
     * @param input input of the depth decoder
     * @param codes codes of the frame
     * @return the logits of each codebook; of a frame that ends speech, those of the first codebook only
     */
    List<Logits> scores(float[] input, List<Integer> codes);

    /** Returns the layers of the depth decoder, in which each position is a codebook. */
    Transformer decoderLayers();

    /** Returns the norm and output matrix that score the codes of a codebook. */
    HeadWeights codeRows(int codebook);

    /**
     * Adds the embedding of a code to the input of the next codebook.
     *
     * @param part [depth width]
     */
    void addEmbedding(int codebook, int code, float[] part);
}
