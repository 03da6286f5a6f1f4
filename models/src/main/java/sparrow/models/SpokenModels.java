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
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.Quantisations;
import sparrow.models.tiny.BundledModel;
import sparrow.models.tiny.BundledQuestions;
import sparrow.speech.voice.Voice;
import sparrow.tensor.kernel.Kernels;

/** Opens spoken language models. */
public final class SpokenModels {
    private SpokenModels() {}

    /**
     * Opens a checkpoint folder.
     *
     * @throws IllegalArgumentException in one line if something of it is missing, broken, or of an unknown family, or if a
     *     voice is given to a model that has its own
     * @throws IOException if a file cannot be read
     */
    public static SpokenModel open(Path folder, OpenOptions options, Kernels kernels) throws IOException {
        Family family = Families.of(folder);
        if (options.voice().isPresent()) voices(family, folder);
        return new SpokenModel(
                family.open(folder, options.heads(), options.voice(), options.device(), kernels), options.flow());
    }

    /**
     * Makes a folder of the same model whose language model is in GGUF, tensor by tensor; audio parts, tokenizer and
     * exit heads travel along. llama.cpp loads the language model's file. Audio parts of fewer bits are in GGUF as well.
     *
     * @param heads file or folder of exit heads; if empty, heads that lie in the model's folder are used
     * @param to new or empty; appears when it is complete
     * @return matrices whose rows are no whole blocks of the quantisation, which were kept in f16
     * @throws IllegalArgumentException in one line if something of the model is missing, broken, or of an unknown family,
     *     or if {@code to} is in use
     * @throws IOException if a file cannot be read or written
     */
    public static List<TensorDescription> convert(
            Path folder, Optional<Path> heads, Quantisations quantisations, Path to, ConversionListener listener)
            throws IOException {
        return Families.of(folder).convert(folder, heads, quantisations, to, listener);
    }

    /**
     * Makes a voice of a recording, for a model that has none of its own.
     *
     * @param wav a recording of a few seconds
     * @param folder the model's checkpoint, whose networks hear the voice
     * @throws IllegalArgumentException in one line if the recording or the model does not serve, or the module onnx is not
     *     on the class path
     * @throws IOException if a file cannot be read
     */
    public static Voice voice(Path wav, Path folder) throws IOException {
        return voices(Families.of(folder), folder).make(wav, folder);
    }

    private static Family.Voices voices(Family family, Path folder) {
        return family.voices()
                .orElseThrow(
                        () -> new IllegalArgumentException(folder + ": has a voice of its own; expected no other"));
    }

    /**
     * Writes a complete folder of random weights with the sizes of a published model, which opens as any other: for speed
     * and memory, since what it says means nothing.
     *
     * @param model one of {@link #published()}
     * @param layers of the language model, from 1 to as many as the published one has
     * @param seed the same seed gives the same files
     * @param to new or empty; appears when it is complete
     * @throws IllegalArgumentException in one line if there are no such layers, or {@code to} is in use
     * @throws IOException if it cannot be written
     */
    public static void writeRandom(
            PublishedModel model,
            int layers,
            Quantisation quantisation,
            long seed,
            Path to,
            ConversionListener listener)
            throws IOException {
        Family family = Families.ALL.stream()
                .filter(candidate -> candidate.published().name().equals(model.name()))
                .findFirst()
                .orElseThrow();
        family.writeRandom(layers, quantisation, seed, to, listener);
    }

    /** Sizes and ids of every family's published model. */
    public static List<PublishedModel> published() {
        return Families.ALL.stream().map(Family::published).toList();
    }

    /**
     * The published model of a name such as {@code glm-4-voice-9b}.
     *
     * @throws IllegalArgumentException if there is none
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
     * The folder of the tiny model that comes with the project, in the artifact {@code sparrow-bundled}.
     *
     * @throws IllegalArgumentException in one line if that artifact is not on the class path
     * @throws IOException if it has to be unpacked from the jar and cannot be
     */
    public static Path bundledFolder() throws IOException {
        return BundledModel.folder();
    }

    /**
     * Opens the tiny model that comes with the project, in the artifact {@code sparrow-bundled}.
     *
     * @param options other exit heads than its own
     * @throws IllegalArgumentException in one line if that artifact is not on the class path
     * @throws IOException if its files cannot be read, or not be unpacked from the jar
     */
    public static SpokenModel bundled(OpenOptions options, Kernels kernels) throws IOException {
        return open(bundledFolder(), options, kernels);
    }

    /**
     * Questions that the bundled model answers, some of those that it knows.
     *
     * @throws IOException if the artifact {@code sparrow-bundled} cannot be read, or is not on the class path
     */
    public static List<SampleQuestion> bundledQuestions() throws IOException {
        return BundledQuestions.all().entrySet().stream()
                .map(question -> new SampleQuestion(question.getKey(), question.getValue()))
                .toList();
    }

    /**
     * A question that a model is known to answer, as a suggestion.
     *
     * @param text its words
     * @param recording a WAV file in which it is said; not to be changed
     */
    public record SampleQuestion(String text, byte[] recording) {}
}
