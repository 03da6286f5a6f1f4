package sparrow.models.family;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The paths of a checkpoint's parts. A path is empty if the part is missing.
 *
 * @param languageModel the language model's folder
 * @param speechEncoder the speech encoder's folder or file
 * @param speechDecoder the speech decoder's folder
 * @param heads the file of the exit heads
 * @param draftHead the file of the draft head
 * @param frameHeads the file of the frame exit heads
 */
public record ModelFiles(
        Path languageModel,
        Optional<Path> speechEncoder,
        Optional<Path> speechDecoder,
        Optional<Path> heads,
        Optional<Path> draftHead,
        Optional<Path> frameHeads) {
    /** Creates the paths for a family that represents speech as tokens. */
    public ModelFiles(
            Path languageModel,
            Optional<Path> speechEncoder,
            Optional<Path> speechDecoder,
            Optional<Path> heads,
            Optional<Path> draftHead) {
        this(languageModel, speechEncoder, speechDecoder, heads, draftHead, Optional.empty());
    }
}
