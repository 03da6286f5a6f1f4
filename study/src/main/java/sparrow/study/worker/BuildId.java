package sparrow.study.worker;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import sparrow.models.SpokenModel;
import sparrow.speech.vocode.Synthesizer;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Job;
import sparrow.tensor.kernel.Kernels;

/** Tells builds of Sparrow apart by the classes that do the work, whether they lie in jars or in folders. */
final class BuildId {
    /** One class of every artifact that decides about results. */
    private static final List<Class<?>> ARTIFACTS =
            List.of(Kernels.class, Synthesizer.class, SpokenModel.class, Job.class);

    private static String here;

    private BuildId() {}

    /** That of this process: the first half of a SHA-256. */
    static synchronized String here() throws IOException {
        if (here == null) here = digest();
        return here;
    }

    private static String digest() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Class<?> one : ARTIFACTS) all.append(classes(place(one)));
        return FileDigest.sha256(all.toString().getBytes(StandardCharsets.UTF_8))
                .substring(0, 32);
    }

    /** The jar or folder that a class comes from. */
    static Path place(Class<?> one) {
        try {
            return Path.of(
                    one.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The digest of each class file, by its name. */
    private static SortedMap<String, String> classes(Path place) throws IOException {
        SortedMap<String, String> classes = new TreeMap<>();
        if (Files.isDirectory(place)) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".class")).toList()) {
                    String name = place.relativize(file).toString().replace('\\', '/');
                    classes.put(name, FileDigest.sha256(file));
                }
            }
            return classes;
        }
        try (JarFile jar = new JarFile(place.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) jar.stream().<ZipEntry>map(one -> one)::iterator) {
                if (!entry.getName().endsWith(".class")) continue;
                try (InputStream in = jar.getInputStream(entry)) {
                    classes.put(entry.getName(), FileDigest.sha256(in.readAllBytes()));
                }
            }
        }
        return classes;
    }
}
