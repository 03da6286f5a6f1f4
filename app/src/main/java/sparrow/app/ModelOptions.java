package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.SelfCheck;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;

/** Which model, with which heads, on how many threads. */
final class ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            description = "Checkpoint folder, e.g. one that holds glm-4-voice-9b, glm-4-voice-tokenizer and"
                    + " glm-4-voice-decoder. Default: the tiny bundled model.")
    private Path model;

    @Option(
            names = "--heads",
            paramLabel = "PATH",
            description = "Exit heads: a safetensors file, or a folder with heads.safetensors. Default: heads/ of the"
                    + " model.")
    private Path heads;

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads. Default: one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Opens the model; closing it ends the threads as well. */
    Opened open() throws IOException {
        return open(Optional.ofNullable(model));
    }

    Opened open(Optional<Path> folder) throws IOException {
        warnOfSlowJvm();
        ComputePool pool = new ComputePool(threads);
        try {
            Kernels kernels = Kernels.create(pool);
            SpokenModel opened = folder.isPresent()
                    ? SpokenModels.open(folder.get(), Optional.ofNullable(heads), kernels)
                    : SpokenModels.bundled(Optional.ofNullable(heads), kernels);
            return new Opened(opened, pool);
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** One line, before minutes are spent; what cannot run at all is refused by the kernels themselves. */
    private void warnOfSlowJvm() {
        SelfCheck.slow().ifPresent(line -> {
            PrintWriter err = command.commandLine().getErr();
            err.println("sparrow: " + line);
            err.flush();
        });
    }

    /** A model and the threads it computes on. */
    record Opened(SpokenModel model, ComputePool pool) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
            pool.close();
        }
    }
}
