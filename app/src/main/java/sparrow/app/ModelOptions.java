package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.exit.ExitHeads;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.kernel.SelfCheck;
import sparrow.engine.transformer.Transformer;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.GgufLanguageModel;

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
            description = "Exit heads: a GGUF or safetensors file, or a folder with heads.gguf or heads.safetensors."
                    + " Default: heads/ of the model.")
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

    /** Layers and heads alone: of a checkpoint folder, or of a GGUF file, which knows neither audio nor text. */
    Layers openLayers(Optional<Path> path) throws IOException {
        if (path.or(() -> Optional.ofNullable(model))
                .filter(ModelOptions::isGguf)
                .isEmpty()) {
            Opened opened = path.isPresent() ? open(path) : open();
            LanguageModel lm = opened.model().languageModel();
            return new Layers(lm.transformer(), lm.heads(), opened::close);
        }
        ComputePool pool = new ComputePool(threads);
        try {
            GgufLanguageModel opened =
                    GgufLanguageModel.open(path.orElse(model), Optional.ofNullable(heads), Kernels.create(pool));
            return new Layers(opened.transformer(), opened.heads(), () -> {
                opened.close();
                pool.close();
            });
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static boolean isGguf(Path path) {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /**
     * What forward passes need.
     *
     * @param end frees weights and threads
     */
    record Layers(Transformer transformer, ExitHeads heads, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
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
