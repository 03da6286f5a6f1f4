package sparrow.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.family.Family;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisations;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Opens spoken language models. */
public final class SpokenModels {
    private SpokenModels() {}

    /**
     * Opens a checkpoint folder with its own heads and voice and with one compute thread per processor. Closing the
     * model ends the threads.
     *
     * @throws IllegalArgumentException if a part is missing or damaged, or the family is unknown
     * @throws IllegalStateException if the Vector API is not available
     * @throws IOException if a file cannot be read
     */
    public static SpokenModel open(Path folder) throws IOException {
        ComputePool threads = ComputePool.ofMachine();
        try {
            return open(folder, OpenOptions.NONE, Kernels.create(threads), threads::close);
        } catch (IOException | RuntimeException | Error failure) {
            threads.close();
            throw failure;
        }
    }

    /**
     * Opens a checkpoint folder.
     *
     * @throws IllegalArgumentException if a part is missing or damaged, the family is unknown, or a voice is given for
     *     a model with a fixed voice
     * @throws IOException if a file cannot be read
     */
    public static SpokenModel open(Path folder, OpenOptions options, Kernels kernels) throws IOException {
        return open(folder, options, kernels, () -> {});
    }

    private static SpokenModel open(Path folder, OpenOptions options, Kernels kernels, Runnable release)
            throws IOException {
        Family family = Families.of(folder);
        if (options.voice().isPresent()) voices(family, folder);
        return new SpokenModel(
                family.open(folder, options.heads(), options.voice(), options.device(), kernels),
                options.flow(),
                release);
    }

    /**
     * Writes a model to a new folder, with the language model in a GGUF file that llama.cpp can load. The folder also
     * contains the tokenizer, the exit heads and the audio parts, which are converted to GGUF if they are quantised.
     *
     * @param heads a file or folder of exit heads; if empty, the heads in the model's folder are used
     * @param to a new or empty folder, which becomes visible when it is complete
     * @return the matrices that were kept as f16 because their rows are not a multiple of the quantisation's block
     * @throws IllegalArgumentException if a part is missing or damaged, the family is unknown, or {@code to} is not
     *     empty
     * @throws IOException if a file cannot be read or written
     */
    public static List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        return Families.of(folder).convert(folder, heads, quantisations, to, listener);
    }

    /**
     * Creates a voice from a recording, for a model without a fixed voice.
     *
     * @param wav a recording of a few seconds
     * @param folder the model's checkpoint, whose networks analyse the recording
     * @throws IllegalArgumentException if the recording is unsuitable, the model has a fixed voice, or the module onnx
     *     is not on the class path
     * @throws IOException if a file cannot be read
     */
    public static Voice voice(Path wav, Path folder) throws IOException {
        return voices(Families.of(folder), folder).make(wav, folder);
    }

    private static Family.Voices voices(Family family, Path folder) {
        return family.voices()
                .orElseThrow(
                        () -> new IllegalArgumentException(folder + ": expected no voice, the model has a fixed one"));
    }

    /** Returns the sizes and ids of each family's published model. */
    public static List<PublishedModel> published() {
        return Families.ALL.stream().map(Family::published).toList();
    }

    /**
     * Returns the published model with the given name, such as {@code glm-4-voice-9b}.
     *
     * @throws IllegalArgumentException if there is no such model
     */
    public static PublishedModel published(String name) {
        return published().stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("model: expected "
                        + published().stream().map(PublishedModel::name).collect(Collectors.joining(" or "))
                        + ", got " + name));
    }

    /**
     * Returns the folder of the tiny bundled model, which is contained in the artifact {@code sparrow-bundled}.
     *
     * @throws IllegalArgumentException if this artifact is not on the class path
     * @throws IOException if the model cannot be unpacked from the jar
     */
    public static Path bundledFolder() throws IOException {
        return BundledModel.folder();
    }

    /**
     * Opens the tiny bundled model as {@link #open(Path)} does.
     *
     * @throws IllegalArgumentException if the artifact {@code sparrow-bundled} is not on the class path
     * @throws IllegalStateException if the Vector API is not available
     * @throws IOException if the model's files cannot be read or unpacked from the jar
     */
    public static SpokenModel bundled() throws IOException {
        return open(bundledFolder());
    }

    /**
     * Opens the tiny bundled model, which is contained in the artifact {@code sparrow-bundled}.
     *
     * @throws IllegalArgumentException if this artifact is not on the class path
     * @throws IOException if the model's files cannot be read or unpacked from the jar
     */
    public static SpokenModel bundled(OpenOptions options, Kernels kernels) throws IOException {
        return open(bundledFolder(), options, kernels);
    }

    /**
     * Returns sample questions that the bundled model can answer.
     *
     * @throws IOException if the artifact {@code sparrow-bundled} cannot be read, or is not on the class path
     */
    public static List<SampleQuestion> bundledQuestions() throws IOException {
        return BundledModel.questions().entrySet().stream()
                .map(question -> new SampleQuestion(question.getKey(), question.getValue()))
                .toList();
    }

    /**
     * A question that a model can answer.
     *
     * @param text the text of the question
     * @param recording a WAV file of the spoken question; must not be modified
     */
    public record SampleQuestion(String text, byte[] recording) {}
}
