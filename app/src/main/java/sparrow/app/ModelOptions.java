package sparrow.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Options of which model, with which heads and voice, on how many threads; a picocli mixin. */
public final class ModelOptions extends LanguageModelOptions {
    @Option(
            names = "--voice",
            paramLabel = "FILE",
            description = "The voice of the answers (Step-Audio-2): a WAV file of a speaker, or a voice file made by"
                    + " sparrow voice. Default: token2wav/voice.safetensors of the model.")
    private Path voice;

    @Override
    Optional<Path> voice() {
        return Optional.ofNullable(voice);
    }
}
