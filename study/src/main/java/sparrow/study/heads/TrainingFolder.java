package sparrow.study.heads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import sparrow.engine.weights.BadFileException;

/**
 * The folder that a training writes to: what comes out, and checkpoints until that is there. Exit heads and a step head may
 * lie in one.
 *
 * @param result name of the file that comes out
 * @param checkpoints names of its checkpoints
 */
record TrainingFolder(Path path, String result, List<String> checkpoints) {
    static final String HEADS = "heads.safetensors";
    static final String STEP_HEAD = "step-head.safetensors";

    /** Results, checkpoints, and parts of such files that were being written when a training was killed. */
    private static final String OURS = "(training\\.(\\d+|step)|heads|step-head)\\.safetensors(\\.part)?";

    Path file() {
        return path.resolve(result);
    }

    Path checkpoint(int i) {
        return path.resolve(checkpoints.get(i));
    }

    /**
     * Makes the folder if it is not there.
     *
     * @return whether the result is there, and checkpoints of this training still beside it
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
            if (checkpoints.stream().map(path::resolve).anyMatch(Files::exists)) return true;
            throw holdsResult();
        }
        try (Stream<Path> files = Files.list(path)) {
            boolean free = files.allMatch(file -> file.getFileName().toString().matches(OURS));
            if (!free) throw new BadFileException(path, "expected a new or empty folder, or one with checkpoints");
        }
        return false;
    }

    BadFileException holdsResult() {
        return new BadFileException(path, "holds trained heads already; choose another --out");
    }

    void deleteCheckpoints() throws IOException {
        for (String checkpoint : checkpoints) Files.deleteIfExists(path.resolve(checkpoint));
    }
}
