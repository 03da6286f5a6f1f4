package sparrow.tensor.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Describes, in one line, everything on which the last bits of results depend. If two lines are equal, a computation
 * produces the same bits on any number of threads. For a given vector width, kernels add in a fixed order, and all
 * other operations use Java's arithmetic, which is exact except for the functions of {@link Math}. The last bits of
 * these functions depend on the JVM and the instruction set, but not on the processor model.
 */
public final class Numerics {
    private static final Map<Class<?>, byte[]> DIGESTS = new ConcurrentHashMap<>();

    private Numerics() {}

    /**
     * Returns a line that contains the arithmetic, Java version, platform and build, such as
     * {@code vector-512x12 java-25.0.1+8-LTS linux-amd64 build-0123456789ab}.
     *
     * @param artifacts one class of each artifact that computes results
     * @throws IOException if the classes of an artifact cannot be read
     */
    public static String of(Kernels kernels, Class<?>... artifacts) throws IOException {
        String platform = System.getProperty("os.name") + "-" + System.getProperty("os.arch");
        return kernels.arithmetic() + " java-" + System.getProperty("java.vm.version") + " "
                + platform.toLowerCase(Locale.ROOT).replace(' ', '-') + " build-" + build(artifacts);
    }

    /**
     * Returns twelve hexadecimal digits that differ between builds. The digits are a digest of all classes in the given
     * artifacts, which may be jars or folders.
     *
     * @param artifacts one class of each artifact
     * @throws IOException if the classes cannot be read
     */
    public static String build(Class<?>... artifacts) throws IOException {
        MessageDigest all = sha256();
        for (Class<?> artifact : artifacts) {
            byte[] digest = DIGESTS.get(artifact);
            if (digest == null) DIGESTS.put(artifact, digest = classes(artifact));
            all.update(digest);
        }
        return HexFormat.of().formatHex(all.digest()).substring(0, 12);
    }

    private static byte[] classes(Class<?> artifact) throws IOException {
        MessageDigest digest = sha256();
        CodeSource source = artifact.getProtectionDomain().getCodeSource();
        if (source == null) throw new IOException("no jar or folder of " + artifact.getName());
        try {
            Path place = Path.of(source.getLocation().toURI());
            if (Files.isDirectory(place)) ofFolder(place, digest);
            else ofJar(place, digest);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            // For example, the artifact may be a jar within a jar.
            throw new IOException("no jar or folder of " + artifact.getName() + ": " + source.getLocation(), e);
        }
        return digest.digest();
    }

    private static void ofFolder(Path folder, MessageDigest digest) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> names = files.map(file -> folder.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .sorted()
                    .toList();
            for (String name : names) digest.update(Files.readAllBytes(folder.resolve(name)));
        }
    }

    private static void ofJar(Path file, MessageDigest digest) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            List<String> names = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .sorted()
                    .toList();
            for (String name : names) {
                try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
                    digest.update(in.readAllBytes());
                }
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
