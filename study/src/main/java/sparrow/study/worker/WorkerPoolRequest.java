package sparrow.study.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A command's request for workers.
 *
 * @param on address in the provider's notation
 * @param configuration the provider's own settings, each as KEY=VALUE
 * @param properties file with such settings, including secrets
 * @param cores number of cores per worker, all used by its task; if empty, the configured number, or 1
 * @param memory heap size per worker, such as {@code 8g}; if empty, the configured size
 * @param javaHome a JDK on the workers' machines; if empty, the JDK that runs the workers
 * @param patience maximum time to wait for a worker
 * @param authenticated whether workers on other machines must require a secret
 * @param model the model that the workers open
 */
public record WorkerPoolRequest(
        String on,
        List<String> configuration,
        Optional<Path> properties,
        OptionalInt cores,
        Optional<String> memory,
        Optional<String> javaHome,
        Duration patience,
        boolean authenticated,
        WorkerModel model) {
    public WorkerPoolRequest {
        configuration = List.copyOf(configuration);
    }
}
