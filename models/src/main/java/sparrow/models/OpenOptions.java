package sparrow.models;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.transformer.DeviceChoice;
import sparrow.speech.vocode.FlowSettings;

/**
 * What a model is opened with beside its own files.
 *
 * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
 * @param voice who speaks, for models without a voice of their own: a WAV file of somebody speaking, or a voice file; if
 *     empty, the one that lies in the checkpoint
 * @param flow how much the flow of the spoken answers computes
 * @param device where the layers of the language model are computed
 */
public record OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow, DeviceChoice device) {
    /** Nothing beside the checkpoint, and a flow as published. */
    public static final OpenOptions NONE = new OpenOptions(Optional.empty(), Optional.empty());

    /** A flow as published. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice) {
        this(heads, voice, FlowSettings.PUBLISHED);
    }

    /** Layers where {@link DeviceChoice#preferred} has them. */
    public OpenOptions(Optional<Path> heads, Optional<Path> voice, FlowSettings flow) {
        this(heads, voice, flow, DeviceChoice.preferred());
    }
}
