package sparrow.study.layers;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import sparrow.study.run.StudySettings;
import sparrow.study.run.StudySetup;

/**
 * A model, its questions, and the layers to read.
 *
 * @param study the model and its questions, which are answered at full depth
 * @param layers below the last one, which is always read
 * @param lens that the layers are read through
 * @throws IllegalArgumentException in one line if the model does not have a layer or no head for it
 */
public record LayerSetup(StudySetup study, SortedSet<Integer> layers, Lens lens) {
    public LayerSetup {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        if (layers.isEmpty()) throw new IllegalArgumentException("--layers: expected one or more, got none");
        // Throws before anything is stored or asked.
        lens.heads(layers, study.model().languageModel());
    }

    /** All that determines the readings. The study's folder stores it ({@link sparrow.study.folder.RunFolder}). */
    record Settings(@JsonUnwrapped StudySettings study, String lens, List<Integer> layers) {}

    /**
     * The settings that a run stores.
     *
     * @throws IOException if the file of exit heads cannot be read
     */
    Settings settings() throws IOException {
        return new Settings(study.settings(), lens.toString(), List.copyOf(layers));
    }
}
