package sparrow.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.kernel.Kernels;
import sparrow.models.glm4voice.Glm4Voice;
import sparrow.models.tiny.BundledModel;

/** Opens spoken language models. */
public final class SpokenModels {
    private SpokenModels() {}

    /**
     * Opens a checkpoint folder.
     *
     * @param heads file or folder of exit heads; if empty, heads that lie in the model's folder are used
     * @throws IllegalArgumentException in one line if something of it is missing, broken, or of an unknown family
     * @throws IOException if a file cannot be read
     */
    public static SpokenModel open(Path folder, Optional<Path> heads, Kernels kernels) throws IOException {
        return Glm4Voice.open(folder, heads, kernels);
    }

    /**
     * Opens the tiny model that comes with the project.
     *
     * @param heads other exit heads than its own
     * @throws IOException if its files cannot be read, or not be unpacked from the jar
     */
    public static SpokenModel bundled(Optional<Path> heads, Kernels kernels) throws IOException {
        return open(BundledModel.folder(), heads, kernels);
    }
}
