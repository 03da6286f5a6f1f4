package sparrow.study.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a folder to one process; the operating system gives it back when that ends, however it ends. */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes a folder.
     *
     * @param folder that exists
     * @throws IllegalArgumentException if another process has it, or this one already
     * @throws IOException if its file cannot be made
     */
    public static FolderLock of(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) return new FolderLock(channel);
        } catch (OverlappingFileLockException e) {
            // This process itself: the same refusal.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalArgumentException(folder + ": another run is at work in this folder");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
