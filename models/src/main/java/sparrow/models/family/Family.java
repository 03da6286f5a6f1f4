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

/** A family of spoken language models: recognises its checkpoint folders, and opens and converts them. */
public interface Family {
    /** Returns the display name. */
    String name();

    /** Returns the layout by which checkpoint folders of this family are recognised. */
    Layout layout();

    /**
     * Returns true if a checkpoint folder is of this family. Whether it is complete and valid is checked on opening.
     */
    default boolean reads(Path folder) throws IOException {
        return layout().matches(folder);
    }

    /**
     * Opens the language model and the text tokenizer; audio parts are loaded on first use.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint if there is one
     * @param voice voice of the replies, for families with {@link #voices}; if empty, the checkpoint's voice
     * @param device places the layers of the language model on a device; if empty, they run on the CPU
     * @throws IllegalArgumentException if a part is missing, broken, or not of this family
     * @throws sparrow.engine.device.NoDeviceException if the device is missing or too small
     * @throws IOException if a file cannot be read
     */
    OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException;

    /**
     * Writes the model to a new folder with the language model in GGUF. Tokenizer and heads are included, and so are
     * the audio parts, which are converted to GGUF if they are quantised.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint if there is one
     * @param to a new or empty folder, which appears when it is complete
     * @return the matrices that were kept in f16 because their rows are not a multiple of the quantisation's block
     * @throws IllegalArgumentException if a part is missing, broken, or not of this family, or {@code to} is not empty
     * @throws IOException if a file cannot be read or written
     */
    List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException;

    /** Returns the factory of voices from recordings; empty if the family's models have a fixed voice. */
    default Optional<Voices> voices() {
        return Optional.empty();
    }

    /** Returns the sizes and ids of the published model, from which random files can be made. */
    PublishedModel published();

    /** Makes voices from recordings. */
    interface Voices {
        /**
         * Returns the voice of a speaker.
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
