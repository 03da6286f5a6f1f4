package sparrow.models.family;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The paths of a checkpoint's parts; empty if a part is missing.
 *
 * @param languageModel folder of the language model
 * @param speechEncoder folder or file of the speech encoder
 * @param speechDecoder folder of the speech decoder
 * @param heads file of the exit heads
 * @param draftHead file of the draft head
 * @param frameHeads file of the exit heads of frames
 */
public record ModelFiles(
        Path languageModel,
        Optional<Path> speechEncoder,
        Optional<Path> speechDecoder,
        Optional<Path> heads,
        Optional<Path> draftHead,
        Optional<Path> frameHeads) {
    /** Creates the paths for a family whose speech is tokens. */
    public ModelFiles(
            Path languageModel,
            Optional<Path> speechEncoder,
            Optional<Path> speechDecoder,
            Optional<Path> heads,
            Optional<Path> draftHead) {
        this(languageModel, speechEncoder, speechDecoder, heads, draftHead, Optional.empty());
    }
}
