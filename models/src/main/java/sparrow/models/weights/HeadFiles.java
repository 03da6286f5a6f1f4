package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import sparrow.engine.exit.DraftHead;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;

/** Finds and reads exit heads and draft heads. */
public final class HeadFiles {
    private static final List<String> NAMES = List.of("heads.gguf", "heads.safetensors");
    private static final List<String> FRAME_NAMES = List.of("frame-heads.gguf", "frame-heads.safetensors");
    private static final List<String> STEP_NAMES = List.of("step-head.gguf", "step-head.safetensors");

    private HeadFiles() {}

    /**
     * The file of exit heads for a model.
     *
     * @param given file or folder of heads; if empty, {@code heads/} of the checkpoint where it has one
     * @param checkpoint the model's folder
     * @return empty also where a draft head alone was named
     * @throws BadFileException if heads were named and are not there
     */
    public static Optional<Path> find(Optional<Path> given, Path checkpoint) {
        if (given.isEmpty()) return in(checkpoint.resolve("heads"), NAMES);
        return named(given.get(), NAMES).filter(file -> !isDraftHead(file));
    }

    /**
     * The file of the draft head for a model, looked for as {@link #find} looks for exit heads.
     *
     * @return empty also where a file of exit heads was named
     * @throws BadFileException if heads were named and are not there
     */
    public static Optional<Path> findDraft(Optional<Path> given, Path checkpoint) {
        if (given.isEmpty()) return in(checkpoint.resolve("heads"), STEP_NAMES);
        return named(given.get(), STEP_NAMES).filter(HeadFiles::isDraftHead);
    }

    /**
     * The file of exit heads that stand in front of a depth decoder, for a model whose speech positions decide frames.
     *
     * @param given folder of heads, or a file of exit heads, which has none beside it; if empty, {@code heads/} of the checkpoint
     */
    public static Optional<Path> findFrameHeads(Optional<Path> given, Path checkpoint) {
        return in(given.orElseGet(() -> checkpoint.resolve("heads")), FRAME_NAMES);
    }

    /** Files tell what they hold by their names, so that a folder can hold both kinds. */
    private static boolean isDraftHead(Path file) {
        return file.getFileName().toString().startsWith("step-head.");
    }

    private static Optional<Path> named(Path heads, List<String> names) {
        if (Files.isDirectory(heads)) {
            if (in(heads, NAMES).or(() -> in(heads, STEP_NAMES)).isEmpty()) {
                throw new BadFileException(
                        heads,
                        "expected " + String.join(" or ", NAMES) + ", or " + String.join(" or ", STEP_NAMES)
                                + ", found none of them");
            }
            return in(heads, names);
        }
        if (!Files.isRegularFile(heads)) throw new BadFileException(heads, "no such file of exit heads");
        return Optional.of(heads);
    }

    private static Optional<Path> in(Path folder, List<String> names) {
        return names.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
    }

    /**
     * The heads of two files, or the full-depth head alone where there are none.
     *
     * @param exits file of the exit heads
     * @param draft file of the draft head
     * @param weights of the model, whose resources own the files from now on
     * @throws BadFileException if a file does not fit the model
     * @throws IOException if it cannot be read
     */
    public static ExitHeads read(
            Optional<Path> exits, Optional<Path> draft, Transformer transformer, WeightPlacement weights)
            throws IOException {
        ExitHeads heads = ExitHeads.none(transformer);
        if (exits.isPresent()) {
            Checkpoint file = weights.resources().own(WeightFiles.file(exits.get()));
            heads = ExitHeads.read(file, transformer, weights.beside(transformer, file));
        }
        if (draft.isEmpty()) return heads;
        Checkpoint file = weights.resources().own(WeightFiles.file(draft.get()));
        // Computed on this machine, wherever the layers are.
        return heads.withDraft(DraftHead.read(file, transformer, weights.here(file)));
    }
}
