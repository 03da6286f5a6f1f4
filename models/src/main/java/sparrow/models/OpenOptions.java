package sparrow.models;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Files that a model is opened with beside its own.
 *
 * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
 * @param voice who speaks, for models without a voice of their own: a WAV file of somebody speaking, or a voice file; if
 *     empty, the one that lies in the checkpoint
 */
public record OpenOptions(Optional<Path> heads, Optional<Path> voice) {
    /** Nothing beside the checkpoint. */
    public static final OpenOptions NONE = new OpenOptions(Optional.empty(), Optional.empty());
}
