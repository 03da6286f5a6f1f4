package sparrow.models.family;

import java.nio.file.Path;
import sparrow.engine.head.Sampling;

/**
 * Facts of an open model.
 *
 * @param family name of its {@link Family}
 * @param folder the checkpoint
 * @param files the places of its parts
 * @param weightFormat file format and element types of the language model's matrices, for people
 * @param card of the checkpoint
 * @param sampling that the checkpoint recommends
 * @param codesPerSecond speech codes of one second of a reply
 */
public record ModelInfo(
        String family,
        Path folder,
        ModelFiles files,
        String weightFormat,
        ModelCard card,
        Sampling sampling,
        double codesPerSecond) {
    /** The same with another sampling. */
    ModelInfo with(Sampling other) {
        return new ModelInfo(family, folder, files, weightFormat, card, other, codesPerSecond);
    }
}
