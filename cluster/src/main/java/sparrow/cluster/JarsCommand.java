package sparrow.cluster;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code sparrow jars}, which prints the Sparrow jars that spark-submit needs. */
@Command(
        name = "jars",
        description = "Print the jars that spark-submit needs for --on submit.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExample:%n",
        footer = {
            "  spark-submit --master yarn --jars \"$(./sparrow jars --workers)\" \\",
            "      --driver-class-path \"$(./sparrow jars --driver)\" \\",
            "      --class sparrow.app.Main app/target/sparrow.jar study compare ..."
        })
final class JarsCommand implements Callable<Integer> {
    @ArgGroup(multiplicity = "1")
    private Side side;

    @Spec
    private CommandSpec spec;

    /** The processes that need the jars. */
    static final class Side {
        @Option(
                names = "--workers",
                required = true,
                description = "Print the executors' jars, separated by commas, for --jars.")
        private boolean workers;

        @Option(
                names = "--driver",
                required = true,
                description = "Print the command's own jars, separated by colons, for --driver-class-path.")
        private boolean driver;
    }

    @Override
    public Integer call() {
        SparrowJars jars = SparrowJars.ofThisProcess();
        List<Path> found = side.workers ? jars.workers() : jars.driver();
        spec.commandLine()
                .getOut()
                .println(found.stream()
                        .map(Path::toString)
                        .collect(Collectors.joining(side.workers ? "," : File.pathSeparator)));
        return 0;
    }
}
