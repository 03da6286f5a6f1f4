package sparrow.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Packages from npm's registry, for tests. */
public final class NpmPackages {
    private NpmPackages() {}

    /**
     * Installs packages into a folder, or skips the test. There is no lockfile, which would name where the packages came from.
     *
     * @param packages each with its version
     */
    public static void install(Path folder, List<String> packages) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"));
        command.addAll(packages);
        boolean installed = false;
        try {
            Process npm = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start();
            installed = npm.waitFor(2, TimeUnit.MINUTES) && npm.exitValue() == 0;
            if (!installed) npm.destroyForcibly();
        } catch (IOException e) {
            assumeTrue(false, () -> "npm cannot be run: skipped; " + e.getMessage());
        }
        assumeTrue(installed, () -> "npm could not install " + packages + ": skipped");
    }
}
