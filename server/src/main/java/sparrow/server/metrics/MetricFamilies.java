package sparrow.server.metrics;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import sparrow.models.pool.ConversationPool;
import sparrow.server.message.HeapShare;

/** Creates counters, gauges and histograms, all labelled with the model, and writes them as text. */
abstract class MetricFamilies {
    private static final double[] SECONDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60};
    private static final double[] FACTORS = {.1, .25, .5, .75, .9, 1, 1.25, 1.5, 2, 5};
    private static final double[] ROWS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Labels model;

    /** @param id the model's id */
    MetricFamilies(String id) {
        this.model = Labels.of("model", id);
        ProcessMetrics.register(registry, this.model);
    }

    Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .constLabels(model)
                .labelNames(labels)
                .register(registry);
    }

    Gauge gauge(String name, String help) {
        return Gauge.builder().name(name).help(help).constLabels(model).register(registry);
    }

    void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .constLabels(model)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    void kvBytes(Supplier<ConversationPool.Status> status) {
        GaugeWithCallback.builder()
                .name("sparrow_kv_bytes")
                .help("Keys and values: reserved by running replies, idle between replies, and the limit of both")
                .constLabels(model)
                .labelNames("state")
                .callback(callback -> {
                    ConversationPool.Status now = status.get();
                    callback.call(now.kvReserved(), "reserved");
                    callback.call(now.kvIdle(), "idle");
                    callback.call(now.kvLimit(), "limit");
                })
                .register(registry);
    }

    void heapShares() {
        GaugeWithCallback.builder()
                .name("sparrow_heap_share_bytes")
                .help("Shares of the heap that clients can fill: the bytes in use, and their limit")
                .constLabels(model)
                .labelNames("share", "state")
                .callback(callback -> {
                    for (HeapShare share : HeapShare.values()) {
                        String name = share.name().toLowerCase(Locale.ROOT);
                        callback.call(share.used(), name, "used");
                        callback.call(share.limit(), name, "limit");
                    }
                })
                .register(registry);
    }

    /** Returns a new histogram of seconds. */
    Histogram times(String name, String help, String... labels) {
        return histogram(name, help, SECONDS, labels);
    }

    /** Returns a new histogram of ratios around 1. */
    Histogram factors(String name, String help) {
        return histogram(name, help, FACTORS);
    }

    /** Returns a new histogram of counts up to several hundred. */
    Histogram rows(String name, String help, String... labels) {
        return histogram(name, help, ROWS, labels);
    }

    private Histogram histogram(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .constLabels(model)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    /**
     * Returns the Prometheus names of all metrics, including metrics without values. The names do not contain the
     * suffixes of individual series.
     */
    List<String> names() {
        return registry.scrape().stream()
                .map(one -> one.getMetadata().getPrometheusName() + (one instanceof CounterSnapshot ? "_total" : ""))
                .toList();
    }

    /** Returns all metrics in Prometheus text format. */
    public final byte[] text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, registry.scrape(), EscapingScheme.ALLOW_UTF8);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // writing to memory cannot fail
        }
        return text.toByteArray();
    }
}
