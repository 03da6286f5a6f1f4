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
 * @param study model and questions, answered at full depth
 * @param layers layers below the last layer, which is always read
 * @param lens head for reading the layers
 */
public record LayerSetup(StudySetup study, SortedSet<Integer> layers, Lens lens) {
    /**
     * Checks the layers.
     *
     * @throws IllegalArgumentException if the model does not have a layer, or has no head for a layer; the message is
     *     one line
     */
    public LayerSetup {
        layers = Collections.unmodifiableSortedSet(new TreeSet<>(layers));
        if (layers.isEmpty()) throw new IllegalArgumentException("--layers: expected one or more, got none");
        // Throws before any result is stored or any question is asked.
        lens.heads(layers, study.model().languageModel());
    }

    /** The settings that determine the readings, stored in the study's folder ({@link sparrow.study.folder.RunFolder}). */
    record Settings(@JsonUnwrapped StudySettings study, String lens, List<Integer> layers) {}

    /**
     * Returns the settings that a run stores.
     *
     * @throws IOException if the file of exit heads cannot be read
     */
    Settings settings() throws IOException {
        return new Settings(study.settings(), lens.toString(), List.copyOf(layers));
    }
}
