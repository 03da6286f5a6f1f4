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
 * The folder to which a training writes its result and, until then, its intermediate files. Both kinds of exit heads
 * and a draft head may be in the same folder.
 *
 * @param key prefix of head names: {@value #HEAD} or {@value #FRAME}
 * @param result name of the result file
 * @param before names of the files that are deleted when the result exists: checkpoints, heads of single layers, and
 *     the file that proves to workers that they access the same folder
 */
record TrainingFolder(Path path, String key, String result, List<String> before) {
    static final String HEAD = "head.";
    static final String FRAME = "frame.";

    private static final String PROOF = ".shared";
    private static final int MAX_BYTES_OF_PROOF = 100;

    private static final String HEADS = "heads.safetensors";
    private static final String FRAME_HEADS = "frame-heads.safetensors";
    private static final String STEP_HEAD = "step-head.safetensors";

    /**
     * Pattern of the suffix of an incomplete file, which a killed training may leave. The suffix may contain a unique
     * part ({@link AtomicFile}).
     */
    private static final String PART = "\\.([0-9a-f]+\\.)?part";

    private static final String OURS =
            "(\\.shared|(training\\.((frame\\.)?\\d+|step)|(head|frame)\\.\\d+|(frame-)?heads|step-head)\\.safetensors)("
                    + PART + ")?";

    /** Returns the folder of one kind of exit heads. */
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

    /** Returns the checkpoint of a draft head's training. */
    Path checkpoint() {
        return path.resolve(checkpointName("step"));
    }

    Path head(int layer) {
        return path.resolve(headName(key, layer));
    }

    /**
     * Creates the folder if it does not exist and deletes incomplete files of this training. No other process must
     * write to the folder yet.
     *
     * @return whether the result exists together with other files of this training
     * @throws BadFileException if the folder contains other files
     * @throws IOException if the folder cannot be read or created
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

    /** Deletes all files that the result replaces. */
    void deleteOthers() throws IOException {
        deleteParts();
        for (String name : before) Files.deleteIfExists(path.resolve(name));
    }

    /**
     * Writes a file that workers on other machines must also be able to read.
     *
     * @return the file's content
     */
    static String prove(Path folder) throws IOException {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String proof = HexFormat.of().formatHex(random);
        AtomicFile.write(folder.resolve(PROOF), proof);
        return proof;
    }

    /**
     * Checks that a folder is the original folder and not another folder with the same name.
     *
     * @throws IllegalArgumentException if the folder does not contain the proof
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
