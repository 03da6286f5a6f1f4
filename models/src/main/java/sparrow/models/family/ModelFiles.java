package sparrow.models.family;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the parts of a checkpoint lie; empty where one is missing.
 *
 * @param languageModel folder of the language model
 * @param speechEncoder folder or file of what hears
 * @param speechDecoder folder of what speaks
 * @param heads file of the exit heads
 * @param draftHead file of the draft head
 */
public record ModelFiles(
        Path languageModel,
        Optional<Path> speechEncoder,
        Optional<Path> speechDecoder,
        Optional<Path> heads,
        Optional<Path> draftHead) {}
