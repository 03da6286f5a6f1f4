package sparrow.models;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.device.Placement;
import sparrow.speech.vocode.FlowSettings;

/**
 * Options for opening a model.
 *
 * @param heads a file or folder of exit heads; if empty, the checkpoint's {@code heads/} is used if it exists
 * @param voice a WAV file of a speaker or a voice file, for models without a fixed voice; if empty, the checkpoint's
 *     voice is used
 * @param flow the settings of the flow that precedes the vocoder
 * @param device the placement of the language model's layers on a device; if empty, they run on the CPU
 */
public record OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow, Optional<Placement> device) {
    /** The checkpoint's own heads and voice, the published flow settings, and the CPU. */
    public static final OpenOptions NONE = new OpenOptions(Optional.empty(), Optional.empty());

    /** Creates options with the published flow settings and the CPU. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice) {
        this(heads, voice, FlowSettings.PUBLISHED);
    }

    /** Creates options for running the language model on the CPU. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow) {
        this(heads, voice, flow, Optional.empty());
    }
}
