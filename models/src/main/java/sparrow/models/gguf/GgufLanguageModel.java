package sparrow.models.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.Placement;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;
import sparrow.models.weights.WeightPlacement;
import sparrow.tensor.kernel.Kernels;

/**
 * A language model in one GGUF file, without audio parts or a tokenizer, for benchmarks and comparison with other
 * implementations. Closing it frees the weights.
 *
 * <p>Thread-safe; each thread uses its own decoder.
 */
public final class GgufLanguageModel implements AutoCloseable {
    private final Gguf gguf;
    private final Resources resources;
    private final Transformer transformer;
    private final ExitHeads heads;

    private GgufLanguageModel(Gguf gguf, Resources resources, Transformer transformer, ExitHeads heads) {
        this.gguf = gguf;
        this.resources = resources;
        this.transformer = transformer;
        this.heads = heads;
    }

    /**
     * Opens a file.
     *
     * @param heads a file or folder of heads (GGUF or safetensors); if empty, {@code heads/} in the file's folder is
     *     used if it exists
     * @param device the placement of the layers on a device; if empty, they run on the CPU
     * @throws BadFileException if a file is missing or damaged, or its architecture is not supported
     * @throws sparrow.engine.device.NoDeviceException if the device is missing or too small
     * @throws IOException if a file cannot be read
     */
    public static GgufLanguageModel open(Path file, Optional<Path> heads, Optional<Placement> device, Kernels kernels)
            throws IOException {
        return Resources.opening(resources -> {
            Gguf gguf = resources.own(Gguf.open(file));
            WeightPlacement weights = new WeightPlacement(resources, kernels, device);
            TransformerConfig config = GgufTransformer.config(gguf);
            Transformer transformer =
                    weights.transformer(gguf, load -> GgufTransformer.load(config, gguf, kernels, load));
            Path folder = file.toAbsolutePath().getParent();
            HeadFiles.refuseFrameHeads(heads, folder);
            Optional<Path> exits = HeadFiles.find(Kind.EXIT, heads, folder);
            Optional<Path> draft = HeadFiles.find(Kind.DRAFT, heads, folder);
            return new GgufLanguageModel(
                    gguf, resources, transformer, HeadFiles.read(exits, draft, transformer, weights));
        });
    }

    /** Returns the model's layers. */
    public Transformer transformer() {
        return transformer;
    }

    /** Returns the model's heads by layer. */
    public ExitHeads heads() {
        return heads;
    }

    /** Returns the file format and element types of the matrices, for display. */
    public String weightFormat() {
        return WeightFiles.format(gguf);
    }

    /**
     * Returns the model for a decoder, or empty if the file does not specify which ids are speech. Only files written
     * by {@code sparrow convert} and {@code sparrow synth} specify them.
     *
     * @throws BadFileException if the keys that specify them are invalid
     */
    public Optional<LanguageModel> languageModel() {
        if (!VoiceKeys.in(gguf)) return Optional.empty();
        int vocabulary = transformer.config().vocabulary();
        return Optional.of(
                new LanguageModel(transformer, heads, VoiceKeys.tokens(gguf, vocabulary), VoiceKeys.interleave(gguf)));
    }

    @Override
    public void close() {
        resources.close();
    }
}
