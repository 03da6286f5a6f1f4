package sparrow.train;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.Block;

/** A head with gradients. One thread uses it at a time: it keeps what {@link #scores} went through for the way back. */
sealed interface TrainableHead permits FullHead, LowRankHead, TranslatedHead {
    /** A head that has not been trained: it gives the scores of the model's own output matrix. */
    static TrainableHead of(HeadShape shape, OutputRows output, InputNorm norm, SplittableRandom random) {
        return switch (shape) {
            case HeadShape.Full() -> new FullHead(output, norm);
            case HeadShape.LowRank(int rank) -> new LowRankHead(output, norm, rank, random);
            case HeadShape.Translator() -> new TranslatedHead(output, norm);
        };
    }

    List<Parameter> parameters();

    /**
     * Scores of some positions.
     *
     * @param hidden [positions, width]; kept for {@link #backward}
     * @param scores [positions, rows]
     */
    void scores(Block hidden, Block scores);

    /**
     * The gradients of all parameters, for the positions of the last {@link #scores}.
     *
     * @param gradient of the loss with respect to the scores, [positions, rows]
     */
    void backward(Block gradient);

    /** Its tensors in a file of heads, by the part of their names behind the layer. */
    Map<String, Tensor> tensors();
}
