package sparrow.train;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.head.ExitHead;
import sparrow.engine.transformer.Logits;
import sparrow.models.SpokenModel;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.Kernels;
import sparrow.train.harvest.HarvestStore;
import sparrow.train.harvest.HeadVocabulary;
import sparrow.train.harvest.Positions;

/** Compares the last layer with the heads of an opened model at all positions in a store. */
public final class HeadEvaluation {
    private final LanguageModel model;
    private final HarvestStore store;

    /**
     * @throws IllegalArgumentException if the store was harvested from a different model, or if it has no layer for
     *     which the model has a head; the message is one line
     */
    public HeadEvaluation(SpokenModel model, HarvestStore store) {
        store.requireMadeWith(model);
        this.model = model.languageModel();
        this.store = store;
        if (layers().isEmpty()) {
            throw new IllegalArgumentException("heads: expected one of a layer that the store contains, "
                    + store.layers() + ", found those of " + this.model.heads().layers());
        }
    }

    private List<Integer> layers() {
        return store.layers().stream().filter(model.heads().layers()::contains).toList();
    }

    /** Returns the metrics of the heads, by layer. */
    public SortedMap<Integer, HeadAgreement> figures() {
        SortedMap<Integer, HeadAgreement> figures = new TreeMap<>();
        for (int layer : layers()) figures.put(layer, figures(model.heads().at(layer)));
        return figures;
    }

    private HeadAgreement figures(ExitHead head) {
        Kernels kernels = model.transformer().kernels();
        int width = model.width();
        // Compute the scores of any state to determine the tokens that the head predicts.
        Logits any = head.logits(model.transformer(), List.of(new float[width])).getFirst();
        int[] place = new int[model.transformer().config().vocabulary()];
        Arrays.fill(place, -1);
        for (int row = 0; row < any.values().length; row++) {
            if (any.values()[row] != Float.NEGATIVE_INFINITY) place[any.token(row)] = row;
        }
        int[] rows = IntStream.of(place).filter(row -> row >= 0).toArray();
        BitSet tokens = new BitSet();
        IntStream.range(0, place.length).filter(token -> place[token] >= 0).forEach(tokens::set);
        HeadVocabulary known = rows.length == place.length ? HeadVocabulary.FULL : HeadVocabulary.SPEECH;
        try (Arena arena = Arena.ofShared()) {
            OutputRows output = OutputRows.of(model, tokens, arena);
            return new VocabularyLoss(store.metadata(), output)
                    .agreement(
                            (hidden, scores) -> scores(head, rows, hidden, scores),
                            head.layer(),
                            Positions.of(store.replies(), number -> true, known));
        }
    }

    private void scores(ExitHead head, int[] rows, Block hidden, Block scores) {
        List<float[]> states = IntStream.range(0, hidden.rows())
                .mapToObj(r -> Arrays.copyOfRange(hidden.data(), r * hidden.columns(), (r + 1) * hidden.columns()))
                .toList();
        List<Logits> logits = head.logits(model.transformer(), states);
        for (int r = 0; r < states.size(); r++) {
            float[] values = logits.get(r).values();
            for (int i = 0; i < rows.length; i++) scores.data()[r * rows.length + i] = values[rows[i]];
        }
    }
}
