package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Gguf;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.TorchZip;

/** The weights of a speech decoder: {@code flow.pt} and {@code hift.pt} as published, or as safetensors or GGUF. */
public final class SpeechDecoderFiles {
    private SpeechDecoderFiles() {}

    /**
     * Opens {@code NAME.gguf} if there is one, else {@code NAME.safetensors}, else {@code NAME.pt}.
     *
     * @throws BadFileException if there is neither, or the file is broken
     * @throws IOException if it cannot be read
     */
    public static Checkpoint open(Path folder, String name) throws IOException {
        Path gguf = folder.resolve(name + ".gguf");
        Path safetensors = folder.resolve(name + ".safetensors");
        Path torch = folder.resolve(name + ".pt");
        if (Files.isRegularFile(gguf)) return Gguf.open(gguf);
        if (Files.isRegularFile(safetensors)) return Safetensors.open(safetensors);
        if (Files.isRegularFile(torch)) return TorchZip.open(torch);
        throw new BadFileException(
                folder, "expected %1$s.pt, %1$s.safetensors or %1$s.gguf, found none".formatted(name));
    }
}
