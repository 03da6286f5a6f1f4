package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.exit.DraftHead;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.engine.weights.BadFileException;
import sparrow.engine.weights.Checkpoint;

/** Finds exit heads and draft heads, and reads those over the vocabulary. */
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
     * @return empty also where heads of another kind alone were named
     * @throws BadFileException if heads were named and are not there
     */
    public static Optional<Path> find(Optional<Path> given, Path checkpoint) {
        return find(given, checkpoint, NAMES);
    }

    /**
     * The file of the draft head for a model, looked for as {@link #find(Optional, Path)} looks for exit heads.
     *
     * @throws BadFileException if heads were named and are not there
     */
    public static Optional<Path> findDraft(Optional<Path> given, Path checkpoint) {
        return find(given, checkpoint, STEP_NAMES);
    }

    /**
     * The file of exit heads that stand in front of a depth decoder, for a model whose speech positions decide frames, looked for in the
     * same way.
     *
     * @throws BadFileException if heads were named and are not there
     */
    public static Optional<Path> findFrameHeads(Optional<Path> given, Path checkpoint) {
        return find(given, checkpoint, FRAME_NAMES);
    }

    /**
     * Refuses heads of frames that were named for a model whose speech is tokens.
     *
     * @throws BadFileException if those alone were
     */
    public static void refuseFrameHeads(Optional<Path> given, Path checkpoint) {
        if (given.isEmpty() || findFrameHeads(given, checkpoint).isEmpty()) return;
        if (find(given, checkpoint).or(() -> findDraft(given, checkpoint)).isEmpty()) {
            throw new BadFileException(given.get(), "expected heads of tokens, found heads of frames alone");
        }
    }

    private static Optional<Path> find(Optional<Path> given, Path checkpoint, List<String> names) {
        if (given.isEmpty()) return in(checkpoint.resolve("heads"), names);
        Path heads = given.get();
        if (Files.isDirectory(heads)) {
            if (Stream.of(NAMES, STEP_NAMES, FRAME_NAMES)
                    .allMatch(kind -> in(heads, kind).isEmpty())) {
                throw new BadFileException(
                        heads,
                        "expected " + String.join(" or ", NAMES) + ", or " + String.join(" or ", STEP_NAMES) + ", or "
                                + String.join(" or ", FRAME_NAMES) + ", found none of them");
            }
            return in(heads, names);
        }
        if (!Files.isRegularFile(heads)) throw new BadFileException(heads, "no such file of exit heads");
        return Optional.of(heads).filter(file -> kind(file).equals(names));
    }

    /** Files tell what they hold by their names, so that a folder can hold all kinds. */
    private static List<String> kind(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith("step-head.")) return STEP_NAMES;
        return name.startsWith("frame-heads.") ? FRAME_NAMES : NAMES;
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
