package sparrow.study.layers;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.study.run.StudySetup;

/**
 * A model, its questions, and the layers to read.
 *
 * @param study the model and its questions, which are answered at full depth
 * @param layers below the last one, which is always read
 * @param lens that the layers are read through
 */
public record LayerSetup(StudySetup study, SortedSet<Integer> layers, Lens lens) {
    public LayerSetup {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        if (layers.isEmpty()) throw new IllegalArgumentException("--layers: expected one or more, got none");
    }
}
