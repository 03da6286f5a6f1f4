/**
 * The server's metrics: {@link sparrow.server.metrics.ServerMetrics} is notified by the pool, by Chat Completions and
 * by Realtime, and is read by Prometheus.
 */
package sparrow.server.metrics;
