package sparrow.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import sparrow.formats.CacheFolder;

/**
 * A library from a jar, which is unpacked once per user because decompressing 94 MB takes longer than loading it. The
 * cache contains only the newest version. An unpacked file is reused only if its folder belongs to the user of this
 * process, no other user can access the folder, and the file has the size and CRC-32 given in the jar. The CRC-32
 * detects damage, not forgery.
 */
final class UnpackedLibrary {
    /** A file owned by the user of this process. The library is only for Linux. */
    private static final Path OF_PROCESS = Path.of("/proc/self");

    private UnpackedLibrary() {}

    /**
     * A file in a jar.
     *
     * @param jar the name of the jar without its extension
     * @param bytes the length of the file
     * @param crc the CRC-32 of the file
     */
    private record Entry(ClassLoader classPath, String resource, String jar, long bytes, long crc) {
        static Entry of(ClassLoader classPath, String resource) throws IOException {
            if (!(classPath.getResource(resource).openConnection() instanceof JarURLConnection connection)) {
                throw new IOException(resource + ": expected it in a jar");
            }
            connection.setUseCaches(false);
            try (JarFile jar = connection.getJarFile()) {
                String name = Path.of(jar.getName()).getFileName().toString().replaceFirst("\\.jar$", "");
                var entry = connection.getJarEntry();
                return new Entry(classPath, resource, name, entry.getSize(), entry.getCrc());
            }
        }

        Path in(Path folder) {
            return folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        }

        void unpack(Path folder) throws IOException {
            try (InputStream in = classPath.getResourceAsStream(resource)) {
                Files.copy(in, in(folder));
            }
        }

        boolean isIn(Path folder) throws IOException {
            Path file = in(folder);
            if (!Files.isRegularFile(file) || Files.size(file) != bytes) return false;
            try (FileChannel channel = FileChannel.open(file)) {
                CRC32 sum = new CRC32();
                sum.update(channel.map(MapMode.READ_ONLY, 0, bytes));
                return sum.getValue() == crc;
            }
        }
    }

    /**
     * Returns the unpacked library, unpacking it first if necessary.
     *
     * @param library a resource in a jar
     * @param companions resources to unpack into the same folder if they exist
     * @param cache a folder that contains only unpacked libraries and is created if necessary
     * @throws IOException if the library is not in a jar or the cache cannot be written
     */
    static Path in(Path cache, ClassLoader classPath, String library, List<String> companions) throws IOException {
        Entry main = Entry.of(classPath, library);
        List<Entry> entries = new ArrayList<>(List.of(main));
        for (String companion : companions) {
            if (classPath.getResource(companion) != null) entries.add(Entry.of(classPath, companion));
        }
        Path folder = cache.resolve("%s-%08x".formatted(main.jar, main.crc));
        if (Files.isDirectory(folder)) {
            requireOwner(folder, Files.getOwner(OF_PROCESS));
            if (!areIn(folder, entries)) CacheFolder.delete(folder);
        }
        CacheFolder.filled(folder, partial -> {
            for (Entry entry : entries) entry.unpack(partial);
            if (!areIn(partial, entries)) throw new IOException(library + ": expected the checksum given in its jar");
            removeOthers(cache, folder);
        });
        return main.in(folder);
    }

    /**
     * Checks that a folder belongs to the given user.
     *
     * @throws IOException if the folder belongs to another user, or its owner cannot be read
     */
    static void requireOwner(Path folder, UserPrincipal user) throws IOException {
        UserPrincipal owner = Files.getOwner(folder);
        if (owner.equals(user)) return;
        throw new IOException(
                folder + ": expected a folder of " + user.getName() + ", found one of " + owner.getName());
    }

    private static boolean areIn(Path folder, List<Entry> entries) throws IOException {
        for (Entry entry : entries) if (!entry.isIn(folder)) return false;
        return true;
    }

    /**
     * Deletes the complete folders of other versions. A process that is using a deleted folder has already mapped its
     * files. Another process may have filled this version's folder in the meantime.
     */
    private static void removeOthers(Path cache, Path own) throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(cache)) {
            folders = all.filter(folder -> folder.getFileName().toString().matches(".*-[0-9a-f]{8}"))
                    .filter(folder -> !folder.equals(own))
                    .toList();
        }
        for (Path folder : folders) CacheFolder.delete(folder);
    }
}
