package sparrow.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sparrow.models.pool.ConversationPool;
import sparrow.server.ServerPages;

/** docs/server-operations.md lists what is counted, and nothing else. */
class DocumentedMetricsTest {
    private static final Pattern NAME = Pattern.compile("`((?:sparrow|process|jvm)_[a-z_]+)`");

    @Test
    void thePageHasAllMetricsAndNoOthers() throws IOException {
        ServerMetrics metrics = new ServerMetrics("model", 2);
        metrics.watch(() -> new ConversationPool.Status(0, 0, 0, 0, 0, 0, 0), 1, () -> 1);
        String page = ServerPages.operations();
        int section = page.indexOf("\n## Metrics");
        String table = page.substring(section, page.indexOf("\n## ", section + 1));

        List<String> documented = NAME.matcher(table)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(documented).containsExactlyInAnyOrderElementsOf(metrics.names());
    }
}
