package sparrow.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.head.DraftHead;
import sparrow.models.SpokenModel;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;

/**
 * Compares the last layer with the draft head of an opened model. The comparison includes every position in a store and
 * every step for which the head was trained. All tokens between the states are correct.
 */
public final class DraftHeadEvaluation {
    private final SpokenModel model;
    private final HarvestStore store;
    private final DraftHead head;

    /**
     * @throws IllegalArgumentException if the model has no draft head, or if the store was harvested from a different
     *     model or without the states after the last layer; the message is one line
     */
    public DraftHeadEvaluation(SpokenModel model, HarvestStore store) {
        store.requireMadeWith(model);
        store.requireLastLayer();
        this.model = model;
        this.store = store;
        this.head = model.languageModel()
                .heads()
                .draft()
                .orElseThrow(() -> new IllegalArgumentException("heads: expected a draft head, found none"));
    }

    /**
     * Returns the metrics of each step for which the head was trained, over the positions whose replies are long enough
     * for this step.
     */
    public List<HeadAgreement> figures() {
        return new DraftComparison(store.metadata(), OutputRows.all(model.languageModel()))
                .of(
                        this::next,
                        head.trainedSteps(),
                        Positions.of(store.replies(), number -> true, HeadVocabulary.FULL));
    }

    private void next(int step, Block state, Block embeddings, Block next) {
        Kernels kernels = model.languageModel().transformer().kernels();
        List<float[]> states = head.next(kernels, rows(state), rows(embeddings));
        for (int r = 0; r < states.size(); r++) {
            System.arraycopy(states.get(r), 0, next.data(), r * next.columns(), next.columns());
        }
    }

    private static List<float[]> rows(Block block) {
        int width = block.columns();
        return IntStream.range(0, block.rows())
                .mapToObj(r -> Arrays.copyOfRange(block.data(), r * width, (r + 1) * width))
                .toList();
    }
}
