package sparrow.models.family;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.device.Placement;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Kernels;

/** A kind of spoken language model: which checkpoint folders are of it, and how they become a model. */
public interface Family {
    /** Its name for people. */
    String name();

    /** The mark of its checkpoint folders. */
    Layout layout();

    /** True if a checkpoint folder is of this family; opening it tells that it is complete and sound. */
    default boolean reads(Path folder) throws IOException {
        return layout().fits(folder);
    }

    /**
     * Opens language model and text tokenizer; the audio parts follow when they are needed.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
     * @param voice of the replies, for families with {@link #voices}; if empty, the one that lies in the checkpoint
     * @param device takes the layers of the language model to a device; empty for this machine's threads
     * @throws IllegalArgumentException in one line if a part is missing, broken, or not of this family
     * @throws sparrow.engine.device.NoDeviceException in one line if the device is not there, or too small
     * @throws IOException if a file cannot be read
     */
    OpenedModel open(
            Path folder, Optional<Path> heads, Optional<Path> voice, Optional<Placement> device, Kernels kernels)
            throws IOException;

    /**
     * Makes a folder of the same model whose language model is in GGUF; audio parts, tokenizer and heads travel along, the
     * audio parts in GGUF as well if they are quantised.
     *
     * @param heads file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
     * @param to new or empty; appears when it is complete
     * @return matrices whose rows are no whole blocks of the quantisation, which were kept in f16
     * @throws IllegalArgumentException in one line if a part is missing, broken, or not of this family, or {@code to} is
     *     in use
     * @throws IOException if a file cannot be read or written
     */
    List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException;

    /** The maker of voices from recordings; empty for a family whose models have a voice of their own. */
    default Optional<Voices> voices() {
        return Optional.empty();
    }

    /** Sizes and ids of its published model, of which random files can be made. */
    PublishedModel published();

    /**
     * Writes a complete folder of random weights with the sizes of the published model, laid out as {@link #convert} lays
     * one out: for speed and memory, and for nothing else.
     *
     * @param layers of the language model, from 1 to as many as the published one has
     * @param seed the same seed gives the same files
     * @param to new or empty; appears when it is complete
     * @throws IllegalArgumentException in one line if there are no such layers, or {@code to} is in use
     * @throws IOException if it cannot be written
     */
    void writeRandom(int layers, Quantisation quantisation, long seed, Path to, ConversionListener listener)
            throws IOException;

    /** Makes voices of recordings. */
    interface Voices {
        /**
         * The voice of a speaker.
         *
         * @param wav a recording of a few seconds
         * @param folder the checkpoint, whose networks hear the voice
         * @throws IllegalArgumentException in one line if the recording does not serve, a network is missing, or the
         *     module onnx is not on the class path
         * @throws IOException if a file cannot be read
         */
        Voice make(Path wav, Path folder) throws IOException;
    }
}
