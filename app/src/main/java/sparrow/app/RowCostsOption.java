package sparrow.app;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import picocli.CommandLine.Option;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.decode.RowCosts;

/** What rows cost, for {@code draft:auto}; a picocli mixin. */
final class RowCostsOption {
    /** A table has some dozen numbers. */
    private static final long MOST_BYTES = 1 << 20;

    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    @Option(
            names = "--row-costs",
            paramLabel = "FILE",
            description = "What rows cost on this machine, for draft:auto: the JSON of sparrow bench --rows. Default:"
                    + " measured before the first reply.")
    private Path file;

    /**
     * Gives the table to a model, if there is one.
     *
     * @throws IllegalArgumentException in one line if the file holds none, or that of a model with other heads
     * @throws IOException if it cannot be read
     */
    void giveTo(LanguageModel model) throws IOException {
        if (file == null) return;
        RowCosts costs = read(file);
        SortedSet<Integer> heads = model.heads().layers();
        if (!heads.isEmpty() && heads.stream().noneMatch(costs.exitHeads()::containsKey)) {
            throw new IllegalArgumentException("--row-costs " + file + ": expected costs of exit heads of this model, "
                    + heads + ", found " + costs.exitHeads().keySet());
        }
        if (model.heads().step().isPresent() && costs.stepHead() == 0) {
            throw new IllegalArgumentException(
                    "--row-costs " + file + ": expected the cost of a step head, found none");
        }
        model.rows().use(costs);
    }

    static RowCosts read(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "--row-costs " + file + ": expected at most " + MOST_BYTES + " bytes, found " + bytes);
        }
        try {
            JsonNode costs = JSON.readTree(file.toFile()).path("row_costs");
            if (!costs.isObject()) throw new IllegalArgumentException(notATable(file));
            return JSON.treeToValue(costs, RowCosts.class);
        } catch (ValueInstantiationException e) {
            throw new IllegalArgumentException(
                    "--row-costs " + file + ": " + e.getCause().getMessage(), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(notATable(file), e);
        }
    }

    private static String notATable(Path file) {
        return "--row-costs " + file + ": expected the JSON of sparrow bench --rows, with an object row_costs";
    }
}
