package sparrow.formats.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that appears whole or not at all, whenever the process ends: its content goes to a file beside it under the
 * name with {@code .part} added, which then takes its name; an earlier file stays until then. The leftovers of a killed process
 * are written over by the next one. One process at a time writes a file, unless all use {@link #writeAmongOthers}.
 *
 * <p>A pipe or a device cannot be replaced and is written at once; a link stays, and the file that it leads to is
 * replaced.
 */
public final class AtomicFile implements WritableByteChannel {
    private final Path file;
    private final Path target;
    private final Path part;
    private final FileChannel channel;

    private AtomicFile(Path file, Path target, Path part, FileChannel channel) {
        this.file = file;
        this.target = target;
        this.part = part;
        this.channel = channel;
    }

    /** The content of a file, which writes itself. */
    @FunctionalInterface
    public interface Content {
        /** Writes all of it. */
        void to(AtomicFile file) throws IOException;
    }

    /**
     * Begins a file. Closing it before it is {@linkplain #finish() finished} removes what was written.
     *
     * @throws IOException that names the file, if it is a folder, its folder is missing, or it cannot be made
     */
    public static AtomicFile begin(Path file) throws IOException {
        return begin(file, ".part");
    }

    private static AtomicFile begin(Path file, String ending) throws IOException {
        if (Files.isDirectory(file)) throw new FileSystemException(file.toString(), null, "is a folder");
        boolean device = Files.exists(file) && !Files.isRegularFile(file);
        Path target = Files.exists(file) && !device ? file.toRealPath() : file.toAbsolutePath();
        if (!Files.isDirectory(target.getParent())) {
            throw new NoSuchFileException(file.toString(), null, "its folder does not exist");
        }
        if (device) return new AtomicFile(file, target, target, FileChannel.open(target, StandardOpenOption.WRITE));
        Path part = target.resolveSibling(target.getFileName() + ending);
        FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        return new AtomicFile(file, target, part, channel);
    }

    /**
     * Writes a file at once.
     *
     * @throws IOException that names the file, if it cannot be written; what was there stays
     */
    public static void write(Path file, Content content) throws IOException {
        write(begin(file), content);
    }

    /**
     * Writes a file that others may be writing at the same time: the last one stays. The content goes to a file of its
     * own, with hexadecimal digits before {@code .part}; the leftovers of a killed process are never written over.
     *
     * @throws IOException that names the file, if it cannot be written; what was there stays
     */
    public static void writeAmongOthers(Path file, Content content) throws IOException {
        String own = "." + UUID.randomUUID().toString().replace("-", "") + ".part";
        write(begin(file, own), content);
    }

    private static void write(AtomicFile begun, Content content) throws IOException {
        try (begun) {
            content.to(begun);
            begun.finish();
        }
    }

    /**
     * Writes bytes as a file, as {@link #write(Path, Content)} does, but to the end even where the thread is interrupted:
     * the bytes are complete already, so they are kept.
     */
    public static void write(Path file, byte[] content) throws IOException {
        try (AtomicFile whole = begin(file)) {
            try {
                Files.write(whole.part, content);
            } catch (IOException e) {
                throw whole.named(e);
            }
            whole.finish();
        }
    }

    /** Writes a text in UTF-8 as a file, as {@link #write(Path, byte[])} does. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends all of the remaining bytes. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        try {
            while (bytes.hasRemaining()) channel.write(bytes);
        } catch (IOException e) {
            throw named(e);
        }
        return count;
    }

    /** A channel does not know what it is called: "No space left on device" of which file? */
    private IOException named(IOException e) {
        if (e instanceof FileSystemException || e instanceof ClosedByInterruptException) return e;
        FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }

    /** Gives the complete file its name. */
    public void finish() throws IOException {
        channel.close();
        if (part.equals(target)) return;
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!part.equals(target)) Files.deleteIfExists(part);
    }
}
