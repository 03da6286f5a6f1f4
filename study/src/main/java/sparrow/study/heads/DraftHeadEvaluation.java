package sparrow.study.heads;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import sparrow.engine.exit.DraftHead;
import sparrow.engine.interleave.Modality;
import sparrow.engine.kernel.Block;
import sparrow.engine.kernel.Kernels;
import sparrow.models.SpokenModel;

/**
 * Compares the draft head that a model was opened with, as it runs, with the last layer: at every position of a store and
 * for every step that it was trained for, where all tokens between are right.
 */
public final class DraftHeadEvaluation {
    /** First places of the groups of places in a run of speech, counted from 1. */
    private static final int[] PLACES = {1, 2, 8, 14, 27};

    private final SpokenModel model;
    private final HarvestStore store;
    private final DraftHead head;

    /**
     * @throws IllegalArgumentException in one line if the model has no draft head, or the store was harvested from another
     *     model or without the states after the last layer
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
     * Figures of one step.
     *
     * @param step from 1
     * @param all over all positions that lie so many steps ahead
     * @param places speech alone, by place in its run of speech positions
     */
    public record StepFigures(int step, HeadAgreement all, List<PlaceFigures> places) {
        public StepFigures {
            places = List.copyOf(places);
        }
    }

    /**
     * Some places in a run of speech positions.
     *
     * @param from the first, counted from 1; the last is the one before the next group's first
     */
    public record PlaceFigures(int from, Figures figures) {}

    /** The figures of all steps that the head was trained for. */
    public List<StepFigures> figures() {
        int steps = head.trainedSteps();
        HeadAgreement.Sum[] all = new HeadAgreement.Sum[steps];
        Figures.Sum[][] places = new Figures.Sum[steps][PLACES.length];
        for (int step = 0; step < steps; step++) {
            all[step] = new HeadAgreement.Sum();
            Arrays.setAll(places[step], i -> new Figures.Sum());
        }
        Positions positions = Positions.of(store.replies(), number -> true, HeadVocabulary.FULL);
        new DraftComparison(store.metadata(), OutputRows.all(model.languageModel()))
                .add(this::next, steps, positions, (step, ahead, i) -> {
                    Figures.Sum whole = all[step - 1].of(ahead.modality(i));
                    if (ahead.modality(i) == Modality.TEXT) return List.of(whole);
                    return List.of(whole, places[step - 1][group(ahead.placeInRun(i))]);
                });
        List<StepFigures> figures = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            figures.add(new StepFigures(step, all[step - 1].mean(), places(places[step - 1])));
        }
        return figures;
    }

    private static int group(int place) {
        int found = Arrays.binarySearch(PLACES, place);
        return found >= 0 ? found : -found - 2;
    }

    private static List<PlaceFigures> places(Figures.Sum[] sums) {
        return IntStream.range(0, sums.length)
                .mapToObj(i -> new PlaceFigures(PLACES[i], sums[i].mean()))
                .filter(place -> place.figures().positions() > 0)
                .toList();
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
