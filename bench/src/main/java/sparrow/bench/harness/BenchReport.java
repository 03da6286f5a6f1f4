package sparrow.bench.harness;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.app.report.JsonText;
import sparrow.app.report.Machine;
import sparrow.app.report.Table;
import sparrow.engine.decode.LanguageModel;
import sparrow.engine.transformer.LayerStack;
import sparrow.tensor.kernel.Kernels;

/** The report of a benchmark: facts and tables, printed as lines for people or as one JSON object. */
public final class BenchReport {
    private final int rounds;
    private final List<String> lines;
    private final Map<String, Object> json = new LinkedHashMap<>();

    /**
     * Creates an empty report.
     *
     * @param command command line of the benchmark
     * @param rounds requested number of rounds
     */
    public BenchReport(String command, int rounds) {
        this(command, rounds, Machine.here());
    }

    BenchReport(String command, int rounds, Machine machine) {
        this(rounds, new ArrayList<>());
        value("command", command).value("machine", machine);
        line("command", command);
        line("machine", machine.cpu() + ", " + machine.processors() + " processors");
        line("system", machine.system() + "; " + machine.java());
    }

    private BenchReport(int rounds, List<String> lines) {
        this.rounds = rounds;
        this.lines = lines;
    }

    /** Returns the requested number of rounds. */
    public int rounds() {
        return rounds;
    }

    /** Adds a description of the model and its kernels. */
    public BenchReport model(String name, Object file, LanguageModel model, Map<String, ?> more) {
        Kernels kernels = model.transformer().kernels();
        String device = model.transformer().stack().describe();
        line("computes", kernels.pool().threads() + " threads, " + kernels.arithmetic());
        if (!device.equals(LayerStack.CPU)) line("device", device);
        line("model", name + "  (" + file + ")");
        value("arithmetic", kernels.arithmetic())
                .value("device", device)
                .value("threads", kernels.pool().threads());
        Map<String, Object> subject = new LinkedHashMap<>(Map.of("name", name, "file", file.toString()));
        subject.putAll(more);
        return value("model", subject);
    }

    /** Adds a line that consists of a label and a value. */
    public BenchReport line(String label, String value) {
        return line(Figures.format("%-9s", label) + value);
    }

    /** Adds a line of text. */
    public BenchReport line(String text) {
        lines.add(text);
        return this;
    }

    /** Adds a value that only the JSON object contains. */
    public BenchReport value(String key, Object value) {
        json.put(key, value);
        return this;
    }

    /** Adds an empty line and a table. */
    public BenchReport table(String key, Table<?> table) {
        return line("").rows(key, table);
    }

    /** Adds a table without an empty line before it. */
    public BenchReport rows(String key, Table<?> table) {
        lines.addAll(table.lines(0));
        return value(key, table.json());
    }

    /**
     * Adds a nested report, which is an element of the JSON array {@code key}, and returns it. Its lines follow all
     * lines added before.
     */
    @SuppressWarnings("unchecked") // The key contains only parts.
    public BenchReport part(String key) {
        BenchReport part = new BenchReport(rounds, lines);
        ((List<Object>) json.computeIfAbsent(key, k -> new ArrayList<>())).add(part.json);
        return part;
    }

    /** Returns the report as a JSON object. */
    public String json() {
        return JsonText.of(json);
    }

    /** Prints the lines of the report. */
    public void print(PrintWriter out) {
        lines.forEach(out::println);
    }
}
