package sparrow.engine.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * The state of a file when it was mapped. Reading a page that is no longer there ends the process (SIGBUS), and pages
 * that were written over hold another model, so a long reader looks now and then. A cut between the look and
 * the reading is not noticed: Java cannot catch it.
 *
 * @param key the file itself, whatever its name; null where the file system has none
 */
record MappedState(Path file, Object key, long size, FileTime modified) {
    static MappedState of(Path file) throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new MappedState(file, now.fileKey(), now.size(), now.lastModifiedTime());
    }

    /** Refuses what was cut or written to. One that was deleted, or replaced by another, is still there to be read. */
    void requireUnchanged() {
        MappedState now;
        try {
            now = of(file);
        } catch (IOException e) {
            return;
        }
        if (key != null && !key.equals(now.key)) return;
        if (size != now.size || !modified.equals(now.modified)) {
            throw new BadFileException(
                    file,
                    "was changed while it was in use (" + size + " bytes, now " + now.size + "): open the model again");
        }
    }
}
