package sparrow.formats;

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
 * Writes a file atomically. The content is written to a file with the suffix {@code .part} in the same folder. This
 * file is then renamed; until then, an existing file remains unchanged. A partial file left by a killed process is
 * overwritten by the next process. Only one process at a time may write a file, unless all of them use
 * {@link #writeConcurrently}.
 *
 * <p>A pipe or a device cannot be replaced and is written directly. A symbolic link is retained, and its target is
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

    /** Writes the content of a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes the entire content to the given file. */
        void to(AtomicFile file) throws IOException;
    }

    /**
     * Begins writing a file. Closing it before {@link #finish()} deletes the partial file.
     *
     * @throws IOException if the path is a folder, its parent folder is missing, or the file cannot be created; the
     *     message contains the file name
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
     * Writes a complete file.
     *
     * @throws IOException if the file cannot be written; the message contains the file name, and an existing file
     *     remains unchanged
     */
    public static void write(Path file, Content content) throws IOException {
        write(begin(file), content);
    }

    /**
     * Writes a file that other processes may write at the same time; the last process to finish determines the content.
     * The partial file has a unique name, with hexadecimal digits before {@code .part}, so the partial file of a killed
     * process is never overwritten.
     *
     * @throws IOException if the file cannot be written; the message contains the file name, and an existing file
     *     remains unchanged
     */
    public static void writeConcurrently(Path file, Content content) throws IOException {
        String own = "." + UUID.randomUUID().toString().replace("-", "") + ".part";
        write(begin(file, own), content);
    }

    private static void write(AtomicFile begun, Content content) throws IOException {
        try (begun) {
            content.to(begun);
            begun.finish();
        }
    }

    /** Writes bytes like {@link #write(Path, Content)}, but completes even if the thread is interrupted. */
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

    /** Writes text as UTF-8, like {@link #write(Path, byte[])}. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends all remaining bytes. */
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

    /** Adds the file name to an exception, because a channel's "No space left on device" does not contain it. */
    private IOException named(IOException e) {
        if (e instanceof FileSystemException || e instanceof ClosedByInterruptException) return e;
        FileSystemException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        return named;
    }

    /** Completes the file by renaming the partial file. */
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
