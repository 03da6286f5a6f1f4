package sparrow.formats;

import java.nio.file.Path;

/**
 * Thrown if a file is invalid. The message contains the file name, the location in the file, the expected value and the
 * actual value.
 */
public final class BadFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Maximum number of characters of a name or fault. Values can be megabytes long. */
    private static final int MAX_CHARS = 600;

    private final String file;

    /** Creates an exception for a fault that concerns the entire file. */
    public BadFileException(Path file, String fault) {
        super(file + ": " + oneLine(fault));
        this.file = file.toString();
    }

    /** Creates an exception for a fault at a key, tensor or line of the file. */
    public BadFileException(Path file, String key, String fault) {
        super(file + ": " + oneLine(key) + ": " + oneLine(fault));
        this.file = file.toString();
    }

    /** Returns the file. */
    public Path file() {
        return Path.of(file);
    }

    /**
     * Shortens text and removes control characters. Names and messages may contain control characters if they quote the
     * file.
     */
    private static String oneLine(String text) {
        return Printable.of(text, MAX_CHARS);
    }
}
