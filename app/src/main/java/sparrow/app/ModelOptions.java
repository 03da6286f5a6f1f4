package sparrow.app;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import sparrow.engine.transformer.DeviceChoice;

/** Options of which model, with which heads and voice, on how many threads; a picocli mixin. */
public final class ModelOptions extends LanguageModelOptions {
    @Option(
            names = "--voice",
            paramLabel = "FILE",
            description = "Step-Audio-2: the voice to speak with, a file of prompt features made by"
                    + " sparrow voice. Default: token2wav/voice.safetensors of the model.")
    private Path voice;

    /** Layers are computed where {@link DeviceChoice#preferred} has them. */
    public ModelOptions() {}

    private ModelOptions(Supplier<DeviceChoice> otherwise) {
        super(otherwise);
    }

    /**
     * Layers are computed on this machine's threads unless a device is asked for: for commands whose results are compared
     * to the bit, and for those that hardly need the layers.
     */
    public static ModelOptions onCpu() {
        return new ModelOptions(DeviceChoice.Cpu::new);
    }

    @Override
    Optional<Path> voice() {
        return Optional.ofNullable(voice);
    }
}
