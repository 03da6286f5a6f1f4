package sparrow.server.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Metrics of the process and the JVM under the names of Prometheus's client libraries. The time since the start is {@code
 * time() - process_start_time_seconds}.
 */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static void register(PrometheusRegistry registry, Labels model) {
        gauge(
                registry,
                "process_start_time_seconds",
                "Start of the process, in seconds since 1970",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            CounterWithCallback.builder()
                    .name("process_cpu_seconds_total")
                    .help("Processor time of the process")
                    .callback(callback -> callback.call(system.getProcessCpuTime() / 1e9))
                    .register(registry);
            gauge(registry, "process_open_fds", "Open file descriptors", system::getOpenFileDescriptorCount);
            gauge(registry, "process_max_fds", "Maximum number of file descriptors", system::getMaxFileDescriptorCount);
        }
        gauge(
                registry,
                "jvm_threads_current",
                "Platform threads of the JVM",
                ManagementFactory.getThreadMXBean()::getThreadCount);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        GaugeWithCallback.builder()
                .name("jvm_memory_used_bytes")
                .help("Memory that the JVM uses, without weights, keys and values, which are outside of the heap")
                .labelNames("area")
                .callback(callback -> {
                    callback.call(memory.getHeapMemoryUsage().getUsed(), "heap");
                    callback.call(memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
                })
                .register(registry);
        gauge(
                registry,
                "jvm_memory_max_bytes",
                "Maximum size of the heap",
                () -> Runtime.getRuntime().maxMemory());
        CounterWithCallback.builder()
                .name("jvm_gc_seconds_total")
                .help("Time of garbage collections, by collector")
                .labelNames("gc")
                .callback(callback -> {
                    for (GarbageCollectorMXBean gc : ManagementFactory.getGarbageCollectorMXBeans()) {
                        callback.call(gc.getCollectionTime() / 1e3, gc.getName());
                    }
                })
                .register(registry);
        String version = Optional.ofNullable(ProcessMetrics.class.getPackage().getImplementationVersion())
                .orElse("development");
        GaugeWithCallback.builder()
                .name("sparrow_build_info")
                .constLabels(model)
                .help("Always 1; the labels are the version of Sparrow and of Java")
                .labelNames("version", "java")
                .callback(
                        callback -> callback.call(1, version, Runtime.version().toString()))
                .register(registry);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}
