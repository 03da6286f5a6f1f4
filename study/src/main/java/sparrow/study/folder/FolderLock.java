package sparrow.study.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reserves a folder for one process. The operating system releases the lock when the process exits for any reason. */
public final class FolderLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Locks a folder for this process.
     *
     * @param folder an existing folder
     * @throws IllegalArgumentException if this process or another process has locked the folder
     * @throws IOException if the lock file cannot be created
     */
    public static FolderLock of(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) return new FolderLock(channel);
        } catch (OverlappingFileLockException e) {
            // This process itself has locked the folder.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IllegalArgumentException(folder + ": another run uses this folder");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
