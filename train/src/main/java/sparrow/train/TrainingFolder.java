package sparrow.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import sparrow.formats.AtomicFile;
import sparrow.formats.BadFileException;

/**
 * The folder that a training writes to: what comes out, and what is there until then. Exit heads of both kinds and a draft head may
 * lie in one.
 *
 * @param key beginning of the names of heads: {@value #HEAD} or {@value #FRAME}
 * @param result name of the file that comes out
 * @param before names of the files that are deleted when it is there: checkpoints, heads of single layers, and
 *     what proves to workers that they see the folder
 */
record TrainingFolder(Path path, String key, String result, List<String> before) {
    static final String HEAD = "head.";
    static final String FRAME = "frame.";

    private static final String PROOF = ".shared";
    private static final int MAX_BYTES_OF_PROOF = 100;

    private static final String HEADS = "heads.safetensors";
    private static final String FRAME_HEADS = "frame-heads.safetensors";
    private static final String STEP_HEAD = "step-head.safetensors";

    /** A file that was being written when a training was killed, under a name of its own ({@link AtomicFile}) or not. */
    private static final String PART = "\\.([0-9a-f]+\\.)?part";

    private static final String OURS =
            "(\\.shared|(training\\.((frame\\.)?\\d+|step)|(head|frame)\\.\\d+|(frame-)?heads|step-head)\\.safetensors)("
                    + PART + ")?";

    /** The folder of exit heads of one kind. */
    static TrainingFolder ofHeads(Path path, String key, List<Integer> layers) {
        return new TrainingFolder(
                path,
                key,
                key.equals(FRAME) ? FRAME_HEADS : HEADS,
                Stream.of(
                                layers.stream().map(layer -> checkpointName(key, layer)),
                                layers.stream().map(layer -> headName(key, layer)),
                                Stream.of(PROOF))
                        .flatMap(names -> names)
                        .toList());
    }

    static TrainingFolder ofDraftHead(Path path) {
        return new TrainingFolder(path, HEAD, STEP_HEAD, List.of(checkpointName("step")));
    }

    private static String checkpointName(Object of) {
        return "training." + of + ".safetensors";
    }

    private static String checkpointName(String key, int layer) {
        return checkpointName(key.equals(FRAME) ? FRAME + layer : layer);
    }

    private static String headName(String key, int layer) {
        return key + layer + ".safetensors";
    }

    Path file() {
        return path.resolve(result);
    }

    Path checkpoint(int layer) {
        return path.resolve(checkpointName(key, layer));
    }

    /** The checkpoint of a draft head's training. */
    Path checkpoint() {
        return path.resolve(checkpointName("step"));
    }

    Path head(int layer) {
        return path.resolve(headName(key, layer));
    }

    /**
     * Makes the folder if it is not there, and deletes half-written files of this training. No other process may be writing there yet.
     *
     * @return whether the result is there, and other files of this training still beside it
     * @throws BadFileException if it holds something else
     * @throws IOException if it cannot be read or made
     */
    boolean begin() throws IOException {
        if (Files.isRegularFile(path)) throw new BadFileException(path, "expected a folder, found a file");
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            return false;
        }
        if (Files.exists(file())) {
            if (before.stream().map(path::resolve).anyMatch(Files::exists)) return true;
            throw holdsResult();
        }
        try (Stream<Path> files = Files.list(path)) {
            boolean free = files.allMatch(file -> file.getFileName().toString().matches(OURS));
            if (!free) throw new BadFileException(path, "expected a new or empty folder, or one with checkpoints");
        }
        deleteParts();
        return false;
    }

    BadFileException holdsResult() {
        return new BadFileException(path, "holds trained heads already; choose another --out");
    }

    /** Deletes what there was before the result. */
    void deleteOthers() throws IOException {
        deleteParts();
        for (String name : before) Files.deleteIfExists(path.resolve(name));
    }

    /**
     * Puts a file into a folder that workers on other machines are to see, too.
     *
     * @return its content
     */
    static String prove(Path folder) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String proof = HexFormat.of().formatHex(random);
        AtomicFile.write(folder.resolve(PROOF), proof);
        return proof;
    }

    /**
     * Refuses a folder that is another one's of the same name.
     *
     * @throws IllegalArgumentException if the proof does not lie there
     */
    static void requireProof(Path folder, String proof) throws IOException {
        Path file = folder.resolve(PROOF);
        boolean there = Files.isRegularFile(file)
                && Files.size(file) <= MAX_BYTES_OF_PROOF
                && Files.readString(file).equals(proof);
        if (there) return;
        throw new IllegalArgumentException(
                folder + ": is not the folder that the run writes to; expected one that all machines share");
    }

    private void deleteParts() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) if (isPart(file.getFileName().toString())) Files.deleteIfExists(file);
        }
    }

    private boolean isPart(String name) {
        return before.stream()
                .anyMatch(
                        of -> name.startsWith(of) && name.substring(of.length()).matches(PART));
    }
}
