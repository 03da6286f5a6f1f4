package sparrow.models.family;

import java.nio.file.Path;
import sparrow.engine.head.Sampling;

/**
 * Information about an open model.
 *
 * @param family the name of the model's {@link Family}
 * @param folder the checkpoint
 * @param files the paths of the checkpoint's parts
 * @param weightFormat the file format and element types of the language model's matrices, for display
 * @param card the checkpoint's card
 * @param sampling the sampling that the checkpoint recommends
 * @param codesPerSecond the number of speech codes per second of a reply
 */
public record ModelInfo(
        String family,
        Path folder,
        ModelFiles files,
        String weightFormat,
        ModelCard card,
        Sampling sampling,
        double codesPerSecond) {
    /** Returns a copy with other sampling settings. */
    ModelInfo with(Sampling other) {
        return new ModelInfo(family, folder, files, weightFormat, card, other, codesPerSecond);
    }
}
