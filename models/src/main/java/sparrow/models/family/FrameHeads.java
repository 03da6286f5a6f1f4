package sparrow.models.family;

import java.util.List;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.HiddenState;
import sparrow.engine.transformer.Linear;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * The heads of a model whose speech positions decide frames, for those who read and train them. A head makes the input of the depth
 * decoder of the backbone's state after its layer; the depth decoder is the same for all heads, and decides the codes of a frame one
 * after the other.
 */
public interface FrameHeads {
    /** Codes of a frame. */
    int codebooks();

    /** Codes of a codebook, that which ends speech among them. */
    int codes();

    /** The code of the first codebook that ends speech: the others do not matter behind it. */
    int endCode();

    /** The head of the last layer behind the final norm, [codebooks * depth width, width]. */
    Linear front();

    /**
     * Inputs of the depth decoder, each [codebooks * depth width].
     *
     * @param layer of the head
     * @param states residual streams, of this layer or of another one
     * @throws IllegalArgumentException if the layer has no head
     */
    List<float[]> inputs(int layer, List<HiddenState> states);

    /**
     * The scores of each codebook's codes behind the given codes before it (teacher forcing).
     *
     * @param input of the depth decoder
     * @param codes of the frame
     * @return one for each codebook; of a frame that ends speech the first alone
     */
    List<Logits> scores(float[] input, List<Integer> codes);

    /** The layers of the depth decoder, a codebook at a position. */
    Transformer decoderLayers();

    /** Norm and rows that score the codes of a codebook. */
    HeadWeights codeRows(int codebook);

    /** Adds the embedding of a code to the part of the codebook behind it, [depth width]. */
    void addEmbedding(int codebook, int code, float[] part);
}
