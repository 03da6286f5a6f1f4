package sparrow.formats.weights;

import java.nio.file.Path;

/** A file that cannot be used as it is: the message names the file, the place in it, what was expected and found. */
public final class BadFileException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** Characters of a name or a fault: values may be megabytes. */
    private static final int LONGEST = 600;

    private final String file;

    /** A fault of the whole file. */
    public BadFileException(Path file, String fault) {
        super(file + ": " + oneLine(fault));
        this.file = file.toString();
    }

    /** A fault at a key, tensor or line of the file. */
    public BadFileException(Path file, String key, String fault) {
        super(file + ": " + oneLine(key) + ": " + oneLine(fault));
        this.file = file.toString();
    }

    /** The file. */
    public Path file() {
        return Path.of(file);
    }

    /** Names and messages may quote the file, control characters and all; what is too long is cut. */
    private static String oneLine(String text) {
        return Printable.of(text, LONGEST);
    }
}
