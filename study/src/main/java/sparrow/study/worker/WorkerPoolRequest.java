package sparrow.study.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The workers that a command asks for.
 *
 * @param on their address, in the provider's notation
 * @param configuration the provider's own settings, KEY=VALUE each
 * @param properties a file of such settings, secrets among them
 * @param cores of each worker, all for the task that it works on; if empty, as configured, or 1
 * @param memory of each worker's heap, such as {@code 8g}; if empty, as configured
 * @param javaHome a JDK on their machines; if empty, the one that they run on
 * @param patience the time to wait for a worker
 * @param authenticated true if workers on other machines must know a secret
 * @param model that they open
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
