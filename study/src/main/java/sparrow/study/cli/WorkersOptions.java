package sparrow.study.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import sparrow.app.options.ModelOptions;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.study.run.LocalPool;
import sparrow.study.run.WorkerPool;
import sparrow.study.worker.WorkerModel;
import sparrow.study.worker.WorkerPoolProvider;
import sparrow.study.worker.WorkerPoolRequest;

/** A picocli mixin with options for the workers: this process, or a cluster. */
public final class WorkersOptions {
    private static final String ON = "--on";

    /** Matches paths such as {@code hdfs://host/}, which lose one of their slashes in a Path. */
    private static final Pattern OTHER_FILE_SYSTEM = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/");

    @Option(
            names = ON,
            paramLabel = "CLUSTER",
            description =
                    "Cluster: spark://HOST:PORT, submit or local (docs/cluster.md). Default: only this " + "machine.")
    private String on;

    @Option(
            names = "--set worker-cores",
            paramLabel = "N",
            description = "With --on: cores of each worker, which works on one batch at a time. Default: 1.")
    private Integer cores;

    @Option(
            names = "--set worker-memory",
            paramLabel = "SIZE",
            description = "With --on: each worker's heap, such as 8g; weights are outside the heap. Default: 1g.")
    private String memory;

    @Option(
            names = "--set worker-model",
            paramLabel = "FOLDER",
            description = "With --on: the model's folder on the workers' machines. Default: the folder in --model.")
    private String workerModel;

    @Option(
            names = "--set worker-heads",
            paramLabel = "PATH",
            description = "With --on: the exit heads on the workers' machines. Default: the path in --heads.")
    private String workerHeads;

    @Option(
            names = "--set worker-java-home",
            paramLabel = "FOLDER",
            description = "With --on: folder of a JDK 25 on the workers' machines. Default: the cluster's JDK.")
    private String javaHome;

    @Option(
            names = "--set spark",
            paramLabel = "KEY=VALUE",
            description = "With --on: a Spark setting, such as spark=spark.executor.memoryOverhead=2g. Repeatable.")
    private List<String> configuration = List.of();

    @Option(
            names = "--set spark-properties",
            paramLabel = "FILE",
            description = "With --on: file with Spark settings. If it contains the cluster's secret, other users "
                    + "must not be able to read it.")
    private Path properties;

    @Option(
            names = "--set worker-wait",
            paramLabel = "SECONDS",
            description = "With --on: seconds to wait for a worker. Default: 300.")
    private Integer wait;

    @Option(
            names = "--set cluster-auth",
            arity = "1",
            paramLabel = "true|false",
            description = "With --on: require a secret for a cluster on other machines. Without a secret, any "
                    + "program that can connect to the cluster can run code there. Default: true.")
    private boolean withSecret = true;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The options of this mixin only. */
    @Spec
    private CommandSpec options;

    /** Returns whether the workers are on other machines. */
    public boolean isElsewhere() {
        return on != null;
    }

    /**
     * Checks the options before a model is opened.
     *
     * @param out folder that this process writes
     * @throws IllegalArgumentException if an option is invalid; the message is one line
     */
    public void check(ModelOptions model, Path out) throws IOException {
        if (on == null) {
            refuseWithoutCluster();
            return;
        }
        if (OTHER_FILE_SYSTEM.matcher(out.toString()).lookingAt()) {
            throw new IllegalArgumentException(
                    "--out: expected a folder on this machine, got " + out + "; copy the finished folder there");
        }
        if (!model.isPureJava()) {
            throw new IllegalArgumentException(
                    "--set matrix: expected java with " + ON + ": workers have no native library");
        }
        model.requireCpu("with " + ON + ", whose workers compute on threads");
        provider().check(request(model));
    }

    private void refuseWithoutCluster() {
        ParseResult given = command.commandLine().getParseResult();
        for (OptionSpec option : options.options()) {
            String name = option.longestName();
            if (given.hasMatchedOption(name)) throw new IllegalArgumentException(name + ": expected with " + ON);
        }
    }

    private WorkerPoolProvider provider() {
        return WorkerPoolProvider.found()
                .orElseThrow(() -> new IllegalArgumentException(
                        ON + ": the module cluster is not on the class path; ./sparrow builds and adds it"));
    }

    /** Opens the workers, which are released when the pool is closed. */
    public WorkerPool open(ModelOptions options, SpokenModel model) throws IOException {
        if (on == null) return new LocalPool(model);
        return provider().open(request(options), model, line -> {
            PrintWriter err = command.commandLine().getErr();
            err.println("sparrow: " + line);
            err.flush();
        });
    }

    private WorkerPoolRequest request(ModelOptions model) {
        return new WorkerPoolRequest(
                on,
                configuration,
                Optional.ofNullable(properties),
                cores == null ? OptionalInt.empty() : OptionalInt.of(cores),
                Optional.ofNullable(memory),
                Optional.ofNullable(javaHome),
                Duration.ofSeconds(wait == null ? 300 : wait),
                withSecret,
                workerModel(model));
    }

    private WorkerModel workerModel(ModelOptions options) {
        OpenOptions opened = options.openOptions();
        return new WorkerModel(
                workerModel != null ? workerModel : absolute(options.folder()),
                workerHeads != null ? workerHeads : absolute(opened.heads()),
                absolute(opened.voice()),
                opened.flow(),
                options.kv());
    }

    private static String absolute(Optional<Path> path) {
        return path.map(one -> one.toAbsolutePath().normalize().toString()).orElse(null);
    }

    /**
     * Returns the exit code of a command that has finished.
     *
     * @return 0, or 1 if workers have lost tasks; the losses are printed
     */
    public int exitCode(WorkerPool workers) {
        List<String> lost = workers.lost();
        if (lost.isEmpty()) return 0;
        PrintWriter err = command.commandLine().getErr();
        lost.forEach(line -> err.println("sparrow: lost: " + line));
        err.println("sparrow: " + lost.size() + " lost; repeat the command to retry");
        err.flush();
        return 1;
    }
}
