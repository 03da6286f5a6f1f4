package sparrow.app.options;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options for the model, its heads, its voice and its threads. A picocli mixin. */
public final class ModelOptions extends LanguageModelOptions {
    @Option(
            names = "--voice",
            paramLabel = "FILE",
            description = "Voice for Step-Audio-2: a WAV file, or a file written by sparrow voice.")
    private Path voice;

    /** Creates options for commands that require exact results. */
    public ModelOptions() {}

    /** @param matrixOfNamed the default of {@code --set matrix} for all models except the bundled model */
    public ModelOptions(MatrixChoice matrixOfNamed) {
        super(matrixOfNamed);
    }

    @Override
    Optional<Path> voice() {
        return Optional.ofNullable(voice);
    }
}
