package sparrow.app;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.SpeechLogits;
import sparrow.engine.exit.DepthPolicy;
import sparrow.engine.exit.ExitPolicy;
import sparrow.models.gguf.PublishedModel;
import sparrow.models.gguf.Quantisation;

/** A model of random weights that no file holds, for {@code sparrow bench}; a picocli mixin. */
final class LikeBench {
    /** What is said of such a model. */
    static final String NOTE =
            "random weights, made on the device: time and memory are those of a model of these sizes; what it"
                    + " says means nothing, nor does what depends on it, such as exits by confidence";

    @Option(
            names = "--like",
            paramLabel = "MODEL",
            description = "Measure a model of random weights that the device makes, as large as a published one"
                    + " (glm-4-voice-9b or step-audio-2-mini), without any file: what would this card do? With --kernels:"
                    + " the matrices of this model alone.")
    private PublishedModel model;

    @Option(
            names = "--quant",
            paramLabel = "TYPE",
            description =
                    "With --like: format of the matrices, q8_0, q4_0, bf16 or f16. With --kernels: this one alone.")
    private Quantisation quantisation;

    @Option(names = "--layers", paramLabel = "N", description = "With --like: fewer layers. Default: all.")
    private Integer layers;

    /** Whether such a model is to be measured. */
    boolean isAsked() {
        return model != null;
    }

    /** @throws IllegalArgumentException in one line if options contradict each other */
    void check() {
        if (isAsked() && quantisation == null) {
            throw new IllegalArgumentException("--quant: expected with --like, one of q8_0, q4_0, bf16 and f16");
        }
        if (!isAsked() && quantisation != null) throw new IllegalArgumentException("--quant: expected with --like");
        if (!isAsked() && layers != null) throw new IllegalArgumentException("--layers: expected with --like");
    }

    /** Opens it. */
    LanguageModelOptions.Measured open(LanguageModelOptions options) throws IOException {
        return options.openRandom(model, layers == null ? model.config().layers() : layers, quantisation);
    }

    /** SPAR-K's two schedules with the deepest of the model's exit heads. */
    static List<DepthPolicy> policies(LanguageModel model) {
        return model.heads().layers().stream()
                .filter(layer -> layer < model.layers())
                .max(Integer::compare)
                .map(layer -> List.<DepthPolicy>of(
                        new ExitPolicy.Periodic("FE", layer), new ExitPolicy.Periodic("FEE", layer)))
                .orElse(List.of());
    }

    /** Both choices of logits. */
    static List<SpeechLogits> speechLogits() {
        return List.of(SpeechLogits.ALL, SpeechLogits.SPEECH);
    }

    /** The model whose sizes are taken; null for all. */
    PublishedModel model() {
        return model;
    }

    /** The format; null for all. */
    Quantisation quantisation() {
        return quantisation;
    }
}
