/**
 * The server's counters: {@link sparrow.server.metrics.ServerMetrics} is notified by the pool, by Chat Completions and by Realtime, and
 * is shown to Prometheus.
 */
package sparrow.server.metrics;
