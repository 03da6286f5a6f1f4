/**
 * The server's metrics. {@link sparrow.server.metrics.ServerMetrics} is updated by the pool, Chat Completions and
 * Realtime, and is read by Prometheus.
 */
package sparrow.server.metrics;
