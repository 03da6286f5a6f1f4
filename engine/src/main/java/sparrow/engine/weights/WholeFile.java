package sparrow.engine.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that appear whole or not at all, whenever the process ends: written beside their place and moved there. */
public final class WholeFile {
    private WholeFile() {}

    /**
     * Writes a file in place of the one that may be there, and the folders that lead to it. One process at a time.
     *
     * @throws IOException if it cannot be written; what was there stays
     */
    public static void write(Path file, byte[] content) throws IOException {
        Path target = file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        // Always the same name: what a killed process leaves is written over when its work is done again.
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Files.write(part, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes a text in UTF-8, as {@link #write(Path, byte[])} does. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
