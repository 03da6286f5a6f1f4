package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.TorchZip;

/** The weights of a speech decoder: {@code flow.pt} and {@code hift.pt} as published, or the same as safetensors. */
public final class SpeechDecoderFiles {
    private SpeechDecoderFiles() {}

    /**
     * Opens {@code NAME.safetensors} if there is one, else {@code NAME.pt}.
     *
     * @throws BadFileException if there is neither, or the file is broken
     * @throws IOException if it cannot be read
     */
    public static Checkpoint open(Path folder, String name) throws IOException {
        Path safetensors = folder.resolve(name + ".safetensors");
        Path torch = folder.resolve(name + ".pt");
        if (Files.isRegularFile(safetensors)) return Safetensors.open(safetensors);
        if (Files.isRegularFile(torch)) return TorchZip.open(torch);
        throw new BadFileException(folder, "expected " + name + ".pt or " + name + ".safetensors, found neither");
    }
}
