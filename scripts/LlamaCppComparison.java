import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs llama.cpp and {@code sparrow bench decode} alternately on a GGUF file, each in its own process, with the same threads, prompt
 * length and number of decoded tokens, and compares adjacent runs. Run it with a JDK from the folder that contains {@code ./sparrow};
 * llama.cpp, in {@code scripts/llama-peer}, needs Node.js.
 *
 * <pre>
 * (cd scripts/llama-peer && npm install --ignore-scripts)
 * java scripts/LlamaCppComparison.java model.gguf --rounds 5
 * </pre>
 */
public final class LlamaCppComparison {
    private static final String USAGE = "usage: LlamaCppComparison MODEL.gguf [--peer FOLDER] [--rounds N]"
            + " [--threads N] [--prompt N] [--tokens N] [--json] [--node COMMAND] [--sparrow COMMAND]"
            + " [-- options of sparrow bench decode]";

    private LlamaCppComparison() {}

    /**
     * Exits with 0 if done, or skipped because llama.cpp is missing; 1 if a run failed; 2 if an argument is invalid.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        System.exit(run(args, System.out, System.err));
    }

    /** Runs the comparison and returns the exit code. */
    public static int run(String[] args, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        try {
            Settings settings = Settings.parse(args);
            Optional<String> missing = settings.missingPeer();
            if (missing.isPresent()) {
                err.println("side by side: skipped, " + missing.get());
                return 0;
            }
            List<Round> rounds = new ArrayList<>();
            for (int r = 1; r <= settings.rounds(); r++) {
                Round round = new Round(Speed.of(settings.peerCommand()), Speed.of(settings.sparrowCommand()));
                // A round takes minutes, so print its result even if the program is stopped later.
                err.println("round " + r + " of " + settings.rounds() + ": llama.cpp " + round.peer() + "; sparrow "
                        + round.sparrow());
                rounds.add(round);
            }
            Comparison comparison = new Comparison(settings, rounds);
            out.print(settings.json() ? comparison.json() : comparison.table());
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("side by side: " + e.getMessage());
            return 2;
        } catch (IllegalStateException e) {
            err.println("side by side: " + e.getMessage());
            return 1;
        }
    }

    /** The command line. */
    private record Settings(
            Path model,
            String peer,
            String node,
            String sparrow,
            int rounds,
            int threads,
            int prompt,
            int tokens,
            boolean json,
            List<String> more) {
        static Settings parse(String[] args) {
            Map<String, String> options = new HashMap<>(Map.of("--rounds", "5", "--prompt", "96", "--tokens", "52"));
            options.put("--threads", String.valueOf(Runtime.getRuntime().availableProcessors()));
            options.put("--peer", "scripts/llama-peer");
            options.put("--node", "node");
            options.put("--sparrow", "./sparrow");
            Path model = null;
            boolean json = false;
            int i = 0;
            for (; i < args.length && !args[i].equals("--"); i++) {
                if (args[i].equals("--json")) json = true;
                else if (options.containsKey(args[i]) && i + 1 < args.length) options.put(args[i], args[++i]);
                else if (model == null && !args[i].startsWith("-")) model = Path.of(args[i]);
                else throw new IllegalArgumentException("unexpected " + args[i] + "\n" + USAGE);
            }
            if (model == null) throw new IllegalArgumentException("expected a GGUF file\n" + USAGE);
            if (!Files.isRegularFile(model)) throw new IllegalArgumentException(model + ": no such file");
            return new Settings(
                    model.toAbsolutePath(),
                    options.get("--peer"),
                    options.get("--node"),
                    options.get("--sparrow"),
                    positive(options, "--rounds"),
                    positive(options, "--threads"),
                    positive(options, "--prompt"),
                    positive(options, "--tokens"),
                    json,
                    Arrays.asList(args).subList(Math.min(args.length, i + 1), args.length));
        }

        private static int positive(Map<String, String> options, String name) {
            String value = options.get(name);
            if (!value.matches("[1-9]\\d{0,8}")) {
                throw new IllegalArgumentException(name + ": expected 1 or more, got " + value);
            }
            return Integer.parseInt(value);
        }

        /** Returns the reason if llama.cpp is missing. */
        Optional<String> missingPeer() {
            if (!Files.exists(Path.of(peer, "node_modules/node-llama-cpp"))) {
                return Optional.of("no peer: " + peer + " has no node-llama-cpp; run npm install --ignore-scripts there");
            }
            boolean found = node.contains(File.separator)
                    ? Files.isExecutable(Path.of(node))
                    : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                            .anyMatch(folder -> Files.isExecutable(Path.of(folder, node)));
            return found ? Optional.empty() : Optional.of("no peer: " + node + " is not installed");
        }

        ProcessBuilder peerCommand() {
            return new ProcessBuilder(
                            node,
                            "peer.mjs",
                            "speed",
                            model.toString(),
                            String.valueOf(threads),
                            String.valueOf(prompt),
                            String.valueOf(tokens))
                    .directory(new File(peer));
        }

        /** Returns the command for full depth only, which reports the median of three warm runs. */
        ProcessBuilder sparrowCommand() {
            List<String> command = new ArrayList<>(List.of(
                    sparrow,
                    "bench",
                    "decode",
                    "--model",
                    model.toString(),
                    "--policies",
                    "none",
                    "--rounds",
                    "3",
                    "--threads",
                    String.valueOf(threads),
                    "--set",
                    "prompt=" + prompt,
                    "--tokens",
                    String.valueOf(tokens),
                    "--json"));
            command.addAll(more);
            return new ProcessBuilder(command);
        }
    }

    /** Tokens per second. */
    private record Speed(double prefill, double decode) {
        /** Runs a command and reads the JSON that it prints; its messages go to standard error. */
        static Speed of(ProcessBuilder command) throws IOException, InterruptedException {
            String name = command.command().getFirst();
            Process process;
            try {
                process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            } catch (IOException e) {
                throw new IllegalStateException(name + " cannot be started: " + e.getMessage(), e);
            }
            String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.waitFor();
            if (code != 0) throw new IllegalStateException(name + " ended with " + code);
            return new Speed(number(json, "prefill_tokens_per_s", name), number(json, "decode_tokens_per_s", name));
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "prefill %.2f, decode %.2f tokens/s", prefill, decode);
        }

        /** Returns the first number under a key, or the median if the key contains statistics of several runs. */
        private static double number(String json, String key, String name) {
            Matcher value = Pattern.compile(
                            "\"" + key + "\"\\s*:\\s*(?:\\{[^}]*?\"median\"\\s*:\\s*)?([0-9][0-9.eE+-]*)")
                    .matcher(json);
            if (!value.find()) throw new IllegalStateException(name + " printed no " + key);
            return Double.parseDouble(value.group(1));
        }
    }

    /** One run of each side. */
    private record Round(Speed peer, Speed sparrow) {}

    /** Selects a value of a speed. */
    private interface Part {
        double of(Speed speed);
    }

    /** All rounds, side by side. */
    private record Comparison(Settings settings, List<Round> rounds) {
        String table() {
            StringBuilder table = new StringBuilder();
            line(
                    table,
                    "model    %s, %.2f GB",
                    settings.model(),
                    settings.model().toFile().length() / 1e9);
            line(
                    table,
                    "runs     %d threads, %d tokens prefilled, %d decoded; tokens per second",
                    settings.threads(),
                    settings.prompt(),
                    settings.tokens());
            line(
                    table,
                    "%n%-9s%24s%24s%n%-9s%12s%12s%12s%12s",
                    "",
                    "llama.cpp",
                    "sparrow",
                    "round",
                    "prefill",
                    "decode",
                    "prefill",
                    "decode");
            for (int r = 0; r < rounds.size(); r++) row(table, String.valueOf(r + 1), rounds.get(r));
            row(table, "median", new Round(median(Round::peer), median(Round::sparrow)));
            line(table, "%nsparrow / llama.cpp, neighbouring runs, median (quartiles)");
            ratioLine(table, "prefill", Speed::prefill);
            ratioLine(table, "decode", Speed::decode);
            return table.toString();
        }

        private static void row(StringBuilder table, String name, Round round) {
            line(
                    table,
                    "%-9s%12.2f%12.2f%12.2f%12.2f",
                    name,
                    round.peer().prefill(),
                    round.peer().decode(),
                    round.sparrow().prefill(),
                    round.sparrow().decode());
        }

        private void ratioLine(StringBuilder table, String name, Part part) {
            double[] q = quartiles(ratios(part));
            line(table, "%-9s%.3f  (%.3f .. %.3f)", name, q[1], q[0], q[2]);
        }

        String json() {
            return "{\"model\": \""
                    + settings.model().toString().replace("\\", "\\\\").replace("\"", "\\\"")
                    + "\", \"threads\": " + settings.threads() + ", \"prompt_tokens\": " + settings.prompt()
                    + ", \"decoded_tokens\": " + settings.tokens() + ", \"rounds\": ["
                    + rounds.stream().map(Comparison::json).collect(Collectors.joining(", "))
                    + "], \"median\": " + json(new Round(median(Round::peer), median(Round::sparrow)))
                    + ", \"ratio\": {\"prefill\": " + jsonRatio(Speed::prefill) + ", \"decode\": "
                    + jsonRatio(Speed::decode) + "}}\n";
        }

        private static String json(Round round) {
            return "{\"llama_cpp\": " + json(round.peer()) + ", \"sparrow\": " + json(round.sparrow()) + "}";
        }

        private static String json(Speed speed) {
            return "{\"prefill_tokens_per_s\": " + speed.prefill() + ", \"decode_tokens_per_s\": " + speed.decode()
                    + "}";
        }

        private String jsonRatio(Part part) {
            double[] q = quartiles(ratios(part));
            return "{\"lower\": " + q[0] + ", \"median\": " + q[1] + ", \"upper\": " + q[2] + "}";
        }

        private Speed median(Function<Round, Speed> side) {
            List<Speed> speeds = rounds.stream().map(side).toList();
            return new Speed(
                    quartiles(speeds.stream().map(Speed::prefill).toList())[1],
                    quartiles(speeds.stream().map(Speed::decode).toList())[1]);
        }

        /**
         * Returns the ratios of each of our runs to the peer's runs before and after it, because the machine's speed
         * drifts.
         */
        private List<Double> ratios(Part part) {
            List<Double> ratios = new ArrayList<>();
            for (int r = 0; r < rounds.size(); r++) {
                double ours = part.of(rounds.get(r).sparrow());
                ratios.add(ours / part.of(rounds.get(r).peer()));
                if (r + 1 < rounds.size())
                    ratios.add(ours / part.of(rounds.get(r + 1).peer()));
            }
            return ratios;
        }

        private static double[] quartiles(List<Double> values) {
            double[] sorted =
                    values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            double[] quartiles = new double[3];
            for (int q = 0; q < 3; q++) {
                double place = 0.25 * (q + 1) * (sorted.length - 1);
                int below = (int) place;
                int above = Math.min(below + 1, sorted.length - 1);
                quartiles[q] = sorted[below] + (place - below) * (sorted[above] - sorted[below]);
            }
            return quartiles;
        }

        private static void line(StringBuilder table, String pattern, Object... values) {
            table.append(String.format(Locale.ROOT, pattern + "%n", values));
        }
    }
}
