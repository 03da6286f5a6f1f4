package sparrow.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sparrow.engine.head.DraftHead;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;

/** Finds files that contain exit heads and draft heads, and reads heads over the vocabulary. */
public final class HeadFiles {
    /** Kinds of heads. A file's name determines its kind, so a folder may contain all kinds. */
    public enum Kind {
        /** Exit heads over the vocabulary. */
        EXIT("heads"),
        /** The draft head. */
        DRAFT("step-head"),
        /** Exit heads whose output the depth decoder reads, for models that represent speech as frames. */
        FRAME("frame-heads");

        private final String stem;

        Kind(String stem) {
            this.stem = stem;
        }

        private List<String> names() {
            return List.of(stem + ".gguf", stem + ".safetensors");
        }

        private Optional<Path> in(Path folder) {
            return names().stream()
                    .map(folder::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst();
        }

        private static Kind of(Path file) {
            String name = file.getFileName().toString();
            if (name.startsWith("step-head.")) return DRAFT;
            return name.startsWith("frame-heads.") ? FRAME : EXIT;
        }
    }

    private HeadFiles() {}

    /**
     * Returns the file that contains a model's heads of the given kind.
     *
     * @param given a file or folder of heads; if empty, the checkpoint's {@code heads/} is used if it exists
     * @param checkpoint the model's folder
     * @return the file, or empty if there are no heads of this kind
     * @throws BadFileException if the given file or folder does not exist or contains no heads
     */
    public static Optional<Path> find(Kind kind, Optional<Path> given, Path checkpoint) {
        if (given.isEmpty()) return kind.in(checkpoint.resolve("heads"));
        Path heads = given.get();
        if (Files.isDirectory(heads)) {
            if (Stream.of(Kind.values()).allMatch(any -> any.in(heads).isEmpty())) {
                String names = Stream.of(Kind.values())
                        .map(any -> String.join(" or ", any.names()))
                        .collect(Collectors.joining(", or "));
                throw new BadFileException(heads, "expected " + names + ", found none of them");
            }
            return kind.in(heads);
        }
        if (!Files.isRegularFile(heads)) throw new BadFileException(heads, "no such file of exit heads");
        return Optional.of(heads).filter(file -> Kind.of(file) == kind);
    }

    /**
     * Checks that the heads for a model that represents speech as tokens are not only frame heads.
     *
     * @throws BadFileException if there are frame heads and no other heads
     */
    public static void refuseFrameHeads(Optional<Path> given, Path checkpoint) {
        if (given.isEmpty() || find(Kind.FRAME, given, checkpoint).isEmpty()) return;
        if (find(Kind.EXIT, given, checkpoint)
                .or(() -> find(Kind.DRAFT, given, checkpoint))
                .isEmpty()) {
            throw new BadFileException(given.get(), "expected token heads, found only frame heads");
        }
    }

    /**
     * Reads heads. Without files, the result contains only the full-depth head.
     *
     * @param exits the file of the exit heads
     * @param draft the file of the draft head
     * @param weights the placement of the model's weights, whose resources take ownership of the files
     * @throws BadFileException if a file does not match the model
     * @throws IOException if a file cannot be read
     */
    public static ExitHeads read(
            Optional<Path> exits, Optional<Path> draft, Transformer transformer, WeightPlacement weights)
            throws IOException {
        ExitHeads heads = ExitHeads.none(transformer);
        if (exits.isPresent()) {
            Checkpoint file = weights.resources().own(WeightFiles.file(exits.get()));
            heads = ExitHeads.read(file, transformer, weights.forHeads(transformer, file));
        }
        if (draft.isEmpty()) return heads;
        Checkpoint file = weights.resources().own(WeightFiles.file(draft.get()));
        // The draft head is always computed on the CPU.
        return heads.withDraft(DraftHead.read(file, transformer, weights.onCpu(file)));
    }
}
