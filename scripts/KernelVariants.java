import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sparrow.tensor.DType;
import sparrow.tensor.Matrix;
import sparrow.tensor.kernel.Block;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;
import sparrow.tensor.kernel.Weight;

/**
 * The program behind {@code scripts/kernel-variants}. Each variant runs in its own process, and the processes take turns of a few
 * milliseconds, so that a change of the machine's speed affects all variants alike.
 */
public final class KernelVariants {
    /** The order of machines that were not measured. It is listed first and last, which shows the noise. */
    private static final String PLAIN = "adjacent=0,groups=0";

    /** The orders, and the order that this machine uses, which is empty. */
    private static final List<String> VARIANTS =
            List.of(PLAIN, "adjacent=1,groups=0", "adjacent=0,groups=1", "adjacent=1,groups=1", "", PLAIN);

    /** Inputs and outputs of matrices of the three families. */
    private static final int[][] SIZES = {
        {1024, 2816}, {2048, 8192}, {3584, 18944}, {4096, 13696}, {8192, 2048}, {13696, 4096}, {18944, 3584}
    };

    private static final int[] ROWS = {1, 2, 4};
    private static final DType[] TYPES = {DType.Q4_0, DType.Q8_0};

    /** Warm-up of each type and number of rows. */
    private static final int WARM_UP_MILLIS = 1500;

    /** Bytes of the matrices of one size, which exceed the caches of most machines. */
    private static final long BYTES = 192L << 20;

    private KernelVariants() {}

    /** Measures the variants with the options of the script, or is the process of a variant. */
    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            if (args[0].equals("--process")) process();
            else System.exit(compare(args[0], Settings.parse(Arrays.copyOfRange(args, 1, args.length))));
        } catch (UncheckedIOException e) {
            System.err.println("kernel-variants: " + e.getCause().getMessage());
            System.exit(1);
        }
    }

    private record Settings(List<String> variants, List<Integer> bits, int rounds, int millis) {
        static Settings parse(String[] args) {
            Settings s = new Settings(VARIANTS, List.of(512, 256), 5, 30);
            for (int i = 0; i + 1 < args.length; i += 2) {
                String value = args[i + 1];
                s = switch (args[i]) {
                    case "--variants" -> new Settings(with(value), s.bits, s.rounds, s.millis);
                    case "--bits" -> new Settings(s.variants, numbers(value), s.rounds, s.millis);
                    case "--rounds" -> new Settings(s.variants, s.bits, Integer.parseInt(value), s.millis);
                    default -> new Settings(s.variants, s.bits, s.rounds, Integer.parseInt(value));
                };
            }
            return s;
        }

        private static List<String> with(String variants) {
            List<String> all = new ArrayList<>(List.of(variants.split(" ")));
            all.addFirst(PLAIN);
            all.addLast(PLAIN);
            return all;
        }

        private static List<Integer> numbers(String text) {
            return Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
        }
    }

    private static int compare(String classPath, Settings settings) throws IOException, InterruptedException {
        System.out.println(read());
        int code = 0;
        int widest = Kernels.create(new ComputePool(1)).vectorBits();
        for (int bits : settings.bits) {
            if (bits > widest) continue;
            List<Child> children = new ArrayList<>();
            try {
                for (String variant : settings.variants) children.add(new Child(classPath, variant, bits));
                // Each child uses one processor until its kernels are compiled.
                children.parallelStream().forEach(child -> child.ask("warm"));
                System.err.println("kernel-variants: measuring " + bits + " bits");
                code = Math.max(code, compare(children, bits, settings));
            } finally {
                for (Child child : children) child.process.destroy();
            }
        }
        return code;
    }

    /** Prints the tables of one vector width. Returns 1 if results differ. */
    private static int compare(List<Child> children, int bits, Settings settings) {
        // Rates by type and rows, variant, and width.
        Map<String, double[][]> rates = new LinkedHashMap<>();
        Map<String, double[][]> ratios = new LinkedHashMap<>();
        int code = 0;
        for (DType type : TYPES) {
            for (int size = 0; size < SIZES.length; size++) {
                String hash = null;
                for (Child child : children) {
                    String found = child.ask("load " + type + " " + SIZES[size][0] + " " + SIZES[size][1]);
                    if (hash == null) hash = found;
                    if (hash.equals(found)) continue;
                    System.err.println("kernel-variants: " + child.name + ", " + type + " " + SIZES[size][0] + ": expected the results "
                            + hash + " of the first order, got " + found);
                    code = 1;
                }
                for (int rows : ROWS) {
                    double[][] rounds = new double[children.size()][settings.rounds];
                    for (int round = 0; round < settings.rounds; round++) {
                        for (int child = 0; child < children.size(); child++) {
                            rounds[child][round] =
                                    Double.parseDouble(children.get(child).ask("time " + rows + " " + settings.millis));
                        }
                    }
                    String name = type + ", " + rows + (rows == 1 ? " row, " : " rows, ") + bits + " bits";
                    for (int child = 0; child < children.size(); child++) {
                        double[] ratio = new double[settings.rounds];
                        for (int round = 0; round < settings.rounds; round++) ratio[round] = rounds[child][round] / rounds[0][round];
                        rates.computeIfAbsent(name, n -> new double[children.size()][SIZES.length])[child][size] = median(rounds[child]);
                        ratios.computeIfAbsent(name, n -> new double[children.size()][SIZES.length])[child][size] = median(ratio);
                    }
                }
            }
        }
        rates.forEach((name, table) -> print(name, children, table, ratios.get(name)));
        return code;
    }

    private static void print(String name, List<Child> children, double[][] rates, double[][] ratios) {
        String widths = Arrays.stream(SIZES).map(size -> " " + size[0] + " |").collect(Collectors.joining());
        System.out.printf(
                "%n**%s**: GB/s by width, and speed relative to the first order (geometric mean)%n%n| variant |%s mean |%n|%s%n",
                name, widths, " --- |".repeat(SIZES.length + 2));
        for (int child = 0; child < children.size(); child++) {
            double log = 0;
            System.out.printf("| %s |", children.get(child).name);
            for (int size = 0; size < SIZES.length; size++) {
                System.out.printf(" %.1f (%.2f) |", rates[child][size], ratios[child][size]);
                log += Math.log(ratios[child][size]);
            }
            System.out.printf(" **%.2f** |%n", Math.exp(log / SIZES.length));
        }
        System.out.flush();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** A process that measures one variant. */
    private static final class Child {
        final String name;
        final Process process;
        private final PrintStream to;
        private final BufferedReader from;

        Child(String classPath, String variant, int bits) throws IOException {
            name = variant.isEmpty() ? "this machine's" : variant;
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("java.home") + "/bin/java", "-Xmx1g", "-XX:+UseSerialGC", "-Xbatch",
                    "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", classPath));
            if (bits == 256) command.add("-XX:UseAVX=2");
            if (!variant.isEmpty()) command.add("-Dsparrow.readOrder=" + variant);
            command.addAll(List.of("KernelVariants", "--process"));
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            to = new PrintStream(process.getOutputStream(), true);
            from = process.inputReader();
        }

        String ask(String line) {
            to.println(line);
            try {
                String answer = from.readLine();
                if (answer == null) throw new IOException("the process of " + name + " ended");
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers the requests of the parent process. */
    private static void process() throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        Measured measured = null;
        for (String line; (line = in.readLine()) != null; ) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "warm" -> {
                    for (DType type : TYPES) {
                        try (Measured small = new Measured(type, 1024, 1024, 1)) {
                            // One thread leaves a processor to the JIT.
                            for (int rows : ROWS) small.kernels.pool().alone(() -> small.time(rows, WARM_UP_MILLIS));
                        }
                    }
                    System.out.println("warm");
                }
                case "load" -> {
                    if (measured != null) measured.close();
                    measured = new Measured(
                            DType.valueOf(words[1]), Integer.parseInt(words[2]), Integer.parseInt(words[3]), BYTES);
                    System.out.println(measured.hash());
                }
                default -> System.out.println(measured.time(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            }
        }
    }

    /** Matrices that are used in turn. */
    private static final class Measured implements AutoCloseable {
        final Kernels kernels = Kernels.create(ComputePool.ofMachine());
        private final Arena arena = Arena.ofShared();
        private final List<Weight> weights = new ArrayList<>();
        private final long bytes;
        private int next;

        Measured(DType type, int columns, int rows, long total) {
            try (Arena stored = Arena.ofShared()) {
                Matrix matrix = random(type, rows, columns, stored);
                bytes = matrix.data().byteSize();
                while (weights.size() * bytes < total) weights.add(kernels.pack(matrix, arena));
            }
        }

        private static Matrix random(DType type, int rows, int columns, Arena arena) {
            byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
            new SplittableRandom(1).nextBytes(bytes);
            MemorySegment data = arena.allocate(bytes.length, 64);
            MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
            short scale = Float.floatToFloat16(2f / type.steps());
            for (long at = 0; at < bytes.length; at += type.blockBytes()) {
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, scale);
            }
            return new Matrix(data, type, rows, columns);
        }

        private Block input(int rows) {
            int columns = weights.getFirst().columns();
            Block x = Block.of(new float[rows * columns], rows, columns);
            for (int i = 0; i < x.data().length; i++) x.data()[i] = (i * 37 % 101 - 50) / 50f;
            return x;
        }

        /** Returns a hash of the results of every number of rows. */
        String hash() {
            return IntStream.of(ROWS)
                    .mapToObj(rows -> {
                        Block y = Block.of(new float[rows * weights.getFirst().rows()], rows, weights.getFirst().rows());
                        kernels.linear(input(rows), weights.getFirst(), null, y);
                        return Integer.toHexString(Arrays.hashCode(y.data()));
                    })
                    .collect(Collectors.joining("-"));
        }

        /** Returns GB/s: the mean of products for some milliseconds, after one that loads what other processes evicted. */
        double time(int rows, int millis) {
            Block x = input(rows);
            Block y = Block.of(new float[rows * weights.getFirst().rows()], rows, weights.getFirst().rows());
            kernels.linear(x, next(), null, y);
            long start = System.nanoTime();
            long end = start;
            int products = 0;
            for (; end < start + millis * 1_000_000L; end = System.nanoTime(), products++) kernels.linear(x, next(), null, y);
            return (double) products * bytes / (end - start);
        }

        private Weight next() {
            next = next + 1 < weights.size() ? next + 1 : 0;
            return weights.get(next);
        }

        @Override
        public void close() {
            arena.close();
            kernels.pool().close();
        }
    }

    /** Returns the rate of a loop that only reads, on all processors. */
    private static String read() throws InterruptedException {
        int threads = Runtime.getRuntime().availableProcessors();
        long[][] data = new long[threads][(int) (BYTES / Long.BYTES / threads)];
        double best = 0;
        for (int round = 0; round < 30; round++) {
            List<Thread> all = new ArrayList<>();
            long start = System.nanoTime();
            for (long[] part : data) all.add(Thread.ofPlatform().start(() -> sink += Arrays.stream(part).sum()));
            for (Thread thread : all) thread.join();
            best = Math.max(best, BYTES / (double) (System.nanoTime() - start));
        }
        return String.format("A loop that only reads: %.1f GB/s with %d threads", best, threads);
    }

    private static volatile long sink;
}
