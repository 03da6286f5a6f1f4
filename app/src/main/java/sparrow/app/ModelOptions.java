package sparrow.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of the model, its heads, its voice and its threads; a picocli mixin. */
public final class ModelOptions extends LanguageModelOptions {
    @Option(
            names = "--voice",
            paramLabel = "FILE",
            description = "Step-Audio-2: the voice to speak with, a file of prompt features made by"
                    + " sparrow voice. Default: token2wav/voice.safetensors of the model.")
    private Path voice;

    @Override
    Optional<Path> voice() {
        return Optional.ofNullable(voice);
    }
}
