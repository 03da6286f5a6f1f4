package sparrow.models.family;

import java.util.List;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * The heads of a model that predicts frames of several codes at speech positions. A head computes the depth decoder's
 * input from the backbone's hidden state after the head's layer. All heads share the depth decoder, which predicts the
 * codes of a frame one by one.
 */
public interface FrameHeads {
    /** Returns the number of codes per frame. */
    int codebooks();

    /** Returns the number of codes per codebook, including the end code. */
    int codes();

    /**
     * Returns the code that ends speech in the first codebook. The other codes of a frame with this code are ignored.
     */
    int endCode();

    /**
     * Returns whether the codes of a frame are predicted one by one in the order of the codebooks, rather than in
     * passes of several codes.
     */
    boolean predictsOneByOne();

    /** Returns the head of the last layer, applied after the final norm, [codebooks * depth width, width]. */
    Linear front();

    /**
     * Computes inputs for the depth decoder, each [codebooks * depth width].
     *
     * @param layer the layer of the head
     * @param states residual streams after this layer or another layer
     * @throws IllegalArgumentException if the layer has no head
     */
    List<float[]> inputs(int layer, List<HiddenState> states);

    /**
     * Computes each codebook's logits given the frame's codes in the previous codebooks (teacher forcing).
     *
     * @param input the depth decoder's input
     * @param codes the frame's codes
     * @return the logits for each codebook, or only for the first codebook if the frame ends speech
     */
    List<Logits> scores(float[] input, List<Integer> codes);

    /** Returns the depth decoder's layers, in which each position is a codebook. */
    Transformer decoderLayers();

    /** Returns the norm and output matrix that compute the scores of a codebook's codes. */
    HeadWeights codeRows(int codebook);

    /** Adds a code's embedding to the input of the next codebook, [depth width]. */
    void addEmbedding(int codebook, int code, float[] part);
}
