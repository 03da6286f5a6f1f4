package sparrow.models;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.device.Placement;
import sparrow.speech.vocode.FlowSettings;

/**
 * The choices with which a model is opened, beside its own files.
 *
 * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
 * @param voice of the replies, for models without a voice of their own: a WAV file of a speaker, or a voice file; if
 *     empty, the one that lies in the checkpoint
 * @param flow how much the flow of the spoken answers computes
 * @param device takes the layers of the language model to a device; empty for this machine's threads
 */
public record OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow, Optional<Placement> device) {
    /** Nothing beside the checkpoint, and a flow as published. */
    public static final OpenOptions NONE = new OpenOptions(Optional.empty(), Optional.empty());

    /** A flow as published. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice) {
        this(heads, voice, FlowSettings.PUBLISHED);
    }

    /** Layers on this machine's threads. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow) {
        this(heads, voice, flow, Optional.empty());
    }
}
