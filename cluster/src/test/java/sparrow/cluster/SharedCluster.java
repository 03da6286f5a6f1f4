package sparrow.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link StandaloneCluster} of a test run, which ends with it, also after a failure. */
final class SharedCluster implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == StandaloneCluster.class;
    }

    @Override
    public StandaloneCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(SharedCluster.class))
                .computeIfAbsent(StandaloneCluster.class, key -> start(), StandaloneCluster.class);
    }

    private static StandaloneCluster start() {
        try {
            // Beside the reports, because the logs are read where a test fails.
            Path folder = Path.of("target", "standalone").toAbsolutePath();
            Files.createDirectories(folder);
            return new StandaloneCluster(Files.createTempDirectory(folder, "run-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
