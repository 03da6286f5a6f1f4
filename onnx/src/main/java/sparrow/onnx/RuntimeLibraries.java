package sparrow.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Unpacks ONNX Runtime's libraries into a temporary folder that is deleted when the process exits. ONNX Runtime's own
 * loader leaves an empty folder, because it registers the folder for deletion after the files, and the JVM deletes
 * files in reverse order.
 */
final class RuntimeLibraries {
    /** Property that contains the folder in which ONNX Runtime finds unpacked libraries. */
    private static final String PLACE = "onnxruntime.native.path";

    private static boolean unpacked;

    private RuntimeLibraries() {}

    /**
     * Unpacks the libraries once per process. If the jar has no libraries for this system, ONNX Runtime reports the
     * error later.
     */
    static synchronized void unpack() throws IOException {
        if (unpacked || System.getProperty(PLACE) != null) return;
        unpacked = true;
        Path folder = Files.createTempDirectory("sparrow-onnx");
        folder.toFile().deleteOnExit();
        for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
            String name = System.mapLibraryName(library);
            try (InputStream packed = OrtEnvironment.class.getResourceAsStream("native/" + system() + "/" + name)) {
                if (packed == null) return;
                Path file = folder.resolve(name);
                file.toFile().deleteOnExit();
                Files.copy(packed, file);
            }
        }
        System.setProperty(PLACE, folder.toString());
    }

    private static String system() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = name.startsWith("windows") ? "win" : name.startsWith("mac") ? "osx" : "linux";
        String processor = System.getProperty("os.arch").equals("amd64") ? "x64" : System.getProperty("os.arch");
        return system + "-" + processor.replace("x86_64", "x64");
    }
}
