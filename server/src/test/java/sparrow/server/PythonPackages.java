package sparrow.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual environment of Python with packages, for tests. Its programs run in the folder that contains it. */
public final class PythonPackages {
    private static final int MINUTES = 30;

    private final Path folder;
    private final String name;

    private PythonPackages(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /**
     * Creates the environment and installs the packages into it, or skips the test.
     *
     * @param name name of the environment in the folder
     * @param packages each with its version
     */
    public static PythonPackages install(Path folder, String name, List<String> packages) throws InterruptedException {
        PythonPackages environment = new PythonPackages(folder, name);
        assumeTrue(environment.ends(List.of("python3", "-m", "venv", name)), "python3 has no venv with pip: skipped");
        List<String> arguments = new ArrayList<>(List.of("-m", "pip", "install", "--quiet"));
        arguments.addAll(packages);
        assumeTrue(
                environment.run("python", arguments),
                () -> "pip could not install " + packages + ": skipped; " + environment.errors());
        return environment;
    }

    /** Runs a program of the environment and returns whether it ended with exit code 0. */
    public boolean run(String program, List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve(name, "bin", program).toString());
        command.addAll(arguments);
        return ends(command);
    }

    /** Returns what the last program wrote to its standard output. */
    public String output() {
        return read("output.txt");
    }

    /** Returns what the last program wrote to its standard error. */
    public String errors() {
        return read("errors.txt");
    }

    private boolean ends(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(file("output.txt").toFile())
                    .redirectError(file("errors.txt").toFile())
                    .start();
            try {
                return process.waitFor(MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    private Path file(String ending) {
        return folder.resolve(name + "-" + ending);
    }

    private String read(String ending) {
        try {
            return Files.readString(file(ending));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
