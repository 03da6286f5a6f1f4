package sparrow.formats.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.formats.BadFileException;

/** A file of a tokenizer with a token or merge per line. */
final class LineFile {
    /** Maximum size, in MiB. The largest published file has 2.6 MB (GLM-4's {@code tokenizer.model}). */
    private static final int MAX_MIB = 64;

    private LineFile() {}

    /**
     * Opens the file. The reader replaces bytes that are invalid in the charset by U+FFFD.
     *
     * @throws BadFileException if the file is missing or too large
     */
    static BufferedReader open(Path file, Charset charset) throws IOException {
        if (!Files.isRegularFile(file)) throw new BadFileException(file, "no such file");
        long bytes = Files.size(file);
        if (bytes > (long) MAX_MIB << 20) {
            throw new BadFileException(file, "expected at most " + MAX_MIB + " MiB, found " + bytes + " bytes");
        }
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), charset));
    }
}
