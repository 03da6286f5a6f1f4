package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.device.Placement;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisations;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Kernels;

/** A family of spoken language models, which recognises, opens and converts its checkpoint folders. */
public interface Family {
    /** Returns the family's display name. */
    String name();

    /** Returns the layout by which this family's checkpoint folders are recognised. */
    Layout layout();

    /**
     * Returns whether a checkpoint folder belongs to this family. The folder is checked for completeness and validity
     * only when it is opened.
     */
    default boolean reads(Path folder) throws IOException {
        return layout().matches(folder);
    }

    /**
     * Opens the language model and the text tokenizer. The audio parts are loaded when they are first used.
     *
     * @param heads a file or folder of exit heads; if empty, the checkpoint's {@code heads/} is used if it exists
     * @param voice the voice of the replies, for families with {@link #voices}; if empty, the checkpoint's voice is
     *     used
     * @param device the placement of the language model's layers on a device; if empty, they run on the CPU
     * @throws IllegalArgumentException if a part is missing, damaged, or not of this family
     * @throws sparrow.engine.device.NoDeviceException if the device is missing or too small
     * @throws IOException if a file cannot be read
     */
    OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException;

    /**
     * Writes the model to a new folder, with the language model in GGUF. The folder also contains the tokenizer, the
     * heads and the audio parts, which are converted to GGUF if they are quantised.
     *
     * @param heads a file or folder of exit heads; if empty, the checkpoint's {@code heads/} is used if it exists
     * @param to a new or empty folder, which becomes visible when it is complete
     * @return the matrices that were kept as f16 because their rows are not a multiple of the quantisation's block
     * @throws IllegalArgumentException if a part is missing, damaged, or not of this family, or {@code to} is not empty
     * @throws IOException if a file cannot be read or written
     */
    List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException;

    /** Returns a factory that creates voices from recordings, or empty if the family's models have a fixed voice. */
    default Optional<Voices> voices() {
        return Optional.empty();
    }

    /** Returns the sizes and ids of the published model, from which files with random weights can be created. */
    PublishedModel published();

    /** Creates voices from recordings. */
    interface Voices {
        /**
         * Creates the voice of a speaker.
         *
         * @param wav a recording of a few seconds
         * @param folder the checkpoint, whose networks analyse the recording
         * @throws IllegalArgumentException if the recording is unsuitable, a network is missing, or the module onnx is
         *     not on the class path
         * @throws IOException if a file cannot be read
         */
        Voice make(Path wav, Path folder) throws IOException;
    }
}
