package sparrow.server.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import sparrow.server.http.Call;
import sparrow.server.http.Endpoint;

/** {@code GET /metrics}. */
public final class MetricsEndpoint implements Endpoint {
    private final ServerMetrics metrics;

    /** Of these metrics. */
    public MetricsEndpoint(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void answer(Call call) throws IOException {
        call.send(200, PrometheusTextFormatWriter.CONTENT_TYPE, metrics.text());
    }
}
