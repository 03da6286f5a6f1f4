package sparrow.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import sparrow.engine.transformer.Transformer;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.TrainingSettings.HeadNorm;
import sparrow.train.harvest.Positions;
import sparrow.train.harvest.StoreMetadata;

/**
 * Runs a draft head along replies and compares it with the last layer. At every position, the draft head starts from
 * the state after layer L and uses the reply's own tokens.
 */
final class DraftComparison {
    /** Number of positions processed together. */
    private static final int POSITIONS = 128;

    private final StoreMetadata metadata;
    private final Transformer transformer;
    private final OutputRows output;
    private final InputNorm finalNorm;
    private final VocabularyLoss loss;
    private final Scratch embeddings;
    private final Scratch normed;
    private final Scratch scores;

    DraftComparison(StoreMetadata metadata, OutputRows output) {
        this.metadata = metadata;
        this.transformer = output.model().transformer();
        this.output = output;
        this.finalNorm = InputNorm.of(HeadNorm.FINAL, transformer);
        this.loss = new VocabularyLoss(metadata, output);
        this.embeddings = new Scratch(output.width());
        this.normed = new Scratch(output.width());
        this.scores = new Scratch(output.rows());
    }

    /** Returns the loss that compares {@link #scores} with the last layer. */
    VocabularyLoss loss() {
        return loss;
    }

    /** Computes a state from the previous state. */
    interface Cell {
        /**
         * Computes one step.
         *
         * @param step step number, counted from 1
         * @param state u_{step - 1}, [positions, width]
         * @param embeddings embeddings of the tokens between the two states, [positions, width]
         * @param next block that receives u_step, [positions, width]
         */
        void next(int step, Block state, Block embeddings, Block next);
    }

    /** Returns the metrics of each step, over the positions whose replies are long enough for this step. */
    List<HeadAgreement> of(Cell cell, int steps, Positions positions) {
        List<HeadAgreement.Sum> sums =
                Stream.generate(HeadAgreement.Sum::new).limit(steps).toList();
        for (int from = 0; from < positions.size(); from += POSITIONS) {
            Positions some = positions.range(from, Math.min(positions.size(), from + POSITIONS));
            List<Block> states = look(cell, steps, some);
            for (int j = 1; j <= steps; j++) {
                int step = j;
                loss.add(scores(states.get(step)), some.ahead(step), i -> some.hasAhead(i, step), sums.get(step - 1));
            }
        }
        return sums.stream().map(HeadAgreement.Sum::mean).toList();
    }

    /** Returns the states u_0 to u_steps of the given positions, each [positions, width]. */
    List<Block> look(Cell cell, int steps, Positions some) {
        int n = some.size();
        int width = output.width();
        List<Block> states = new ArrayList<>();
        states.add(Block.of(new float[n * width], n, width));
        some.states(metadata.modelLayers(), states.getFirst().data(), width);
        for (int step = 1; step <= steps; step++) {
            Block embedded = embeddings.rows(n);
            Positions between = some.ahead(step - 1);
            for (int i = 0; i < n; i++) {
                System.arraycopy(transformer.embed(between.token(i)), 0, embedded.data(), i * width, width);
            }
            states.add(Block.of(new float[n * width], n, width));
            cell.next(step, states.get(step - 1), embedded, states.getLast());
        }
        return states;
    }

    /** Returns the logits of the model's own head, [positions, rows], which are valid until the next call. */
    Block scores(Block state) {
        Kernels kernels = transformer.kernels();
        Block x = normed.rows(state.rows());
        finalNorm.apply(state, x);
        Block logits = scores.rows(state.rows());
        kernels.linear(x, output.weight(), null, logits);
        return logits;
    }
}
