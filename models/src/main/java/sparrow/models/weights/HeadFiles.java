package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;

/** Finds and reads exit heads. */
public final class HeadFiles {
    private static final List<String> NAMES = List.of("heads.gguf", "heads.safetensors");

    private HeadFiles() {}

    /**
     * The file of exit heads for a model.
     *
     * @param given file or folder of exit heads; if empty, {@code heads/} of the checkpoint where it has one
     * @param checkpoint the model's folder
     * @throws BadFileException if some were named and are not there
     */
    public static Optional<Path> find(Optional<Path> given, Path checkpoint) {
        return given.map(HeadFiles::file).or(() -> in(checkpoint.resolve("heads")));
    }

    private static Path file(Path heads) {
        if (Files.isDirectory(heads)) {
            return in(heads)
                    .orElseThrow(() ->
                            new BadFileException(heads, "expected " + String.join(" or ", NAMES) + ", found neither"));
        }
        if (!Files.isRegularFile(heads)) throw new BadFileException(heads, "no such file of exit heads");
        return heads;
    }

    private static Optional<Path> in(Path folder) {
        return NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * The heads of a file, or the full-depth head alone where there is none.
     *
     * @param resources own the file from now on
     * @throws BadFileException if the file does not fit the model
     * @throws IOException if it cannot be read
     */
    public static ExitHeads read(Optional<Path> file, Transformer transformer, Resources resources, Kernels kernels)
            throws IOException {
        if (file.isEmpty()) return ExitHeads.none(transformer);
        Checkpoint heads = resources.own(WeightFiles.file(file.get()));
        return ExitHeads.read(heads, transformer, resources.loader(heads, kernels));
    }
}
