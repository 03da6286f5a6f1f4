package sparrow.models.gguf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.Placement;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.models.weights.HeadFiles;
import sparrow.models.weights.HeadFiles.Kind;
import sparrow.models.weights.Resources;
import sparrow.models.weights.WeightFiles;
import sparrow.models.weights.WeightPlacement;
import sparrow.tensor.kernel.Kernels;

/**
 * A language model alone, from one GGUF file: layers and heads, no audio, no text. For speed work and parity with other
 * implementations. Closing it frees the weights.
 *
 * <p>Safe for several threads, each with a decoder of its own; the last of them closes it.
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
     * @param heads file or folder of heads (GGUF or safetensors); if empty, {@code heads/} beside the file where there is
     *     one
     * @param device takes the layers to a device; empty for this machine's threads
     * @throws BadFileException if a file is missing, broken or not of a known architecture
     * @throws sparrow.engine.device.NoDeviceException in one line if the device is not there, or too small
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

    /** Returns the layers. */
    public Transformer transformer() {
        return transformer;
    }

    /** Returns the heads, by layer. */
    public ExitHeads heads() {
        return heads;
    }

    /** File format and element types of the matrices, for people. */
    public String weightFormat() {
        return WeightFiles.format(gguf);
    }

    /**
     * Returns the model for a decoder, where the file says which ids are speech: files written by {@code sparrow
     * convert} and {@code sparrow synth} do, others do not.
     *
     * @throws BadFileException if the keys are there and wrong
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
