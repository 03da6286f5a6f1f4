package sparrow.app.options;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.device.DeviceInfo;
import sparrow.engine.device.Placement;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.interleave.TokenSpace;
import sparrow.engine.transformer.Transformer;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.gguf.GgufLanguageModel;
import sparrow.speech.schedule.FlowSchedule;
import sparrow.speech.vocode.FlowSettings;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.KvFormat;
import sparrow.tensor.kernel.SelfCheck;
import sparrow.tensor.kernel.VectorWidth;

/**
 * Options for the model, its heads and its threads. A picocli mixin. Commands that need speech use
 * {@link ModelOptions}.
 */
public sealed class LanguageModelOptions permits ModelOptions {
    @Option(
            names = "--model",
            paramLabel = "FOLDER",
            description = "Checkpoint folder. Default: the tiny bundled model.")
    private Path model;

    @Option(
            names = "--heads",
            paramLabel = "PATH",
            description = "File or folder with exit heads. Default: the model's heads/ folder.")
    private Path heads;

    @Option(
            names = "--set flow-context",
            paramLabel = "SECONDS",
            converter = FlowContext.class,
            description = "Seconds of earlier speech that the flow uses: 1 or more, or unlimited. A short context "
                    + "saves time and memory in long answers. Default: unlimited.")
    private double flowContext = FlowSettings.PUBLISHED.contextSeconds();

    @Option(
            names = "--set flow",
            paramLabel = "SCHEDULE",
            description = "Steps of the flow from noise to audio: published (the checkpoint's, or 10 if it "
                    + "specifies none), fast (8 velocity estimates instead of 20), steps:N, or times:T:T... "
                    + "(where all steps after the first begin, between 0 and 1). +guided:T ends the guidance "
                    + "at time T. Default: published.")
    private FlowSchedule flow = FlowSchedule.PUBLISHED;

    @Option(
            names = "--threads",
            converter = Numbers.From1.class,
            paramLabel = "N",
            description = "Compute threads. Default: one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--set matrix",
            paramLabel = "NAME",
            description = "Library for large matrix products: java, onednn (native, bf16) or auto (onednn if it is "
                    + "found and the processor supports bf16). Default: auto if a model is named in ask, chat, "
                    + "serve, transcribe, say or info; otherwise java.")
    private MatrixChoice matrix;

    private final MatrixChoice matrixOfNamed;

    @Option(
            names = "--set kv",
            paramLabel = "FORMAT",
            description = "Format of keys and values: f32, f16 (half the memory) or q8 (a quarter). Default: f32.")
    private KvFormat kv = KvFormat.F32;

    @Option(
            names = "--set vector-bits",
            paramLabel = "BITS",
            description = "Vector width in bits: 128, 256 or 512, to reproduce another machine's results. Default: "
                    + "this machine's width.")
    private Integer vectorBits;

    @Mixin
    private final DeviceOption deviceOption = new DeviceOption();

    /** One-line description of the library for large matrix products, set when a model is opened. */
    private String multiplier = "java";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Creates options for commands that require exact results. */
    public LanguageModelOptions() {
        this(MatrixChoice.JAVA);
    }

    /**
     * @param matrixOfNamed the default of {@code --set matrix} for all models except the bundled model, which is too
     *     small
     */
    public LanguageModelOptions(MatrixChoice matrixOfNamed) {
        this.matrixOfNamed = matrixOfNamed;
    }

    /** Converts the value of {@code --set flow-context}. */
    private static final class FlowContext implements CommandLine.ITypeConverter<Double> {
        @Override
        public Double convert(String text) throws Exception {
            return Notations.of(FlowSettings::context).convert(text);
        }
    }

    /**
     * Opens the model. Closing the result also ends the model's threads.
     *
     * @throws IllegalArgumentException if the model, its heads or its voice are invalid
     * @throws IOException if a file cannot be read
     */
    public Opened open() throws IOException {
        return open(Optional.ofNullable(model));
    }

    public Opened open(Optional<Path> folder) throws IOException {
        return open(folder, voice(), kernels -> kernels);
    }

    /** Opens the model with kernels that {@code other} derives from the kernels chosen for this machine. */
    public Opened open(UnaryOperator<Kernels> other) throws IOException {
        return open(Optional.ofNullable(model), voice(), other);
    }

    /** Returns whether the model is the bundled model. */
    public boolean isBundled() {
        return model == null;
    }

    /** Returns the voice for the answers, or empty if no voice was given. */
    Optional<Path> voice() {
        return Optional.empty();
    }

    /** Returns the checkpoint folder, or empty for the bundled model. */
    public Optional<Path> folder() {
        return Optional.ofNullable(model);
    }

    /**
     * Returns the options with which the model is opened.
     *
     * @throws IllegalArgumentException if options contradict each other
     */
    public OpenOptions openOptions() {
        return openOptions(voice());
    }

    private OpenOptions openOptions(Optional<Path> voice) {
        return new OpenOptions(Optional.ofNullable(heads), voice, flow(), device());
    }

    private Optional<Placement> device() {
        return deviceOption.placement(kv, command);
    }

    /**
     * Chooses the CPU for the layers, even with {@code --device auto}.
     *
     * @param why the reason, as the end of a sentence
     * @throws IllegalArgumentException if a device was requested
     */
    public void requireCpu(String why) {
        deviceOption.requireCpu(why);
    }

    /** Returns the format of keys and values. */
    public KvFormat kv() {
        return kv;
    }

    /** Returns whether all matrices are multiplied in Java. */
    public boolean isPureJava() {
        return (matrix == null ? matrixOfNamed : matrix) == MatrixChoice.JAVA;
    }

    /** Returns the settings of the flow. */
    public FlowSettings flow() {
        return new FlowSettings(flow, flowContext);
    }

    private Opened open(Optional<Path> folder, Optional<Path> voice, UnaryOperator<Kernels> other) throws IOException {
        if (folder.isPresent()) Settings.check(folder.get(), command);
        else if (voice.isPresent()) {
            throw new IllegalArgumentException("--voice: the bundled model has a fixed voice; expected no other");
        }
        OpenOptions options = openOptions(voice);
        chooseVectors();
        ComputePool pool = new ComputePool(threads);
        try {
            Kernels kernels = other.apply(kernels(pool, folder.isPresent()));
            SpokenModel opened = folder.isPresent()
                    ? SpokenModels.open(folder.get(), options, kernels)
                    : WarmUp.compiling(pool, () -> SpokenModels.bundled(options, kernels));
            DeviceOption.printPlace(opened.languageModel().transformer().stack(), command);
            return new Opened(opened, pool);
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private Kernels kernels(ComputePool pool, boolean isNamed) {
        MatrixChoice byDefault = isNamed ? matrixOfNamed : MatrixChoice.JAVA;
        MatrixChoice choice = matrix == null ? byDefault : matrix;
        MatrixChoice.Chosen chosen = choice.kernels(pool);
        multiplier = chosen.description();
        boolean isAskedFor = matrix != null && matrix != MatrixChoice.JAVA;
        if (isAskedFor || chosen.kernels().matrixProvider().isPresent()) say("matrix products by " + multiplier);
        return chosen.kernels().withKvFormat(kv);
    }

    /** Returns a one-line description of the opened model's library for large matrix products. */
    public String multiplier() {
        return multiplier;
    }

    /** Sets the vector width, and prints a warning if vectors are slow. The kernels reject unsupported widths. */
    private void chooseVectors() {
        if (vectorBits != null) pinVectors();
        SelfCheck.slow().ifPresent(this::say);
    }

    private void say(String line) {
        PrintWriter err = command.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }

    private void pinVectors() {
        try {
            VectorWidth.pin(vectorBits);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--set vector-bits: " + e.getMessage(), e);
        }
    }

    /**
     * Opens only the layers and heads of a checkpoint folder or GGUF file. A GGUF file contains neither audio parts nor
     * a tokenizer.
     */
    public Layers openLayers(Optional<Path> path) throws IOException {
        Optional<Path> gguf = path.or(() -> Optional.ofNullable(model)).flatMap(LanguageModelOptions::gguf);
        if (gguf.isEmpty()) {
            Opened opened = path.isPresent() ? open(path) : open();
            LanguageModel lm = opened.model().languageModel();
            return new Layers(lm.transformer(), lm.heads(), opened::close);
        }
        OpenedGguf opened = openGguf(gguf.get());
        return new Layers(opened.model().transformer(), opened.model().heads(), opened::close);
    }

    /**
     * Opens only a language model, for a benchmark. The model is a checkpoint folder, a GGUF file, or a folder written
     * by {@code synth} that contains a GGUF file.
     */
    public Measured openMeasured() throws IOException {
        Optional<Path> gguf = Optional.ofNullable(model).flatMap(LanguageModelOptions::gguf);
        if (gguf.isEmpty()) {
            Opened opened = open();
            SpokenModel spoken = opened.model();
            return new Measured(
                    spoken.name(), spoken.folder(), spoken.languageModel(), spoken.defaultPlan(), opened::close);
        }
        OpenedGguf opened = openGguf(gguf.get());
        return new Measured(
                model.getFileName().toString(),
                gguf.get(),
                languageModel(opened.model()),
                ExitPlan.NONE,
                opened::close);
    }

    /**
     * Returns a file's language model. If the file has no speech ids, all ids are treated as speech ids, with the
     * longest speech chunks of any known model.
     */
    private static LanguageModel languageModel(GgufLanguageModel gguf) {
        int vocabulary = gguf.transformer().config().vocabulary();
        return gguf.languageModel()
                .orElseGet(() -> new LanguageModel(
                        gguf.transformer(),
                        gguf.heads(),
                        new TokenSpace(0, vocabulary, vocabulary, Set.of()),
                        SpokenModels.published("glm-4-voice-9b").interleave()));
    }

    private OpenedGguf openGguf(Path file) throws IOException {
        Optional<Placement> device = device();
        chooseVectors();
        ComputePool pool = new ComputePool(threads);
        try {
            GgufLanguageModel opened =
                    GgufLanguageModel.open(file, Optional.ofNullable(heads), device, kernels(pool, true));
            DeviceOption.printPlace(opened.transformer().stack(), command);
            return new OpenedGguf(opened, pool);
        } catch (IOException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * Returns the chosen device.
     *
     * @param otherwise the exception's message if no device was chosen
     * @throws IllegalArgumentException if no device was chosen
     * @throws sparrow.engine.device.NoDeviceException if the device does not exist
     */
    public DeviceInfo requireDevice(String otherwise) {
        return deviceOption.require(otherwise).device();
    }

    /** Returns a language model's GGUF file: the path itself, or model.gguf in a folder written by {@code synth}. */
    private static Optional<Path> gguf(Path path) {
        if (path.toString().toLowerCase(Locale.ROOT).endsWith(".gguf")) return Optional.of(path);
        Path inside = path.resolve("model.gguf");
        boolean alone = Files.isRegularFile(inside)
                && !Files.exists(path.resolve("config.json"))
                && !Files.exists(path.resolve("mmproj-model.gguf"));
        return alone ? Optional.of(inside) : Optional.empty();
    }

    /**
     * The parts of a model that are required for a forward pass.
     *
     * @param end action that frees the weights and ends the threads
     */
    public record Layers(Transformer transformer, ExitHeads heads, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /**
     * The parts of a model that are required for a benchmark.
     *
     * @param name the model's name
     * @param file the model's path
     * @param exit the exit plan that the model recommends
     * @param end action that frees the weights and ends the threads
     */
    public record Measured(String name, Path file, LanguageModel languageModel, ExitPlan exit, Runnable end)
            implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /** A GGUF file's model and its compute threads. */
    private record OpenedGguf(GgufLanguageModel model, ComputePool pool) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
            pool.close();
        }
    }

    /** A model and its compute threads. */
    public record Opened(SpokenModel model, ComputePool pool) implements AutoCloseable {
        @Override
        public void close() {
            model.close();
            pool.close();
        }
    }
}
