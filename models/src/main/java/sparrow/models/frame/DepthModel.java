package sparrow.models.frame;

import java.util.List;
import sparrow.engine.head.OutputHead;
import sparrow.engine.transformer.HeadWeights;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;

/**
 * The small network that predicts the codes of a frame from the output of a {@link FrontHead}. Immutable and
 * thread-safe.
 */
public interface DepthModel {
    /** Returns the number of codes per frame. */
    int codebooks();

    /** Returns the number of codes per codebook, including the end code, which is the last code. */
    int codes();

    /** Returns the code that ends speech. */
    default int endCode() {
        return codes() - 1;
    }

    /** Returns whether the codes of a frame are predicted one by one in the order of the codebooks. */
    boolean predictsOneByOne();

    /** Returns whether a frame ends speech. */
    boolean endsSpeech(List<Integer> frame);

    /** Returns the number of channels of a codebook's input. */
    int width();

    /** Returns the number of weight bytes that are read to choose a frame. */
    long frameBytes();

    /** Returns the number of weight bytes that are read to score the first code of a frame. */
    long firstBytes();

    /** Creates a chooser for one thread. */
    Chooser newChooser();

    /** Chooses frames. Not thread-safe. */
    interface Chooser {
        /**
         * Returns the frames of several positions. A frame is chosen when it is read. The result is valid until the
         * next call.
         *
         * @param inputs outputs of a front head, each [codebooks * width]; retained
         * @param queries the positions
         */
        FrameChoice choice(List<float[]> inputs, List<OutputHead.Query> queries);
    }

    /**
     * Computes each codebook's logits, given the codes of the codebooks that are decoded earlier (teacher forcing).
     *
     * @param input the output of a front head
     * @param codes the codes of the frame
     * @return the logits for each codebook; for a frame that ends speech, possibly only for the first codebooks
     */
    List<Logits> scores(float[] input, List<Integer> codes);

    /** Returns the layers. */
    Transformer layers();

    /** Returns the norm and output matrix that score the codes of a codebook. */
    HeadWeights head(int codebook);

    /** Adds the embedding of a code to the input of a codebook that depends on it, [width]. */
    void addEmbedding(int codebook, int code, float[] input);
}
